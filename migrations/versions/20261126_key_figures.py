"""Key figures

Revision: keyfigures01, after questions01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "keyfigures01"
down_revision = "questions01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_figures",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("initial", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("adjusted", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("allocated", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("funded", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("paid", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("used", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("valid", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name=op.f("ck_key_figures_score_range")),
        sa.CheckConstraint("sent >= 0 AND returned >= 0 AND valid >= 0", name=op.f("ck_key_figures_counts_positive")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_key_figures_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_figures")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_key_figures_submission_id")),
    )


def downgrade() -> None:
    op.drop_table("key_figures")
