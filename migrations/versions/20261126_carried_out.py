"""How an upheld complaint was carried out

Revision: remedies02, after finalpaper01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "remedies02"
down_revision = "finalpaper01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaint", sa.Column("carried_out_note", sa.Text(), nullable=False, server_default=""))
    op.alter_column("complaint", "carried_out_note", server_default=None)
    op.add_column("complaint", sa.Column("carried_out_by_id", sa.Uuid(), nullable=True))
    op.add_column("complaint", sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_complaint_carried_out_by_id"), "complaint", "app_user", ["carried_out_by_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_complaint_carried_out_has_words"),
        "complaint",
        "(carried_out_at IS NULL) = (carried_out_note = '')",
    )
    op.create_check_constraint(
        op.f("ck_complaint_carried_out_was_upheld"), "complaint", "carried_out_at IS NULL OR state = 'upheld'"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_complaint_carried_out_was_upheld"), "complaint", type_="check")
    op.drop_constraint(op.f("ck_complaint_carried_out_has_words"), "complaint", type_="check")
    op.drop_constraint(op.f("fk_complaint_carried_out_by_id"), "complaint", type_="foreignkey")
    op.drop_column("complaint", "carried_out_at")
    op.drop_column("complaint", "carried_out_by_id")
    op.drop_column("complaint", "carried_out_note")
