"""Procurement plans, intentions, survey and review of the need, levels of approval, terms of a tender.

Revision: 4d26b63e70d6, after methods01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '4d26b63e70d6'
down_revision = 'methods01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('approval_grant',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('level BETWEEN 1 AND 3', name=op.f('ck_approval_grant_level_range')),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_approval_grant_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_approval_grant'))
    )
    op.create_table('approval_substitute',
    sa.Column('absent_id', sa.Uuid(), nullable=False),
    sa.Column('substitute_id', sa.Uuid(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('absent_id <> substitute_id', name=op.f('ck_approval_substitute_somebody_else')),
    sa.CheckConstraint('first_on <= last_on', name=op.f('ck_approval_substitute_days_in_order')),
    sa.ForeignKeyConstraint(['absent_id'], ['app_user.id'], name=op.f('fk_approval_substitute_absent_id')),
    sa.ForeignKeyConstraint(['substitute_id'], ['app_user.id'], name=op.f('fk_approval_substitute_substitute_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_substitute'))
    )
    op.create_index(op.f('ix_approval_substitute_absent_id'), 'approval_substitute', ['absent_id'], unique=False)
    op.create_index(op.f('ix_approval_substitute_substitute_id'), 'approval_substitute', ['substitute_id'], unique=False)
    op.create_table('procurement_plan',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('purchaser_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'in-approval', 'approved', name='planstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('drafted_by_id', sa.Uuid(), nullable=False),
    sa.Column('submitted_by_id', sa.Uuid(), nullable=True),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_items', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'approved' OR (approved_by_id <> drafted_by_id AND approved_by_id <> submitted_by_id)", name=op.f('ck_procurement_plan_four_eyes')),
    sa.CheckConstraint("state <> 'approved' OR approved_at IS NOT NULL", name=op.f('ck_procurement_plan_approved_has_time')),
    sa.CheckConstraint('year BETWEEN 2000 AND 2100', name=op.f('ck_procurement_plan_year_plausible')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['app_user.id'], name=op.f('fk_procurement_plan_approved_by_id')),
    sa.ForeignKeyConstraint(['drafted_by_id'], ['app_user.id'], name=op.f('fk_procurement_plan_drafted_by_id')),
    sa.ForeignKeyConstraint(['purchaser_id'], ['organisation.id'], name=op.f('fk_procurement_plan_purchaser_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['app_user.id'], name=op.f('fk_procurement_plan_submitted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_procurement_plan')),
    sa.UniqueConstraint('purchaser_id', 'year', name=op.f('uq_procurement_plan_purchaser_id_year'))
    )
    op.create_table('plan_item',
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('category', sa.Enum('evaluation', 'ex-ante', 'review', 'audit', 'consulting', name='category', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('in_catalogue', sa.Boolean(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('method', sa.Enum('open-tender', 'invited-tender', 'consultation', 'negotiation', 'quotation', 'single-source', 'below-limit', 'framework', name='method', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('method_reason', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('need', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('EXTRACT(day FROM starts_on) = 1', name=op.f('ck_plan_item_starts_with_month')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_plan_item_amount_positive')),
    sa.ForeignKeyConstraint(['plan_id'], ['procurement_plan.id'], name=op.f('fk_plan_item_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_item')),
    sa.UniqueConstraint('plan_id', 'position', name=op.f('uq_plan_item_plan_id_position'))
    )
    op.create_index(op.f('ix_plan_item_plan_id'), 'plan_item', ['plan_id'], unique=False)
    op.create_table('requirement_author',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_requirement_author_tender_id')),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_requirement_author_user_id')),
    sa.PrimaryKeyConstraint('tender_id', 'user_id', name=op.f('pk_requirement_author'))
    )
    op.create_table('requirement_review',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('general', 'key', name='reviewkind', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('aspects', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('opinion', sa.Text(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('reviewer_id', sa.Uuid(), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(kind = 'key') = (aspects <> '{}'::jsonb)", name=op.f('ck_requirement_review_key_has_aspects')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['app_user.id'], name=op.f('fk_requirement_review_reviewer_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_requirement_review_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement_review'))
    )
    op.create_index('ix_requirement_review_tender_kind', 'requirement_review', ['tender_id', 'kind', 'reviewed_at'], unique=False)
    op.create_table('requirement_survey',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('surveyed_on', sa.Date(), nullable=False),
    sa.Column('means', sa.Enum('consultation', 'discussion', 'questionnaire', 'desk', name='surveymeans', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('respondents', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('findings', sa.Text(), nullable=False),
    sa.Column('recorded_by_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['app_user.id'], name=op.f('fk_requirement_survey_recorded_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_requirement_survey_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement_survey'))
    )
    op.create_index(op.f('ix_requirement_survey_tender_id'), 'requirement_survey', ['tender_id'], unique=False)
    op.create_table('plan_item_project',
    sa.Column('plan_item_id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['plan_item_id'], ['plan_item.id'], name=op.f('fk_plan_item_project_plan_item_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_plan_item_project_project_id')),
    sa.PrimaryKeyConstraint('plan_item_id', 'project_id', name=op.f('pk_plan_item_project'))
    )
    op.create_index(op.f('ix_plan_item_project_project_id'), 'plan_item_project', ['project_id'], unique=False)
    op.create_table('purchase_intention',
    sa.Column('purchaser_id', sa.Uuid(), nullable=False),
    sa.Column('plan_item_id', sa.Uuid(), nullable=True),
    sa.Column('tender_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('need', sa.Text(), nullable=False),
    sa.Column('budget', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('budget > 0', name=op.f('ck_purchase_intention_budget_positive')),
    sa.CheckConstraint('num_nonnulls(plan_item_id, tender_id) >= 1', name=op.f('ck_purchase_intention_has_purchase')),
    sa.ForeignKeyConstraint(['plan_item_id'], ['plan_item.id'], name=op.f('fk_purchase_intention_plan_item_id')),
    sa.ForeignKeyConstraint(['published_by_id'], ['app_user.id'], name=op.f('fk_purchase_intention_published_by_id')),
    sa.ForeignKeyConstraint(['purchaser_id'], ['organisation.id'], name=op.f('fk_purchase_intention_purchaser_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_purchase_intention_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_intention'))
    )
    op.create_index(op.f('ix_purchase_intention_plan_item_id'), 'purchase_intention', ['plan_item_id'], unique=False)
    op.create_index(op.f('ix_purchase_intention_published_at'), 'purchase_intention', ['published_at'], unique=False)
    op.create_index(op.f('ix_purchase_intention_tender_id'), 'purchase_intention', ['tender_id'], unique=False)
    op.create_table('tender_preparation',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('plan_item_id', sa.Uuid(), nullable=True),
    sa.Column('category', sa.Enum('evaluation', 'ex-ante', 'review', 'audit', 'consulting', name='category', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('in_catalogue', sa.Boolean(), nullable=False),
    sa.Column('method_reason', sa.Text(), nullable=False),
    sa.Column('method_approval', sa.Text(), nullable=False),
    sa.Column('urgent_reason', sa.Text(), nullable=False),
    sa.Column('wording_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['plan_item_id'], ['plan_item.id'], name=op.f('fk_tender_preparation_plan_item_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_preparation_tender_id')),
    sa.PrimaryKeyConstraint('tender_id', name=op.f('pk_tender_preparation'))
    )
    op.create_index(op.f('ix_tender_preparation_plan_item_id'), 'tender_preparation', ['plan_item_id'], unique=False)
    op.add_column('tender', sa.Column('sme_reservation', sa.Enum('none', 'whole', 'part', name='smereservation', native_enum=False, create_constraint=True, length=60), server_default='none', nullable=False))
    op.add_column('tender', sa.Column('sme_reason', sa.Text(), server_default='', nullable=False))
    op.add_column('tender', sa.Column('lots_per_bidder', sa.Integer(), nullable=True))
    op.create_check_constraint('lots_per_bidder_positive', 'tender', 'lots_per_bidder > 0')


def downgrade() -> None:
    op.drop_column('tender', 'lots_per_bidder')
    op.drop_column('tender', 'sme_reason')
    op.drop_column('tender', 'sme_reservation')
    op.drop_index(op.f('ix_tender_preparation_plan_item_id'), table_name='tender_preparation')
    op.drop_table('tender_preparation')
    op.drop_index(op.f('ix_purchase_intention_tender_id'), table_name='purchase_intention')
    op.drop_index(op.f('ix_purchase_intention_published_at'), table_name='purchase_intention')
    op.drop_index(op.f('ix_purchase_intention_plan_item_id'), table_name='purchase_intention')
    op.drop_table('purchase_intention')
    op.drop_index(op.f('ix_plan_item_project_project_id'), table_name='plan_item_project')
    op.drop_table('plan_item_project')
    op.drop_index(op.f('ix_requirement_survey_tender_id'), table_name='requirement_survey')
    op.drop_table('requirement_survey')
    op.drop_index('ix_requirement_review_tender_kind', table_name='requirement_review')
    op.drop_table('requirement_review')
    op.drop_table('requirement_author')
    op.drop_index(op.f('ix_plan_item_plan_id'), table_name='plan_item')
    op.drop_table('plan_item')
    op.drop_table('procurement_plan')
    op.drop_index(op.f('ix_approval_substitute_substitute_id'), table_name='approval_substitute')
    op.drop_index(op.f('ix_approval_substitute_absent_id'), table_name='approval_substitute')
    op.drop_table('approval_substitute')
    op.drop_table('approval_grant')
