"""Grading by rule sets as data: a cycle's frozen rules, its entries by agency, difficulty and urgency of tasks.

Revision: grading01, after season01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'grading01'
down_revision = "season01"
branch_labels = None
depends_on = None

ENTRIES = """INSERT INTO cycle_entry (id, cycle_id, agency_id, grade, score, tasks, record, judges, corrections, revision)
    SELECT gen_random_uuid(), c.id, (e->>'agency_id')::uuid, e->>'grade', (e->>'score')::numeric,
           (e->>'tasks')::integer, e->'record', '[]', '[]', 1
    FROM grading_cycle c, jsonb_array_elements(c.preview) e"""
"""What was previewed becomes entries."""
PREVIEWS = """UPDATE grading_cycle c SET preview = coalesce((
    SELECT jsonb_agg(jsonb_build_object('agency_id', e.agency_id, 'name', e.record->>'agency', 'grade', e.grade,
        'score', e.score::text, 'tasks', e.tasks, 'deducted', e.record->'result'->>'deducted', 'record', e.record))
    FROM cycle_entry e WHERE e.cycle_id = c.id), '[]')"""


def states(*names: str) -> None:
    """Let a cycle be in these states and no other."""
    op.drop_constraint(op.f('ck_grading_cycle_cyclestate'), 'grading_cycle', type_='check')
    op.create_check_constraint(op.f('ck_grading_cycle_cyclestate'), 'grading_cycle', sa.column('state').in_(names))


def upgrade() -> None:
    op.create_table('cycle_entry',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('grade', sa.Enum('A', 'B', 'C', 'D', '-', name='grade', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('score', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('tasks', sa.Integer(), nullable=False),
    sa.Column('record', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('judges', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('corrections', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(grade = '-') = (score IS NULL)", name=op.f('ck_cycle_entry_graded_has_score')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_cycle_entry_agency_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['grading_cycle.id'], name=op.f('fk_cycle_entry_cycle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cycle_entry')),
    sa.UniqueConstraint('cycle_id', 'agency_id', name=op.f('uq_cycle_entry_cycle_id_agency_id'))
    )
    op.create_index(op.f('ix_cycle_entry_agency_id'), 'cycle_entry', ['agency_id'], unique=False)
    op.execute(ENTRIES)
    op.add_column('grading_cycle', sa.Column('rules', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False, server_default='{}'))
    op.add_column('grading_cycle', sa.Column('salt', sa.Text(), nullable=False, server_default=''))
    op.add_column('grading_cycle', sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True))
    op.alter_column('grading_cycle', 'rules', server_default=None)
    op.alter_column('grading_cycle', 'salt', server_default=None)
    op.drop_column('grading_cycle', 'preview')
    states('preview', 'published', 'dropped')
    op.drop_constraint(op.f('uq_grading_cycle_year'), 'grading_cycle', type_='unique')
    op.create_index('uq_grading_cycle_year', 'grading_cycle', ['year'], unique=True, postgresql_where=sa.text("state <> 'dropped'"))
    op.add_column('task_score', sa.Column('difficulty', sa.Enum('simple', 'usual', 'complex', name='difficulty', native_enum=False, create_constraint=True, length=60), nullable=False, server_default='usual'))
    op.add_column('task_score', sa.Column('urgent', sa.Boolean(), nullable=False, server_default='false'))
    op.alter_column('task_score', 'difficulty', server_default=None)
    op.alter_column('task_score', 'urgent', server_default=None)


def downgrade() -> None:
    op.drop_column('task_score', 'urgent')
    op.drop_column('task_score', 'difficulty')
    op.execute("DELETE FROM cycle_entry WHERE cycle_id IN (SELECT id FROM grading_cycle WHERE state = 'dropped')")
    op.execute("DELETE FROM grading_cycle WHERE state = 'dropped'")
    op.drop_index('uq_grading_cycle_year', table_name='grading_cycle')
    op.create_unique_constraint(op.f('uq_grading_cycle_year'), 'grading_cycle', ['year'])
    states('preview', 'published')
    op.add_column('grading_cycle', sa.Column('preview', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.alter_column('grading_cycle', 'preview', server_default=None)
    op.execute(PREVIEWS)
    op.drop_column('grading_cycle', 'dropped_at')
    op.drop_column('grading_cycle', 'salt')
    op.drop_column('grading_cycle', 'rules')
    op.drop_index(op.f('ix_cycle_entry_agency_id'), table_name='cycle_entry')
    op.drop_table('cycle_entry')
