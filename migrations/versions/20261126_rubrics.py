"""Rubrics of the bureau's own, answers to proposed deductions, moderation of ratings

Revision: rubrics01, after listing02
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'rubrics01'
down_revision = 'listing02'
branch_labels = None
depends_on = None


GUARDS = Path(__file__).resolve().parents[2] / "grading" / "rubric_guards.sql"


def upgrade() -> None:
    op.create_table('rubric_choice',
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('chosen_by_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['chosen_by_id'], ['app_user.id'], name=op.f('fk_rubric_choice_chosen_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rubric_choice'))
    )
    op.create_table('rubric_version',
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('body', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('based_on', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'fixed', name='rubricstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'fixed') = (fixed_at IS NOT NULL)", name=op.f('ck_rubric_version_fixed_has_time')),
    sa.ForeignKeyConstraint(['made_by_id'], ['app_user.id'], name=op.f('fk_rubric_version_made_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rubric_version')),
    sa.UniqueConstraint('version', name=op.f('uq_rubric_version_version'))
    )
    op.create_table('moderation',
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'open', 'agreed', 'left', 'declined', name='moderationstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('moderator_id', sa.Uuid(), nullable=True),
    sa.Column('consensus', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'agreed') = (consensus IS NOT NULL)", name=op.f('ck_moderation_agreed_has_points')),
    sa.CheckConstraint("ground <> ''", name=op.f('ck_moderation_has_ground')),
    sa.CheckConstraint("state IN ('asked', 'open') OR (note <> '' AND closed_at IS NOT NULL)", name=op.f('ck_moderation_closed_has_note')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['app_user.id'], name=op.f('fk_moderation_asked_by_id')),
    sa.ForeignKeyConstraint(['moderator_id'], ['app_user.id'], name=op.f('fk_moderation_moderator_id')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_moderation_submission_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation'))
    )
    op.create_index(op.f('ix_moderation_submission_id'), 'moderation', ['submission_id'], unique=False)
    op.create_index('uq_moderation_running', 'moderation', ['submission_id'], unique=True, postgresql_where=sa.text("state IN ('asked', 'open')"))
    op.create_table('quality_deduction',
    sa.Column('sheet_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('dimension', sa.Text(), nullable=False),
    sa.Column('proposed', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('findings', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Enum('open', 'accepted', 'changed', 'declined', name='deductionstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('points', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state <> 'declined' OR reason <> ''", name=op.f('ck_quality_deduction_declined_has_reason')),
    sa.CheckConstraint("state IN ('accepted', 'changed') OR points = 0", name=op.f('ck_quality_deduction_open_takes_nothing')),
    sa.CheckConstraint('proposed > 0 AND points >= 0', name=op.f('ck_quality_deduction_points_positive')),
    sa.ForeignKeyConstraint(['sheet_id'], ['quality_sheet.id'], name=op.f('fk_quality_deduction_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quality_deduction')),
    sa.UniqueConstraint('sheet_id', 'key', name=op.f('uq_quality_deduction_sheet_id_key'))
    )
    op.create_index(op.f('ix_quality_deduction_sheet_id'), 'quality_deduction', ['sheet_id'], unique=False)
    op.add_column('quality_line', sa.Column('revised', sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column('quality_sheet', sa.Column('parts', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('quality_sheet', sa.Column('spread_reason', sa.Text(), server_default='', nullable=False))
    op.add_column('quality_sheet', sa.Column('revised_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('quality_sheet', sa.Column('revised_reason', sa.Text(), server_default='', nullable=False))
    op.add_column('quality_sheet', sa.Column('dissent', sa.Text(), server_default='', nullable=False))
    op.create_check_constraint(op.f('ck_quality_sheet_revised_has_reason'), 'quality_sheet', "(revised_at IS NULL) = (revised_reason = '')")
    op.drop_constraint(op.f('ck_quality_line_points_positive'), 'quality_line', type_='check')
    op.create_check_constraint(op.f('ck_quality_line_points_positive'), 'quality_line', 'points >= 0 AND revised >= 0')
    op.get_bind().connection.driver_connection.execute(GUARDS.read_text())


def downgrade() -> None:
    op.execute('DROP TRIGGER keep_fixed ON rubric_version')
    op.execute('DROP FUNCTION refuse_fixed_rubric()')
    op.drop_constraint(op.f('ck_quality_line_points_positive'), 'quality_line', type_='check')
    op.create_check_constraint(op.f('ck_quality_line_points_positive'), 'quality_line', 'points >= 0')
    op.drop_constraint(op.f('ck_quality_sheet_revised_has_reason'), 'quality_sheet', type_='check')
    op.drop_column('quality_sheet', 'dissent')
    op.drop_column('quality_sheet', 'revised_reason')
    op.drop_column('quality_sheet', 'revised_at')
    op.drop_column('quality_sheet', 'spread_reason')
    op.drop_column('quality_sheet', 'parts')
    op.drop_column('quality_line', 'revised')
    op.drop_index(op.f('ix_quality_deduction_sheet_id'), table_name='quality_deduction')
    op.drop_table('quality_deduction')
    op.drop_index('uq_moderation_running', table_name='moderation', postgresql_where=sa.text("state IN ('asked', 'open')"))
    op.drop_index(op.f('ix_moderation_submission_id'), table_name='moderation')
    op.drop_table('moderation')
    op.drop_table('rubric_version')
    op.drop_table('rubric_choice')
