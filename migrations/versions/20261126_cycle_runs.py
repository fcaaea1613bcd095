"""Years are computed in the database: runs, chunks, what was counted; records are made when asked for.

Revision: cycleruns01, after agencyrec02
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'cycleruns01'
down_revision = "agencyrec02"
branch_labels = None
depends_on = None

GUARDS = Path(__file__).resolve().parents[2] / "grading" / "rating_guards.sql"
KEEP = """UPDATE cycle_entry SET name = coalesce(record->>'agency', ''), mean = CASE WHEN tasks > 0 THEN (record->'result'->>'mean')::numeric END,
    deducted = coalesce((record->'result'->>'deducted')::numeric, 0),
    kept = jsonb_build_object('record', record, 'judges', judges)"""
"""Years computed before keep their records as they were."""
RETURN = "UPDATE cycle_entry SET record = coalesce(kept->'record', '{}'), judges = coalesce(kept->'judges', '[]')"


def upgrade() -> None:
    op.create_table('cycle_task',
    sa.Column('task', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('run_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('score', sa.SmallInteger(), nullable=False),
    sa.PrimaryKeyConstraint('task', 'run_id', name=op.f('pk_cycle_task'))
    )
    op.create_table('cycle_run',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tasks', sa.Integer(), nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('stands', sa.Boolean(), nullable=False),
    sa.CheckConstraint('NOT stands OR (finished_at IS NOT NULL AND failure IS NULL)', name=op.f('ck_cycle_run_standing_is_finished')),
    sa.CheckConstraint('failure IS NULL OR finished_at IS NOT NULL', name=op.f('ck_cycle_run_failed_is_finished')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['app_user.id'], name=op.f('fk_cycle_run_asked_by_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['grading_cycle.id'], name=op.f('fk_cycle_run_cycle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cycle_run'))
    )
    op.create_index(op.f('ix_cycle_run_cycle_id'), 'cycle_run', ['cycle_id'], unique=False)
    op.create_index('uq_cycle_run_stands', 'cycle_run', ['cycle_id'], unique=True, postgresql_where=sa.text('stands'))
    op.create_index('uq_cycle_run_unfinished', 'cycle_run', ['cycle_id'], unique=True, postgresql_where=sa.text('finished_at IS NULL'))
    op.create_table('cycle_chunk',
    sa.Column('run_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('tasks', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['cycle_run.id'], name=op.f('fk_cycle_chunk_run_id')),
    sa.PrimaryKeyConstraint('run_id', 'number', name=op.f('pk_cycle_chunk'))
    )
    op.create_table('cycle_rater',
    sa.Column('run_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rater_id', sa.Uuid(), nullable=False),
    sa.Column('severity', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.ForeignKeyConstraint(['rater_id'], ['app_user.id'], name=op.f('fk_cycle_rater_rater_id')),
    sa.ForeignKeyConstraint(['run_id'], ['cycle_run.id'], name=op.f('fk_cycle_rater_run_id')),
    sa.PrimaryKeyConstraint('run_id', 'rater_id', name=op.f('pk_cycle_rater'))
    )
    op.add_column('cycle_entry', sa.Column('name', sa.Text(), nullable=True))
    op.add_column('cycle_entry', sa.Column('mean', sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column('cycle_entry', sa.Column('deducted', sa.Numeric(precision=16, scale=2), nullable=True))
    op.add_column('cycle_entry', sa.Column('losses', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.add_column('cycle_entry', sa.Column('kept', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True))
    op.execute(KEEP)
    for column in ('name', 'deducted'):
        op.alter_column('cycle_entry', column, nullable=False)
    op.alter_column('cycle_entry', 'losses', server_default=None)
    op.drop_column('cycle_entry', 'judges')
    op.drop_column('cycle_entry', 'record')
    op.get_bind().connection.driver_connection.execute(GUARDS.read_text())


def downgrade() -> None:
    for table, function in (('task_rating', 'rating'), ('task_score', 'score')):
        op.execute(f'DROP TRIGGER keep_counted ON {table}')
        op.execute(f'DROP FUNCTION refuse_counted_{function}()')
    for column in ('record', 'judges'):
        op.add_column('cycle_entry', sa.Column(column, postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute(RETURN)
    for column in ('record', 'judges'):
        op.alter_column('cycle_entry', column, nullable=False)
    for column in ('kept', 'losses', 'deducted', 'mean', 'name'):
        op.drop_column('cycle_entry', column)
    for table in ('cycle_rater', 'cycle_chunk', 'cycle_run', 'cycle_task'):
        op.drop_table(table)
