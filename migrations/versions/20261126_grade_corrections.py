"""Corrections of published grades.

Revision: correction01, after qualityreport01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "correction01"
down_revision = "qualityreport01"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())


def words(name: str, *values: str) -> sa.Enum:
    """Return a column of these values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=60)


def upgrade() -> None:
    op.create_table(
        "grade_correction",
        sa.Column("grade_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", words("correctionkind", "correct", "withdraw"), nullable=False),
        sa.Column("state", words("correctionstate", "proposed", "confirmed", "declined"), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrections", JSON, nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_grade_correction_decided_has_time")
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (number IS NOT NULL)", name=op.f("ck_grade_correction_confirmed_has_number")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_grade_correction_four_eyes")
        ),
        sa.ForeignKeyConstraint(["grade_id"], ["agency_grade.id"], name=op.f("fk_grade_correction_grade_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["cycle_entry.id"], name=op.f("fk_grade_correction_entry_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name=op.f("fk_grade_correction_proposed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name=op.f("fk_grade_correction_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_correction")),
        sa.UniqueConstraint("number", name=op.f("uq_grade_correction_number")),
    )
    op.create_index(op.f("ix_grade_correction_grade_id"), "grade_correction", ["grade_id"], unique=False)
    op.create_index(
        "uq_grade_correction_open",
        "grade_correction",
        ["grade_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )


def downgrade() -> None:
    op.drop_table("grade_correction")
