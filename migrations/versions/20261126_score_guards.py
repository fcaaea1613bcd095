"""A locked score sheet is changed by nobody

Revision: scoreguards01, after collusion01
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "scoreguards01"
down_revision = "collusion01"
branch_labels = None
depends_on = None

GUARDS = Path(__file__).resolve().parents[2] / "procurement" / "score_guards.sql"


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute(GUARDS.read_text())


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_locked ON score")
    op.execute("DROP FUNCTION refuse_locked_score()")
