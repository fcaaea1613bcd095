"""What lists are found by is written from row to row by keys

Revision: listing03, after reportpanel01
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "listing03"
down_revision = "reportpanel01"
branch_labels = None
depends_on = None

ROOT = Path(__file__).resolve().parents[2]
KEEPERS = (ROOT / "projects" / "words.sql", ROOT / "agencies" / "listing.sql")


def upgrade() -> None:
    for file in KEEPERS:
        op.get_bind().connection.driver_connection.execute(file.read_text())


def downgrade() -> None:
    for function in ("find_engagements_by", "find_agencies_by", "list_agencies", "find_projects_by"):
        op.execute(f"ALTER FUNCTION {function}(uuid[]) RESET ALL")
