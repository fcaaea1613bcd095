"""Every method of purchase, and how its winner is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "methods01"
down_revision = "0001"
branch_labels = None
depends_on = None

METHODS = (
    "open-tender",
    "invited-tender",
    "consultation",
    "negotiation",
    "quotation",
    "single-source",
    "below-limit",
    "framework",
)
EVALUATIONS = ("comprehensive", "lowest-price", "agreed-price", "comparison")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in values)})"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_tender_method"), "tender", type_="check")
    op.create_check_constraint(op.f("ck_tender_method"), "tender", _one_of("method", METHODS))
    op.add_column("tender", sa.Column("evaluation", sa.String(60), nullable=False, server_default="comprehensive"))
    op.create_check_constraint(op.f("ck_tender_evaluation"), "tender", _one_of("evaluation", EVALUATIONS))


def downgrade() -> None:
    op.drop_constraint(op.f("ck_tender_evaluation"), "tender", type_="check")
    op.drop_column("tender", "evaluation")
    op.drop_constraint(op.f("ck_tender_method"), "tender", type_="check")
    op.create_check_constraint(op.f("ck_tender_method"), "tender", _one_of("method", METHODS[:1]))
