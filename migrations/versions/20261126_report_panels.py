"""Reports are reviewed by panels of experts and by representatives; such service is a kind of duty

Revision: reportpanel01, after correction01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'reportpanel01'
down_revision = 'correction01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('report_review',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('planned', 'drawing', 'rating', 'concluded', 'cancelled', name='reportreviewstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('way', sa.Enum('drawn', 'again', 'chosen', name='panelway', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('reserves', sa.Integer(), nullable=False),
    sa.Column('quotas', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('meets_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('fee', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('answer_hours', sa.Integer(), nullable=False),
    sa.Column('convened_by_id', sa.Uuid(), nullable=False),
    sa.Column('convened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opinion', sa.Text(), nullable=False),
    sa.Column('concluded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'concluded') = (concluded_at IS NOT NULL)", name=op.f('ck_report_review_concluded_has_time')),
    sa.CheckConstraint("state <> 'concluded' OR opinion <> ''", name=op.f('ck_report_review_concluded_has_opinion')),
    sa.CheckConstraint("way <> 'chosen' OR ground <> ''", name=op.f('ck_report_review_chosen_has_ground')),
    sa.CheckConstraint('fee >= 0 AND answer_hours > 0', name=op.f('ck_report_review_terms')),
    sa.CheckConstraint('size BETWEEN 1 AND 15 AND reserves BETWEEN 0 AND 15', name=op.f('ck_report_review_sizes')),
    sa.ForeignKeyConstraint(['convened_by_id'], ['app_user.id'], name=op.f('fk_report_review_convened_by_id')),
    sa.ForeignKeyConstraint(['engagement_id'], ['engagement.id'], name=op.f('fk_report_review_engagement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_review')),
    sa.UniqueConstraint('number', name=op.f('uq_report_review_number'))
    )
    op.create_index(op.f('ix_report_review_engagement_id'), 'report_review', ['engagement_id'], unique=False)
    op.create_index('uq_report_review_standing', 'report_review', ['engagement_id'], unique=True, postgresql_where=sa.text("state <> 'cancelled'"))
    op.create_table('report_guest',
    sa.Column('review_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Enum('finance', 'department', 'agency', 'unit', 'congress', 'cppcc', 'discipline', 'audit', name='capacity', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('person', sa.Text(), nullable=False),
    sa.Column('opinion', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('said_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(opinion = '') = (said_at IS NULL)", name=op.f('ck_report_guest_said_has_time')),
    sa.CheckConstraint("body <> ''", name=op.f('ck_report_guest_has_body')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_report_guest_organisation_id')),
    sa.ForeignKeyConstraint(['review_id'], ['report_review.id'], name=op.f('fk_report_guest_review_id')),
    sa.ForeignKeyConstraint(['said_by_id'], ['app_user.id'], name=op.f('fk_report_guest_said_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_guest')),
    sa.UniqueConstraint('review_id', 'position', name=op.f('uq_report_guest_review_id_position'))
    )
    op.create_index(op.f('ix_report_guest_review_id'), 'report_guest', ['review_id'], unique=False)
    op.create_table('report_seat',
    sa.Column('review_id', sa.Uuid(), nullable=False),
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('category', sa.Enum('performance', 'industry', 'finance', 'law', 'information', 'cost', 'scholar', 'congress', 'cppcc', 'audit', 'discipline', name='category', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('reserve', 'invited', 'accepted', 'declined', 'recused', 'lapsed', 'replaced', name='reportseatstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state NOT IN ('declined', 'recused', 'replaced') OR reason <> ''", name=op.f('ck_report_seat_left_has_reason')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_report_seat_expert_id')),
    sa.ForeignKeyConstraint(['review_id'], ['report_review.id'], name=op.f('fk_report_seat_review_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_seat')),
    sa.UniqueConstraint('review_id', 'expert_id', name=op.f('uq_report_seat_review_id_expert_id'))
    )
    op.create_index(op.f('ix_report_seat_expert_id'), 'report_seat', ['expert_id'], unique=False)
    op.create_index(op.f('ix_report_seat_review_id'), 'report_seat', ['review_id'], unique=False)
    op.drop_constraint(op.f('ck_expert_duty_dutykind'), 'expert_duty', type_='check')
    op.create_check_constraint(op.f('ck_expert_duty_dutykind'), 'expert_duty', "kind IN ('committee', 'review', 'report')")


def downgrade() -> None:
    op.drop_constraint(op.f('ck_expert_duty_dutykind'), 'expert_duty', type_='check')
    op.create_check_constraint(op.f('ck_expert_duty_dutykind'), 'expert_duty', "kind IN ('committee', 'review')")
    op.drop_index(op.f('ix_report_seat_review_id'), table_name='report_seat')
    op.drop_index(op.f('ix_report_seat_expert_id'), table_name='report_seat')
    op.drop_table('report_seat')
    op.drop_index(op.f('ix_report_guest_review_id'), table_name='report_guest')
    op.drop_table('report_guest')
    op.drop_index('uq_report_review_standing', table_name='report_review', postgresql_where=sa.text("state <> 'cancelled'"))
    op.drop_index(op.f('ix_report_review_engagement_id'), table_name='report_review')
    op.drop_table('report_review')
