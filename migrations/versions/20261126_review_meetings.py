"""Review meetings: who is invited and who came, minutes, signatures, the bureau's score sheet, answered comments

Revision: meetings01, after poolpeople01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "meetings01"
down_revision = "poolpeople01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_sheet_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lines", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_review_sheet_version_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_sheet_version")),
        sa.UniqueConstraint("number", name=op.f("uq_review_sheet_version_number")),
    )
    op.create_table(
        "review_attendee",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "finance",
                "department",
                "agency",
                "unit",
                "congress",
                "cppcc",
                "discipline",
                "audit",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("body <> ''", name=op.f("ck_review_attendee_has_body")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_review_attendee_organisation_id")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_attendee_review_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_review_attendee_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_attendee")),
        sa.UniqueConstraint("review_id", "capacity", "body", name=op.f("uq_review_attendee_review_id_capacity_body")),
    )
    op.create_index(op.f("ix_review_attendee_organisation_id"), "review_attendee", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_review_attendee_review_id"), "review_attendee", ["review_id"], unique=False)
    op.create_index(op.f("ix_review_attendee_user_id"), "review_attendee", ["user_id"], unique=False)
    op.create_table(
        "review_minutes",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("course <> '' AND opinion <> ''", name=op.f("ck_review_minutes_is_written")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_minutes_review_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["app_user.id"], name=op.f("fk_review_minutes_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_minutes")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_minutes_review_id")),
    )
    op.create_table(
        "review_sign_in",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("attendee_id", sa.Uuid(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column(
            "how",
            sa.Enum("self", "code", "secretary", name="presence", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("person <> ''", name=op.f("ck_review_sign_in_has_person")),
        sa.CheckConstraint("num_nonnulls(seat_id, attendee_id) = 1", name=op.f("ck_review_sign_in_one_person")),
        sa.ForeignKeyConstraint(["attendee_id"], ["review_attendee.id"], name=op.f("fk_review_sign_in_attendee_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["app_user.id"], name=op.f("fk_review_sign_in_recorded_by_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_sign_in_review_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_review_sign_in_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_sign_in")),
        sa.UniqueConstraint("attendee_id", name=op.f("uq_review_sign_in_attendee_id")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_review_sign_in_seat_id")),
    )
    op.create_index(op.f("ix_review_sign_in_review_id"), "review_sign_in", ["review_id"], unique=False)
    op.create_table(
        "review_signature",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("attendee_id", sa.Uuid(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("num_nonnulls(seat_id, attendee_id) = 1", name=op.f("ck_review_signature_one_person")),
        sa.ForeignKeyConstraint(["attendee_id"], ["review_attendee.id"], name=op.f("fk_review_signature_attendee_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_signature_review_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_review_signature_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_signature")),
        sa.UniqueConstraint("attendee_id", name=op.f("uq_review_signature_attendee_id")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_review_signature_seat_id")),
    )
    op.create_index(op.f("ix_review_signature_review_id"), "review_signature", ["review_id"], unique=False)
    op.add_column(
        "indicator_comment",
        sa.Column(
            "adoption",
            sa.Enum("adopted", "partly", "not", name="adoption", native_enum=False, create_constraint=True, length=60),
            nullable=True,
        ),
    )
    op.add_column("indicator_comment", sa.Column("attendee_id", sa.Uuid(), nullable=True))
    op.add_column("indicator_comment", sa.Column("is_settled", sa.Boolean(), nullable=True))
    op.add_column("indicator_comment", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_indicator_comment_attendee_id"), "indicator_comment", "review_attendee", ["attendee_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_indicator_comment_refusal_has_reason"),
        "indicator_comment",
        "adoption IS NULL OR adoption = 'adopted' OR answer <> ''",
    )
    # What was answered before the choice existed was taken up; its words say how.
    op.execute("UPDATE indicator_comment SET adoption = 'adopted' WHERE answer <> ''")
    for name in ("online", "agenda"):
        op.add_column("review", sa.Column(name, sa.Text(), nullable=False, server_default=""))
        op.alter_column("review", name, server_default=None)
    op.add_column(
        "review",
        sa.Column(
            "terms", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False, server_default="{}"
        ),
    )
    op.alter_column("review", "terms", server_default=None)


def downgrade() -> None:
    op.drop_column("review", "terms")
    op.drop_column("review", "agenda")
    op.drop_column("review", "online")
    op.drop_constraint(op.f("ck_indicator_comment_refusal_has_reason"), "indicator_comment", type_="check")
    op.drop_constraint(op.f("fk_indicator_comment_attendee_id"), "indicator_comment", type_="foreignkey")
    op.drop_column("indicator_comment", "settled_at")
    op.drop_column("indicator_comment", "is_settled")
    op.drop_column("indicator_comment", "attendee_id")
    op.drop_column("indicator_comment", "adoption")
    op.drop_index(op.f("ix_review_signature_review_id"), table_name="review_signature")
    op.drop_table("review_signature")
    op.drop_index(op.f("ix_review_sign_in_review_id"), table_name="review_sign_in")
    op.drop_table("review_sign_in")
    op.drop_table("review_minutes")
    op.drop_index(op.f("ix_review_attendee_user_id"), table_name="review_attendee")
    op.drop_index(op.f("ix_review_attendee_review_id"), table_name="review_attendee")
    op.drop_index(op.f("ix_review_attendee_organisation_id"), table_name="review_attendee")
    op.drop_table("review_attendee")
    op.drop_table("review_sheet_version")
