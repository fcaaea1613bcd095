"""Notices of single sources and of decisions on complaints; the designated notice is the only result notice

Revision: notices02, after conformity01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "notices02"
down_revision = "conformity01"
branch_labels = None
depends_on = None

BEFORE = ("intention", "tender", "amendment", "result", "termination", "contract", "acceptance")
ADDED = ("single-source", "complaint-result")


def upgrade() -> None:
    _allow((*BEFORE, *ADDED))
    op.drop_constraint(op.f("fk_award_notice_id"), "award", type_="foreignkey")
    op.drop_column("award", "notice_id")


def downgrade() -> None:
    op.add_column("award", sa.Column("notice_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_award_notice_id"), "award", "document", ["notice_id"], ["id"])
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_public_notice_noticekind")
    op.drop_constraint(name, "public_notice", type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "public_notice", f"kind IN ({words})")
