"""A year's sheets go to the agencies before publication; appeals are filed and decided line by line.

Revision: course01, after listing01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "course01"
down_revision = "listing01"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
LINES = """INSERT INTO appeal_line (id, appeal_id, position, target, stated, ground, outcome, reason, correction)
    SELECT gen_random_uuid(), a.id, 1,
           coalesce('loss|' || (a.correction->>'loss'),
                    'task|' || (a.correction->>'task') || '|' || (a.correction->>'measure'), 'other'),
           '', a.ground, nullif(a.state, 'filed'), a.answer, a.correction
    FROM grade_appeal a"""
"""An appeal that was filed as a whole has one line."""
CORRECTIONS = """UPDATE grade_appeal a SET
        ground = coalesce((SELECT string_agg(l.ground, ' ' ORDER BY l.position) FROM appeal_line l
                           WHERE l.appeal_id = a.id), a.ground),
        answer = coalesce((SELECT string_agg(l.reason, ' ' ORDER BY l.position) FROM appeal_line l
                           WHERE l.appeal_id = a.id), a.answer),
        correction = (SELECT l.correction FROM appeal_line l WHERE l.appeal_id = a.id AND l.correction IS NOT NULL
                      ORDER BY l.position LIMIT 1)"""


def states(table: str, kind: str, *names: str) -> None:
    """Let a row be in these states and no other."""
    op.drop_constraint(op.f(f"ck_{table}_{kind}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{kind}"), table, sa.column("state").in_(names))


def upgrade() -> None:
    op.add_column("grading_cycle", sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("grading_cycle", sa.Column("announced_by_id", sa.Uuid(), nullable=True))
    op.add_column("grading_cycle", sa.Column("appeals_due_on", sa.Date(), nullable=True))
    op.create_foreign_key(
        op.f("fk_grading_cycle_announced_by_id"), "grading_cycle", "app_user", ["announced_by_id"], ["id"]
    )
    states("grading_cycle", "cyclestate", "preview", "announced", "published", "dropped")
    op.create_check_constraint(
        op.f("ck_grading_cycle_announced_has_time"),
        "grading_cycle",
        "state <> 'announced' OR (announced_at IS NOT NULL AND appeals_due_on IS NOT NULL)",
    )
    op.create_table(
        "appeal_line",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("upheld", "rejected", name="lineoutcome", native_enum=False, create_constraint=True, length=60),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("correction", JSON, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "correction IS NULL OR outcome = 'upheld'", name=op.f("ck_appeal_line_correction_is_upheld")
        ),
        sa.ForeignKeyConstraint(["appeal_id"], ["grade_appeal.id"], name=op.f("fk_appeal_line_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_line")),
        sa.UniqueConstraint("appeal_id", "position", name=op.f("uq_appeal_line_appeal_id_position")),
    )
    op.create_table(
        "entry_consent",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["cycle_entry.id"], name=op.f("fk_entry_consent_entry_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["app_user.id"], name=op.f("fk_entry_consent_given_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_consent")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_entry_consent_entry_id")),
    )
    op.execute(LINES)
    op.drop_constraint(op.f("ck_grade_appeal_upheld_corrects"), "grade_appeal", type_="check")
    op.drop_constraint(op.f("ck_grade_appeal_decided_has_time"), "grade_appeal", type_="check")
    op.drop_column("grade_appeal", "correction")
    op.add_column("grade_appeal", sa.Column("statement", sa.Text(), nullable=False, server_default=""))
    op.alter_column("grade_appeal", "statement", server_default=None)
    op.add_column("grade_appeal", sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("grade_appeal", sa.Column("stated_by_id", sa.Uuid(), nullable=True))
    op.add_column("grade_appeal", sa.Column("number", sa.Text(), nullable=True))
    op.add_column("grade_appeal", sa.Column("after", JSON, nullable=True))
    op.create_foreign_key(op.f("fk_grade_appeal_stated_by_id"), "grade_appeal", "app_user", ["stated_by_id"], ["id"])
    op.create_unique_constraint(op.f("uq_grade_appeal_number"), "grade_appeal", ["number"])
    states("grade_appeal", "appealstate", "filed", "upheld", "partly", "rejected", "lapsed")
    op.create_check_constraint(
        op.f("ck_grade_appeal_decided_has_time"),
        "grade_appeal",
        "(state IN ('filed', 'lapsed')) = (decided_at IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_grade_appeal_statement_has_time"), "grade_appeal", "(statement = '') = (stated_at IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_grade_appeal_statement_has_time"), "grade_appeal", type_="check")
    op.drop_constraint(op.f("ck_grade_appeal_decided_has_time"), "grade_appeal", type_="check")
    op.add_column("grade_appeal", sa.Column("correction", JSON, nullable=True))
    op.execute(CORRECTIONS)
    op.execute("DELETE FROM appeal_line WHERE appeal_id IN (SELECT id FROM grade_appeal WHERE state = 'lapsed')")
    op.execute("DELETE FROM grade_appeal WHERE state = 'lapsed'")
    op.execute("UPDATE grade_appeal SET state = 'upheld' WHERE state = 'partly'")
    states("grade_appeal", "appealstate", "filed", "upheld", "rejected")
    op.create_check_constraint(
        op.f("ck_grade_appeal_decided_has_time"), "grade_appeal", "(state = 'filed') = (decided_at IS NULL)"
    )
    op.create_check_constraint(
        op.f("ck_grade_appeal_upheld_corrects"), "grade_appeal", "(state = 'upheld') = (correction IS NOT NULL)"
    )
    op.drop_constraint(op.f("uq_grade_appeal_number"), "grade_appeal", type_="unique")
    op.drop_constraint(op.f("fk_grade_appeal_stated_by_id"), "grade_appeal", type_="foreignkey")
    for column in ("after", "number", "stated_by_id", "stated_at", "statement"):
        op.drop_column("grade_appeal", column)
    op.drop_table("entry_consent")
    op.drop_table("appeal_line")
    op.drop_constraint(op.f("ck_grading_cycle_announced_has_time"), "grading_cycle", type_="check")
    op.execute("UPDATE grading_cycle SET state = 'preview' WHERE state = 'announced'")
    states("grading_cycle", "cyclestate", "preview", "published", "dropped")
    op.drop_constraint(op.f("fk_grading_cycle_announced_by_id"), "grading_cycle", type_="foreignkey")
    for column in ("appeals_due_on", "announced_by_id", "announced_at"):
        op.drop_column("grading_cycle", column)
