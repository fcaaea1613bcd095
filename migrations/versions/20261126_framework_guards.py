"""Admissions, call-offs and turns are never deleted; records and turns never rewritten."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "frameworks02"
down_revision = "pooldraw01"
branch_labels = None
depends_on = None

GUARDS = Path(__file__).resolve().parents[2] / "procurement" / "framework_guards.sql"
KEPT = ("framework", "framework_member", "framework_shortlist", "call_off", "call_off_turn")


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute(GUARDS.read_text())


def downgrade() -> None:
    for table in KEPT:
        op.execute(f"DROP TRIGGER keep_row ON {table}")
    for table in ("framework_shortlist", "call_off_turn"):
        op.execute(f"DROP TRIGGER keep_words ON {table}")
