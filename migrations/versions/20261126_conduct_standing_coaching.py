"""Cases of misconduct with measures, others' sanctions, decisions about the standing, coaching.

Revision: standing01, after following01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'standing01'
down_revision = "following01"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('coaching',
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('coach', sa.Text(), nullable=False),
    sa.Column('topics', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('running', 'closed', name='coachingstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_by_id', sa.Uuid(), nullable=True),
    sa.Column('conclusion', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_coaching_closed_has_time')),
    sa.CheckConstraint("coach <> ''", name=op.f('ck_coaching_has_coach')),
    sa.CheckConstraint("state <> 'closed' OR conclusion <> ''", name=op.f('ck_coaching_closed_has_conclusion')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_coaching_agency_id')),
    sa.ForeignKeyConstraint(['begun_by_id'], ['app_user.id'], name=op.f('fk_coaching_begun_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coaching')),
    sa.UniqueConstraint('agency_id', 'year', name=op.f('uq_coaching_agency_id_year'))
    )
    op.create_index(op.f('ix_coaching_agency_id'), 'coaching', ['agency_id'], unique=False)
    op.create_table('outside_sanction',
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('procurement', 'industry', 'credit', name='sanctionkind', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('authority', sa.Text(), nullable=False),
    sa.Column('document_number', sa.Text(), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('is_major', sa.Boolean(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('reported', 'confirmed', 'rejected', 'withdrawn', name='sanctionstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('recorded_by_id', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_by_id', sa.Uuid(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("facts <> '' AND source <> '' AND authority <> ''", name=op.f('ck_outside_sanction_has_source')),
    sa.CheckConstraint("state NOT IN ('rejected', 'withdrawn') OR remark <> ''", name=op.f('ck_outside_sanction_no_has_reason')),
    sa.CheckConstraint('checked_by_id IS NULL OR checked_by_id <> recorded_by_id', name=op.f('ck_outside_sanction_four_eyes')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= decided_on', name=op.f('ck_outside_sanction_period_forward')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_outside_sanction_agency_id')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['app_user.id'], name=op.f('fk_outside_sanction_checked_by_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['app_user.id'], name=op.f('fk_outside_sanction_recorded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outside_sanction'))
    )
    op.create_index(op.f('ix_outside_sanction_agency_id'), 'outside_sanction', ['agency_id'], unique=False)
    op.create_table('standing_decision',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('suspension', 'removal', 'leave', 'return', name='standingkind', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('rule_id', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'proposed', 'decided', 'refused', 'revoked', name='decisionstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind <> 'removal' OR ends_on IS NOT NULL", name=op.f('ck_standing_decision_removal_has_period')),
    sa.CheckConstraint("state <> 'decided' OR decided_at IS NOT NULL", name=op.f('ck_standing_decision_decided_has_time')),
    sa.CheckConstraint("state NOT IN ('proposed', 'decided') OR reason <> ''", name=op.f('ck_standing_decision_has_reason')),
    sa.CheckConstraint("state NOT IN ('refused', 'revoked') OR remark <> ''", name=op.f('ck_standing_decision_no_has_reason')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> proposed_by_id', name=op.f('ck_standing_decision_four_eyes')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= begins_on', name=op.f('ck_standing_decision_period_forward')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_standing_decision_agency_id')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['app_user.id'], name=op.f('fk_standing_decision_asked_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_standing_decision_decided_by_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['app_user.id'], name=op.f('fk_standing_decision_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_decision')),
    sa.UniqueConstraint('number', name=op.f('uq_standing_decision_number'))
    )
    op.create_index(op.f('ix_standing_decision_agency_id'), 'standing_decision', ['agency_id'], unique=False)
    op.create_index('uq_standing_decision_open', 'standing_decision', ['agency_id'], unique=True, postgresql_where=sa.text("state IN ('asked', 'proposed')"))
    op.create_table('coaching_session',
    sa.Column('coaching_id', sa.Uuid(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('noted_by_id', sa.Uuid(), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("notes <> ''", name=op.f('ck_coaching_session_has_notes')),
    sa.ForeignKeyConstraint(['coaching_id'], ['coaching.id'], name=op.f('fk_coaching_session_coaching_id')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['app_user.id'], name=op.f('fk_coaching_session_noted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coaching_session'))
    )
    op.create_index(op.f('ix_coaching_session_coaching_id'), 'coaching_session', ['coaching_id'], unique=False)
    op.create_table('conduct_case',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=True),
    sa.Column('code', sa.Enum('transferred', 'subcontracted', 'lent-name', 'not-undertaken', 'no-procedures', 'false-report', 'omission', 'underbid', 'unqualified', 'leak', 'not-updated', 'other', name='conductcode', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('step', sa.Enum('none', 'minor', 'major', name='honestystep', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('notified', 'stated', 'recorded', 'dismissed', 'withdrawn', name='conductstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('opened_by_id', sa.Uuid(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('statement_due', sa.Date(), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('stated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stated_by_id', sa.Uuid(), nullable=True),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f('ck_conduct_case_withdrawn_has_time')),
    sa.CheckConstraint("facts <> ''", name=op.f('ck_conduct_case_has_facts')),
    sa.CheckConstraint("state NOT IN ('recorded', 'dismissed') OR decision <> ''", name=op.f('ck_conduct_case_decided_has_reason')),
    sa.CheckConstraint("stated_at IS NULL OR statement <> ''", name=op.f('ck_conduct_case_statement_has_words')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> opened_by_id', name=op.f('ck_conduct_case_four_eyes')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_conduct_case_agency_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_conduct_case_decided_by_id')),
    sa.ForeignKeyConstraint(['engagement_id'], ['engagement.id'], name=op.f('fk_conduct_case_engagement_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['app_user.id'], name=op.f('fk_conduct_case_opened_by_id')),
    sa.ForeignKeyConstraint(['stated_by_id'], ['app_user.id'], name=op.f('fk_conduct_case_stated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conduct_case')),
    sa.UniqueConstraint('number', name=op.f('uq_conduct_case_number'))
    )
    op.create_index(op.f('ix_conduct_case_agency_id'), 'conduct_case', ['agency_id'], unique=False)
    op.create_index(op.f('ix_conduct_case_engagement_id'), 'conduct_case', ['engagement_id'], unique=False)
    op.create_table('conduct_measure',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('correction', 'admonition', 'regulator', 'transfer', name='measurekind', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('state', sa.Enum('proposed', 'issued', 'reported', 'fulfilled', 'cancelled', name='measurestate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by_id', sa.Uuid(), nullable=True),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fulfilled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('correction', 'admonition') OR recipient <> ''", name=op.f('ck_conduct_measure_told_has_recipient')),
    sa.CheckConstraint("state <> 'fulfilled' OR answer <> ''", name=op.f('ck_conduct_measure_fulfilled_has_answer')),
    sa.CheckConstraint("state IN ('proposed', 'cancelled') OR issued_at IS NOT NULL", name=op.f('ck_conduct_measure_issued_has_time')),
    sa.CheckConstraint("words <> ''", name=op.f('ck_conduct_measure_has_words')),
    sa.CheckConstraint('issued_by_id IS NULL OR issued_by_id <> proposed_by_id', name=op.f('ck_conduct_measure_four_eyes')),
    sa.ForeignKeyConstraint(['case_id'], ['conduct_case.id'], name=op.f('fk_conduct_measure_case_id')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['app_user.id'], name=op.f('fk_conduct_measure_issued_by_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['app_user.id'], name=op.f('fk_conduct_measure_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conduct_measure')),
    sa.UniqueConstraint('number', name=op.f('uq_conduct_measure_number'))
    )
    op.create_index(op.f('ix_conduct_measure_case_id'), 'conduct_measure', ['case_id'], unique=False)
    op.add_column('credit_record', sa.Column('case_id', sa.Uuid(), nullable=True))
    op.add_column('credit_record', sa.Column('withdrawn_reason', sa.Text(), server_default='', nullable=False))
    op.create_unique_constraint(op.f('uq_credit_record_case_id'), 'credit_record', ['case_id'])
    op.create_foreign_key(op.f('fk_credit_record_case_id'), 'credit_record', 'conduct_case', ['case_id'], ['id'])



def downgrade() -> None:

    op.drop_constraint(op.f('fk_credit_record_case_id'), 'credit_record', type_='foreignkey')
    op.drop_constraint(op.f('uq_credit_record_case_id'), 'credit_record', type_='unique')
    op.drop_column('credit_record', 'withdrawn_reason')
    op.drop_column('credit_record', 'case_id')
    op.drop_index(op.f('ix_conduct_measure_case_id'), table_name='conduct_measure')
    op.drop_table('conduct_measure')
    op.drop_index(op.f('ix_conduct_case_engagement_id'), table_name='conduct_case')
    op.drop_index(op.f('ix_conduct_case_agency_id'), table_name='conduct_case')
    op.drop_table('conduct_case')
    op.drop_index(op.f('ix_coaching_session_coaching_id'), table_name='coaching_session')
    op.drop_table('coaching_session')
    op.drop_index('uq_standing_decision_open', table_name='standing_decision', postgresql_where=sa.text("state IN ('asked', 'proposed')"))
    op.drop_index(op.f('ix_standing_decision_agency_id'), table_name='standing_decision')
    op.drop_table('standing_decision')
    op.drop_index(op.f('ix_outside_sanction_agency_id'), table_name='outside_sanction')
    op.drop_table('outside_sanction')
    op.drop_index(op.f('ix_coaching_agency_id'), table_name='coaching')
    op.drop_table('coaching')

