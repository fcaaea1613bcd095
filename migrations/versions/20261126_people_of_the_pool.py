"""The people of the pool: axes, terms, applications, changes, ratings, pay accounts and payment lists.

Revision: poolpeople01, after reportfiles01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'poolpeople01'
down_revision = 'reportfiles01'
branch_labels = None
depends_on = None

KINDS = ('employment', 'shareholding', 'kinship', 'past-work', 'coaching', 'other')


def _one_of(*kinds: str) -> str:
    return "kind IN (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"


def upgrade() -> None:
    op.create_table('payment_list',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('drafted', 'approved', 'paid', 'cancelled', name='paymentstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('prepared_by_id', sa.Uuid(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name=op.f('ck_payment_list_paid_has_day')),
    sa.CheckConstraint("state <> 'approved' OR approved_by_id IS NOT NULL", name=op.f('ck_payment_list_approved_has_person')),
    sa.CheckConstraint('approved_by_id <> prepared_by_id', name=op.f('ck_payment_list_second_person_approves')),
    sa.CheckConstraint('extract(day FROM month) = 1', name=op.f('ck_payment_list_month_is_first_day')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['app_user.id'], name=op.f('fk_payment_list_approved_by_id')),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['app_user.id'], name=op.f('fk_payment_list_prepared_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_list')),
    sa.UniqueConstraint('number', name=op.f('uq_payment_list_number'))
    )
    op.create_table('expert_application',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('route', sa.Enum('application', 'recommendation', 'invitation', name='entryroute', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('state', sa.Enum('invited', 'submitted', 'returned', 'admitted', 'rejected', 'withdrawn', name='applicationstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('entries', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('declarations', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('introduction', sa.Text(), nullable=False),
    sa.Column('recommended_by_id', sa.Uuid(), nullable=True),
    sa.Column('started_by_id', sa.Uuid(), nullable=True),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('expert_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(route = 'recommendation') = (recommended_by_id IS NOT NULL)", name=op.f('ck_expert_application_recommended_by_a_unit')),
    sa.CheckConstraint("(state = 'admitted') = (expert_id IS NOT NULL)", name=op.f('ck_expert_application_admitted_is_in_the_pool')),
    sa.CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name=op.f('ck_expert_application_submitted_has_time')),
    sa.CheckConstraint("state NOT IN ('returned', 'rejected') OR remark <> ''", name=op.f('ck_expert_application_no_has_reason')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_expert_application_decided_by_id')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_expert_application_expert_id')),
    sa.ForeignKeyConstraint(['recommended_by_id'], ['organisation.id'], name=op.f('fk_expert_application_recommended_by_id')),
    sa.ForeignKeyConstraint(['started_by_id'], ['app_user.id'], name=op.f('fk_expert_application_started_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_application')),
    sa.UniqueConstraint('number', name=op.f('uq_expert_application_number')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_expert_application_token_hash'))
    )
    op.create_index(op.f('ix_expert_application_recommended_by_id'), 'expert_application', ['recommended_by_id'], unique=False)
    op.create_index('uq_expert_application_open', 'expert_application', ['email'], unique=True, postgresql_where=sa.text("state IN ('invited', 'submitted', 'returned')"))
    op.create_table('expert_appointment',
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('first', 'renewal', name='appointmentkind', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('ends_on >= begins_on', name=op.f('ck_expert_appointment_term_forward')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_expert_appointment_decided_by_id')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_expert_appointment_expert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_appointment')),
    sa.UniqueConstraint('number', name=op.f('uq_expert_appointment_number'))
    )
    op.create_index(op.f('ix_expert_appointment_expert_id'), 'expert_appointment', ['expert_id'], unique=False)
    op.create_table('expert_department',
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_expert_department_expert_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_expert_department_organisation_id')),
    sa.PrimaryKeyConstraint('expert_id', 'organisation_id', name=op.f('pk_expert_department'))
    )
    op.create_index(op.f('ix_expert_department_organisation_id'), 'expert_department', ['organisation_id'], unique=False)
    op.create_table('particulars_change',
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('reported', 'confirmed', 'rejected', name='changestate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('values', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('changed_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'reported') = (decided_at IS NULL)", name=op.f('ck_particulars_change_decided_has_time')),
    sa.CheckConstraint("state <> 'rejected' OR remark <> ''", name=op.f('ck_particulars_change_no_has_reason')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_particulars_change_decided_by_id')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_particulars_change_expert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_particulars_change'))
    )
    op.create_index(op.f('ix_particulars_change_expert_id'), 'particulars_change', ['expert_id'], unique=False)
    op.create_index('uq_particulars_change_open', 'particulars_change', ['expert_id'], unique=True, postgresql_where=sa.text("state = 'reported'"))
    op.create_table('past_employment',
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('employer', sa.Text(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['employer_id'], ['organisation.id'], name=op.f('fk_past_employment_employer_id')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_past_employment_expert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_past_employment'))
    )
    op.create_index(op.f('ix_past_employment_employer_id'), 'past_employment', ['employer_id'], unique=False)
    op.create_index(op.f('ix_past_employment_expert_id'), 'past_employment', ['expert_id'], unique=False)
    op.create_table('pay_account',
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('account_tail', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_pay_account_expert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pay_account')),
    sa.UniqueConstraint('expert_id', name=op.f('uq_pay_account_expert_id'))
    )
    op.create_table('payment_line',
    sa.Column('list_id', sa.Uuid(), nullable=False),
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('gross', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('earlier', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('taxable', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('rate', sa.Integer(), nullable=False),
    sa.Column('tax', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('gross > 0 AND tax >= 0 AND tax < gross', name=op.f('ck_payment_line_amounts_plausible')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_payment_line_expert_id')),
    sa.ForeignKeyConstraint(['list_id'], ['payment_list.id'], name=op.f('fk_payment_line_list_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_line')),
    sa.UniqueConstraint('list_id', 'expert_id', name=op.f('uq_payment_line_list_id_expert_id'))
    )
    op.create_index(op.f('ix_payment_line_expert_id'), 'payment_line', ['expert_id'], unique=False)
    op.create_index(op.f('ix_payment_line_list_id'), 'payment_line', ['list_id'], unique=False)
    op.create_table('payment_item',
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('duty_id', sa.Uuid(), nullable=False),
    sa.Column('fee', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['duty_id'], ['expert_duty.id'], name=op.f('fk_payment_item_duty_id')),
    sa.ForeignKeyConstraint(['line_id'], ['payment_line.id'], name=op.f('fk_payment_item_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_item')),
    sa.UniqueConstraint('duty_id', name=op.f('uq_payment_item_duty_id'))
    )
    op.create_index(op.f('ix_payment_item_line_id'), 'payment_item', ['line_id'], unique=False)
    op.add_column('conflict', sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('conflict', sa.Column('withdrawn_reason', sa.Text(), nullable=False, server_default=''))
    op.add_column('expert', sa.Column('gender', sa.Enum('woman', 'man', name='gender', native_enum=False, create_constraint=True, length=60), nullable=True))
    op.add_column('expert', sa.Column('education', sa.Enum('doctor', 'master', 'bachelor', 'other', name='education', native_enum=False, create_constraint=True, length=60), nullable=True))
    op.add_column('expert', sa.Column('is_retired', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('expert', sa.Column('divisions', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.add_column('expert', sa.Column('functions', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.add_column('expert', sa.Column('route', sa.Enum('application', 'recommendation', 'invitation', name='entryroute', native_enum=False, create_constraint=True, length=60), nullable=False, server_default='invitation'))
    op.add_column('expert', sa.Column('restored_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('expert', sa.Column('exit_kind', sa.Enum('request', 'term', 'score', 'offence', 'refusal', 'false-material', 'deceased', name='exitkind', native_enum=False, create_constraint=True, length=60), nullable=True))
    op.add_column('expert', sa.Column('left_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_expert_divisions', 'expert', ['divisions'], unique=False, postgresql_using='gin')
    op.create_index('ix_expert_functions', 'expert', ['functions'], unique=False, postgresql_using='gin')
    op.add_column('expert_duty', sa.Column('kind', sa.Enum('committee', 'review', name='dutykind', native_enum=False, create_constraint=True, length=60), nullable=False, server_default='committee'))
    op.add_column('expert_duty', sa.Column('attendance', sa.Enum('attended', 'late', 'absent', name='attendance', native_enum=False, create_constraint=True, length=60), nullable=False, server_default='attended'))
    op.add_column('expert_duty', sa.Column('skill', sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column('expert_duty', sa.Column('fairness', sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column('expert_duty', sa.Column('discipline', sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column('expert_duty', sa.Column('timeliness', sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column('expert_duty', sa.Column('recorded_by_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_expert_duty_recorded_by_id'), 'expert_duty', 'app_user', ['recorded_by_id'], ['id'])
    op.alter_column('conflict', 'withdrawn_reason', server_default=None)
    op.alter_column('expert', 'is_retired', server_default=None)
    op.alter_column('expert', 'divisions', server_default=None)
    op.alter_column('expert', 'functions', server_default=None)
    op.alter_column('expert', 'route', server_default=None)
    op.alter_column('expert_duty', 'kind', server_default=None)
    op.alter_column('expert_duty', 'attendance', server_default=None)
    op.execute("UPDATE expert SET exit_kind = 'request' WHERE state = 'left'")
    op.create_check_constraint(op.f('ck_expert_left_has_kind'), 'expert', "(state = 'left') = (exit_kind IS NOT NULL)")
    op.create_check_constraint(op.f('ck_conflict_withdrawn_has_reason'), 'conflict', "(withdrawn_at IS NULL) = (withdrawn_reason = '')")
    op.create_check_constraint(op.f('ck_expert_duty_absent_earns_nothing'), 'expert_duty', "attendance <> 'absent' OR fee = 0")
    op.create_check_constraint(op.f('ck_expert_duty_points_all_or_none'), 'expert_duty', 'num_nulls(skill, fairness, discipline, timeliness) IN (0, 4)')
    op.drop_constraint(op.f('ck_conflict_conflictkind'), 'conflict', type_='check')
    op.create_check_constraint(op.f('ck_conflict_conflictkind'), 'conflict', _one_of(*KINDS, 'directorship', 'requirement'))
    op.execute("""INSERT INTO expert_appointment (id, expert_id, number, kind, begins_on, ends_on, decided_at)
        SELECT gen_random_uuid(), id, '聘〔' || extract(year FROM appointed_on) || '〕' || row_number() OVER (PARTITION BY extract(year FROM appointed_on) ORDER BY appointed_on, id) || '号', 'first', appointed_on, appointed_until, appointed_on
        FROM expert""")


def downgrade() -> None:
    op.execute("UPDATE conflict SET kind = 'other' WHERE kind IN ('directorship', 'requirement')")
    op.drop_constraint(op.f('ck_conflict_conflictkind'), 'conflict', type_='check')
    op.create_check_constraint(op.f('ck_conflict_conflictkind'), 'conflict', _one_of(*KINDS))
    op.drop_constraint(op.f('ck_expert_duty_absent_earns_nothing'), 'expert_duty', type_='check')
    op.drop_constraint(op.f('ck_expert_duty_points_all_or_none'), 'expert_duty', type_='check')
    op.drop_constraint(op.f('fk_expert_duty_recorded_by_id'), 'expert_duty', type_='foreignkey')
    op.drop_column('expert_duty', 'recorded_by_id')
    op.drop_column('expert_duty', 'timeliness')
    op.drop_column('expert_duty', 'discipline')
    op.drop_column('expert_duty', 'fairness')
    op.drop_column('expert_duty', 'skill')
    op.drop_column('expert_duty', 'attendance')
    op.drop_column('expert_duty', 'kind')
    op.drop_index('ix_expert_functions', table_name='expert', postgresql_using='gin')
    op.drop_index('ix_expert_divisions', table_name='expert', postgresql_using='gin')
    op.drop_column('expert', 'left_at')
    op.drop_column('expert', 'exit_kind')
    op.drop_column('expert', 'restored_at')
    op.drop_column('expert', 'route')
    op.drop_column('expert', 'functions')
    op.drop_column('expert', 'divisions')
    op.drop_column('expert', 'is_retired')
    op.drop_column('expert', 'education')
    op.drop_column('expert', 'gender')
    op.drop_column('conflict', 'withdrawn_reason')
    op.drop_column('conflict', 'withdrawn_at')
    op.drop_index(op.f('ix_payment_item_line_id'), table_name='payment_item')
    op.drop_table('payment_item')
    op.drop_index(op.f('ix_payment_line_list_id'), table_name='payment_line')
    op.drop_index(op.f('ix_payment_line_expert_id'), table_name='payment_line')
    op.drop_table('payment_line')
    op.drop_table('pay_account')
    op.drop_index(op.f('ix_past_employment_expert_id'), table_name='past_employment')
    op.drop_index(op.f('ix_past_employment_employer_id'), table_name='past_employment')
    op.drop_table('past_employment')
    op.drop_index('uq_particulars_change_open', table_name='particulars_change', postgresql_where=sa.text("state = 'reported'"))
    op.drop_index(op.f('ix_particulars_change_expert_id'), table_name='particulars_change')
    op.drop_table('particulars_change')
    op.drop_index(op.f('ix_expert_department_organisation_id'), table_name='expert_department')
    op.drop_table('expert_department')
    op.drop_index(op.f('ix_expert_appointment_expert_id'), table_name='expert_appointment')
    op.drop_table('expert_appointment')
    op.drop_index('uq_expert_application_open', table_name='expert_application', postgresql_where=sa.text("state IN ('invited', 'submitted', 'returned')"))
    op.drop_index(op.f('ix_expert_application_recommended_by_id'), table_name='expert_application')
    op.drop_table('expert_application')
    op.drop_table('payment_list')
