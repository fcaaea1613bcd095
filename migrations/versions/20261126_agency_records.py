"""What agencies record of themselves, entry by entry; applications to enter the library; reported changes.

Lead evaluators hang on their organisation, as the whole record does. Revision: agencyrec01, after ratings01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "agencyrec01"
down_revision = "ratings01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agency_record_confirmation',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by_id', sa.Uuid(), nullable=True),
    sa.Column('items', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['app_user.id'], name=op.f('fk_agency_record_confirmation_confirmed_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_agency_record_confirmation_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_record_confirmation')),
    sa.UniqueConstraint('organisation_id', 'year', name=op.f('uq_agency_record_confirmation_organisation_id_year'))
    )
    op.create_table('agency_record_item',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.Enum('basics', 'leads', 'experts', 'branches', 'projects', 'credit', 'systems', 'other', 'teams', name='recordpart', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('entries', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_by_id', sa.Uuid(), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_by_id', sa.Uuid(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Uuid(), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("ended_on IS NULL OR end_reason <> ''", name=op.f('ck_agency_record_item_ended_has_reason')),
    sa.CheckConstraint("part <> 'credit' OR NOT is_public", name=op.f('ck_agency_record_item_declarations_are_not_public')),
    sa.CheckConstraint('(ended_on IS NULL) = (ended_at IS NULL)', name=op.f('ck_agency_record_item_ended_has_time')),
    sa.ForeignKeyConstraint(['added_by_id'], ['app_user.id'], name=op.f('fk_agency_record_item_added_by_id')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['app_user.id'], name=op.f('fk_agency_record_item_changed_by_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['app_user.id'], name=op.f('fk_agency_record_item_ended_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_agency_record_item_organisation_id')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['app_user.id'], name=op.f('fk_agency_record_item_verified_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_record_item'))
    )
    op.create_index('ix_agency_record_item_part', 'agency_record_item', ['organisation_id', 'part'], unique=False)
    op.create_index('uq_agency_record_item_basics', 'agency_record_item', ['organisation_id'], unique=True, postgresql_where=sa.text("part = 'basics' AND ended_on IS NULL"))
    op.create_table('agency_application',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('filling', 'submitted', 'returned', 'admitted', 'rejected', 'withdrawn', name='admissionstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('declarations', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'admitted') = (agency_id IS NOT NULL)", name=op.f('ck_agency_application_admitted_is_in_the_library')),
    sa.CheckConstraint("state <> 'rejected' OR remark <> ''", name=op.f('ck_agency_application_no_has_reason')),
    sa.CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name=op.f('ck_agency_application_submitted_has_time')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_agency_application_agency_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_agency_application_decided_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_agency_application_organisation_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['app_user.id'], name=op.f('fk_agency_application_submitted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_application')),
    sa.UniqueConstraint('number', name=op.f('uq_agency_application_number'))
    )
    op.create_index(op.f('ix_agency_application_organisation_id'), 'agency_application', ['organisation_id'], unique=False)
    op.create_index('uq_agency_application_open', 'agency_application', ['organisation_id'], unique=True, postgresql_where=sa.text("state IN ('filling', 'submitted', 'returned')"))
    op.create_table('agency_record_change',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.Enum('basics', 'leads', 'experts', 'branches', 'projects', 'credit', 'systems', 'other', 'teams', name='recordpart', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('deed', sa.Enum('add', 'change', 'end', name='changedeed', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.Enum('noted', 'reported', 'questioned', 'verified', 'withdrawn', name='recordchangestate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('entries', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('is_public', sa.Boolean(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('rule_id', sa.Text(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by_id', sa.Uuid(), nullable=True),
    sa.Column('is_demanded', sa.Boolean(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reported_by_id', sa.Uuid(), nullable=True),
    sa.Column('days_late', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'verified') = (decided_at IS NOT NULL)", name=op.f('ck_agency_record_change_verified_has_time')),
    sa.CheckConstraint("deed = 'add' OR item_id IS NOT NULL OR state IN ('noted', 'withdrawn')", name=op.f('ck_agency_record_change_names_entry')),
    sa.CheckConstraint("state IN ('noted', 'withdrawn') OR (reported_at IS NOT NULL AND (deed = 'end' OR entries IS NOT NULL))", name=op.f('ck_agency_record_change_reported_is_complete')),
    sa.CheckConstraint("state NOT IN ('questioned', 'withdrawn') OR remark <> ''", name=op.f('ck_agency_record_change_question_has_words')),
    sa.CheckConstraint('due_on >= happened_on AND days_late >= 0', name=op.f('ck_agency_record_change_days_in_order')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_agency_record_change_decided_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agency_record_item.id'], name=op.f('fk_agency_record_change_item_id')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['app_user.id'], name=op.f('fk_agency_record_change_noted_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_agency_record_change_organisation_id')),
    sa.ForeignKeyConstraint(['reported_by_id'], ['app_user.id'], name=op.f('fk_agency_record_change_reported_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_record_change'))
    )
    op.create_index(op.f('ix_agency_record_change_item_id'), 'agency_record_change', ['item_id'], unique=False)
    op.create_index(op.f('ix_agency_record_change_organisation_id'), 'agency_record_change', ['organisation_id'], unique=False)
    op.create_index('ix_agency_record_change_state', 'agency_record_change', ['state', 'due_on'], unique=False)
    op.create_table('agency_admission_point',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.Enum('basics', 'leads', 'experts', 'branches', 'projects', 'credit', 'systems', 'other', 'teams', name='recordpart', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('verdict', sa.Enum('confirmed', 'objected', name='pointverdict', native_enum=False, create_constraint=True, length=60), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("verdict IS DISTINCT FROM 'objected' OR remark <> ''", name=op.f('ck_agency_admission_point_objection_has_reason')),
    sa.ForeignKeyConstraint(['application_id'], ['agency_application.id'], name=op.f('fk_agency_admission_point_application_id')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['app_user.id'], name=op.f('fk_agency_admission_point_checked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_admission_point')),
    sa.UniqueConstraint('application_id', 'part', name=op.f('uq_agency_admission_point_application_id_part'))
    )
    op.add_column('lead_evaluator', sa.Column('organisation_id', sa.Uuid(), nullable=True))
    op.execute("UPDATE lead_evaluator SET organisation_id = agency.organisation_id FROM agency WHERE agency.id = agency_id")
    op.alter_column('lead_evaluator', 'organisation_id', nullable=False)
    op.add_column('lead_evaluator', sa.Column('item_id', sa.Uuid(), nullable=True))
    op.add_column('lead_evaluator', sa.Column('ended_on', sa.Date(), nullable=True))
    op.alter_column('lead_evaluator', 'working_since',
               existing_type=sa.DATE(),
               nullable=True)
    op.alter_column('lead_evaluator', 'evaluating_since',
               existing_type=sa.DATE(),
               nullable=True)
    op.drop_index(op.f('ix_lead_evaluator_agency_id'), table_name='lead_evaluator')
    op.create_index(op.f('ix_lead_evaluator_organisation_id'), 'lead_evaluator', ['organisation_id'], unique=False)
    op.create_unique_constraint(op.f('uq_lead_evaluator_item_id'), 'lead_evaluator', ['item_id'])
    op.drop_constraint(op.f('fk_lead_evaluator_agency_id'), 'lead_evaluator', type_='foreignkey')
    op.create_foreign_key(op.f('fk_lead_evaluator_item_id'), 'lead_evaluator', 'agency_record_item', ['item_id'], ['id'])
    op.create_foreign_key(op.f('fk_lead_evaluator_organisation_id'), 'lead_evaluator', 'organisation', ['organisation_id'], ['id'])
    op.drop_column('lead_evaluator', 'agency_id')


def downgrade() -> None:
    op.add_column('lead_evaluator', sa.Column('agency_id', sa.UUID(), autoincrement=False, nullable=True))
    op.execute("UPDATE lead_evaluator l SET agency_id = a.id FROM agency a WHERE a.organisation_id = l.organisation_id")
    op.execute("DELETE FROM lead_evaluator WHERE agency_id IS NULL OR working_since IS NULL OR evaluating_since IS NULL")
    op.alter_column('lead_evaluator', 'agency_id', nullable=False)
    op.drop_constraint(op.f('fk_lead_evaluator_organisation_id'), 'lead_evaluator', type_='foreignkey')
    op.drop_constraint(op.f('fk_lead_evaluator_item_id'), 'lead_evaluator', type_='foreignkey')
    op.create_foreign_key(op.f('fk_lead_evaluator_agency_id'), 'lead_evaluator', 'agency', ['agency_id'], ['id'])
    op.drop_constraint(op.f('uq_lead_evaluator_item_id'), 'lead_evaluator', type_='unique')
    op.drop_index(op.f('ix_lead_evaluator_organisation_id'), table_name='lead_evaluator')
    op.create_index(op.f('ix_lead_evaluator_agency_id'), 'lead_evaluator', ['agency_id'], unique=False)
    op.alter_column('lead_evaluator', 'evaluating_since',
               existing_type=sa.DATE(),
               nullable=False)
    op.alter_column('lead_evaluator', 'working_since',
               existing_type=sa.DATE(),
               nullable=False)
    op.drop_column('lead_evaluator', 'ended_on')
    op.drop_column('lead_evaluator', 'item_id')
    op.drop_column('lead_evaluator', 'organisation_id')
    op.drop_table('agency_admission_point')
    op.drop_index('ix_agency_record_change_state', table_name='agency_record_change')
    op.drop_index(op.f('ix_agency_record_change_organisation_id'), table_name='agency_record_change')
    op.drop_index(op.f('ix_agency_record_change_item_id'), table_name='agency_record_change')
    op.drop_table('agency_record_change')
    op.drop_index('uq_agency_application_open', table_name='agency_application', postgresql_where=sa.text("state IN ('filling', 'submitted', 'returned')"))
    op.drop_index(op.f('ix_agency_application_organisation_id'), table_name='agency_application')
    op.drop_table('agency_application')
    op.drop_index('uq_agency_record_item_basics', table_name='agency_record_item', postgresql_where=sa.text("part = 'basics' AND ended_on IS NULL"))
    op.drop_index('ix_agency_record_item_part', table_name='agency_record_item')
    op.drop_table('agency_record_item')
    op.drop_table('agency_record_confirmation')
