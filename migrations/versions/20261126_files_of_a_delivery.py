"""Files of a delivery

Revision: reportfiles01, after sysversions01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "reportfiles01"
down_revision = "sysversions01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submission_file",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("report", "annex", "scan", name="filerole", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reading", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("failure", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("reading IS NULL OR failure IS NULL", name=op.f("ck_submission_file_read_or_failed")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_submission_file_document_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_file_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_file")),
        sa.UniqueConstraint("submission_id", "position", name=op.f("uq_submission_file_submission_id_position")),
    )
    op.create_index(op.f("ix_submission_file_submission_id"), "submission_file", ["submission_id"], unique=False)
    op.create_index(
        "uq_submission_file_report",
        "submission_file",
        ["submission_id"],
        unique=True,
        postgresql_where=sa.text("role = 'report'"),
    )
    op.add_column(
        "report_finding",
        sa.Column(
            "ground",
            sa.Enum(
                "scope",
                "rounding",
                "explained",
                "misread",
                "period",
                "rule",
                "repeated",
                name="dismissalground",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
    )
    op.add_column("submission", sa.Column("note", sa.Text(), server_default="", nullable=False))
    op.drop_constraint(op.f("ck_report_finding_dismissed_has_reason"), "report_finding", type_="check")
    op.create_check_constraint(
        op.f("ck_report_finding_dismissed_has_reason"),
        "report_finding",
        "state <> 'dismissed' OR reason <> '' OR ground IS NOT NULL",
    )
    op.execute(
        "INSERT INTO submission_file (id, submission_id, document_id, role, position)"
        " SELECT gen_random_uuid(), id, document_id, 'report', 0 FROM submission"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_report_finding_dismissed_has_reason"), "report_finding", type_="check")
    op.execute("UPDATE report_finding SET reason = ground WHERE state = 'dismissed' AND reason = ''")
    op.create_check_constraint(
        op.f("ck_report_finding_dismissed_has_reason"), "report_finding", "state <> 'dismissed' OR reason <> ''"
    )
    op.drop_column("submission", "note")
    op.drop_column("report_finding", "ground")
    op.drop_index(
        "uq_submission_file_report", table_name="submission_file", postgresql_where=sa.text("role = 'report'")
    )
    op.drop_index(op.f("ix_submission_file_submission_id"), table_name="submission_file")
    op.drop_table("submission_file")
