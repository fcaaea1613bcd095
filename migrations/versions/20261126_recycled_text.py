"""Fingerprints of reports, and the other side of passages that stand in two of them.

Revision: recycled01, after grading02
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "recycled01"
down_revision = "grading02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_print",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_report_print_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_print")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_report_print_submission_id")),
    )
    op.create_table(
        "recycled_passage",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["report_finding.id"], name=op.f("fk_recycled_passage_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["submission.id"], name=op.f("fk_recycled_passage_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recycled_passage")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_recycled_passage_finding_id")),
    )
    op.create_index("ix_recycled_passage_source_id", "recycled_passage", ["source_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_recycled_passage_source_id", table_name="recycled_passage")
    op.drop_table("recycled_passage")
    op.drop_table("report_print")
