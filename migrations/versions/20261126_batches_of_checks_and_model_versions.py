"""Batches of checks and model versions

Revision: checkbatch01, after invites01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "checkbatch01"
down_revision = "invites01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_batch",
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_check_batch_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_batch")),
    )
    op.create_table(
        "triage_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("about", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("better", sa.Boolean(), nullable=False),
        sa.Column("in_use_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("better OR in_use_from IS NULL", name=op.f("ck_triage_version_only_better_is_used")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["app_user.id"], name=op.f("fk_triage_version_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage_version")),
        sa.UniqueConstraint("number", name=op.f("uq_triage_version_number")),
    )
    op.create_table(
        "check_item",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("failure", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (result IS NULL AND failure IS NULL)", name=op.f("ck_check_item_done_has_outcome")
        ),
        sa.CheckConstraint("(submission_id IS NULL) <> (document_id IS NULL)", name=op.f("ck_check_item_one_report")),
        sa.ForeignKeyConstraint(["batch_id"], ["check_batch.id"], name=op.f("fk_check_item_batch_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_check_item_document_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_check_item_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_item")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_check_item_batch_id_position")),
    )
    op.create_index(op.f("ix_check_item_batch_id"), "check_item", ["batch_id"], unique=False)
    op.drop_constraint(op.f("ck_report_finding_findingstate"), "report_finding", type_="check")
    op.create_check_constraint(
        op.f("ck_report_finding_findingstate"),
        "report_finding",
        "state IN ('open', 'upheld', 'dismissed', 'withdrawn')",
    )


def downgrade() -> None:
    op.execute("UPDATE report_finding SET state = 'dismissed', ground = 'repeated' WHERE state = 'withdrawn'")
    op.drop_constraint(op.f("ck_report_finding_findingstate"), "report_finding", type_="check")
    op.create_check_constraint(
        op.f("ck_report_finding_findingstate"), "report_finding", "state IN ('open', 'upheld', 'dismissed')"
    )
    op.drop_index(op.f("ix_check_item_batch_id"), table_name="check_item")
    op.drop_table("check_item")
    op.drop_table("triage_version")
    op.drop_table("check_batch")
