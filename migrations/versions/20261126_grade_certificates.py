"""Certificates of published grades.

Revision: certificate01, after standing01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "certificate01"
down_revision = "standing01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grade_certificate",
        sa.Column("grade_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", "-", name="grade", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_because", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(superseded_at IS NULL) = (superseded_because = '')", name=op.f("ck_grade_certificate_superseded_says_why")
        ),
        sa.ForeignKeyConstraint(["grade_id"], ["agency_grade.id"], name=op.f("fk_grade_certificate_grade_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["app_user.id"], name=op.f("fk_grade_certificate_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_grade_certificate_code")),
        sa.UniqueConstraint("number", name=op.f("uq_grade_certificate_number")),
    )
    op.create_index(op.f("ix_grade_certificate_grade_id"), "grade_certificate", ["grade_id"], unique=False)
    op.create_index("ix_grade_certificate_digest", "grade_certificate", ["digest"], unique=False)
    op.create_index("ix_grade_certificate_sha256", "grade_certificate", ["sha256"], unique=False)
    op.create_index(
        "uq_grade_certificate_standing",
        "grade_certificate",
        ["grade_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("grade_certificate")
