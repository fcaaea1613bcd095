"""Question letters

Revision: questions01, after meetings01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "questions01"
down_revision = "meetings01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_letter",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "answered",
                "corrected",
                name="letterstate",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_at IS NOT NULL", name=op.f("ck_question_letter_answered_has_time")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["app_user.id"], name=op.f("fk_question_letter_sent_by_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_question_letter_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_question_letter_number")),
    )
    op.create_index(op.f("ix_question_letter_submission_id"), "question_letter", ["submission_id"], unique=False)
    op.create_table(
        "question_item",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "stance",
            sa.Enum("agrees", "explains", name="stance", native_enum=False, create_constraint=True, length=60),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("stance <> 'explains' OR answer <> ''", name=op.f("ck_question_item_explanation_has_words")),
        sa.ForeignKeyConstraint(["finding_id"], ["report_finding.id"], name=op.f("fk_question_item_finding_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["question_letter.id"], name=op.f("fk_question_item_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_item")),
        sa.UniqueConstraint("letter_id", "finding_id", name=op.f("uq_question_item_letter_id_finding_id")),
        sa.UniqueConstraint("letter_id", "position", name=op.f("uq_question_item_letter_id_position")),
    )
    op.create_index(op.f("ix_question_item_finding_id"), "question_item", ["finding_id"], unique=False)
    op.create_index(op.f("ix_question_item_letter_id"), "question_item", ["letter_id"], unique=False)
    op.add_column("report_finding", sa.Column("follows_id", sa.Uuid(), nullable=True))
    op.add_column("report_finding", sa.Column("unchanged", sa.Boolean(), server_default="false", nullable=False))
    op.create_unique_constraint(op.f("uq_report_finding_follows_id"), "report_finding", ["follows_id"])
    op.create_foreign_key(
        op.f("fk_report_finding_follows_id"), "report_finding", "report_finding", ["follows_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_report_finding_follows_id"), "report_finding", type_="foreignkey")
    op.drop_constraint(op.f("uq_report_finding_follows_id"), "report_finding", type_="unique")
    op.drop_column("report_finding", "unchanged")
    op.drop_column("report_finding", "follows_id")
    op.drop_index(op.f("ix_question_item_letter_id"), table_name="question_item")
    op.drop_index(op.f("ix_question_item_finding_id"), table_name="question_item")
    op.drop_table("question_item")
    op.drop_index(op.f("ix_question_letter_submission_id"), table_name="question_letter")
    op.drop_table("question_letter")
