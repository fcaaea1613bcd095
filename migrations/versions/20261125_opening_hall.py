"""opening hall

Revision: 9e821774c659, after 4d26b63e70d6
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '9e821774c659'
down_revision = '4d26b63e70d6'
branch_labels = None
depends_on = None

GROUNDS = (
    "failure_ground IN ('too-few-bids', 'too-few-valid', 'above-budget', 'unlawful-act', {}'task-cancelled')"
)


def upgrade() -> None:
    op.create_table('postponement',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by_id', sa.Uuid(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_postponement_has_reason')),
    sa.CheckConstraint('(confirmed_by_id IS NULL) = (confirmed_at IS NULL)', name=op.f('ck_postponement_confirmed_by_somebody')),
    sa.CheckConstraint('confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id', name=op.f('ck_postponement_four_eyes')),
    sa.CheckConstraint('until > proposed_at', name=op.f('ck_postponement_later')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['app_user.id'], name=op.f('fk_postponement_confirmed_by_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['app_user.id'], name=op.f('fk_postponement_proposed_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_postponement_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postponement'))
    )
    op.create_index(op.f('ix_postponement_tender_id'), 'postponement', ['tender_id'], unique=False)
    op.create_index('uq_postponement_open', 'postponement', ['tender_id'], unique=True, postgresql_where=sa.text('confirmed_at IS NULL'))
    op.create_table('retender',
    sa.Column('failed_id', sa.Uuid(), nullable=False),
    sa.Column('successor_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('approval_number', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('failed_id <> successor_id', name=op.f('ck_retender_two_tenders')),
    sa.ForeignKeyConstraint(['failed_id'], ['tender.id'], name=op.f('fk_retender_failed_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['app_user.id'], name=op.f('fk_retender_made_by_id')),
    sa.ForeignKeyConstraint(['successor_id'], ['tender.id'], name=op.f('fk_retender_successor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retender')),
    sa.UniqueConstraint('failed_id', name=op.f('uq_retender_failed_id')),
    sa.UniqueConstraint('successor_id', name=op.f('uq_retender_successor_id'))
    )
    op.create_table('keyholder_absence',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('keyholder_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reported_by_id', sa.Uuid(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by_id', sa.Uuid(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_keyholder_absence_has_reason')),
    sa.CheckConstraint('(confirmed_by_id IS NULL) = (confirmed_at IS NULL)', name=op.f('ck_keyholder_absence_confirmed_by_somebody')),
    sa.CheckConstraint('(ended_by_id IS NULL) = (ended_at IS NULL)', name=op.f('ck_keyholder_absence_ended_by_somebody')),
    sa.CheckConstraint('confirmed_by_id IS NULL OR confirmed_by_id <> reported_by_id', name=op.f('ck_keyholder_absence_four_eyes')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['app_user.id'], name=op.f('fk_keyholder_absence_confirmed_by_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['app_user.id'], name=op.f('fk_keyholder_absence_ended_by_id')),
    sa.ForeignKeyConstraint(['keyholder_id'], ['keyholder.id'], name=op.f('fk_keyholder_absence_keyholder_id')),
    sa.ForeignKeyConstraint(['reported_by_id'], ['app_user.id'], name=op.f('fk_keyholder_absence_reported_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_keyholder_absence_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_keyholder_absence'))
    )
    op.create_index(op.f('ix_keyholder_absence_keyholder_id'), 'keyholder_absence', ['keyholder_id'], unique=False)
    op.create_index(op.f('ix_keyholder_absence_tender_id'), 'keyholder_absence', ['tender_id'], unique=False)
    op.create_index('uq_keyholder_absence_standing', 'keyholder_absence', ['keyholder_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('opening_attendance',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_opening_attendance_bid_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_opening_attendance_tender_id')),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_opening_attendance_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening_attendance')),
    sa.UniqueConstraint('bid_id', name=op.f('uq_opening_attendance_bid_id'))
    )
    op.create_index(op.f('ix_opening_attendance_tender_id'), 'opening_attendance', ['tender_id'], unique=False)
    op.create_table('opening_objection',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('raised_by_id', sa.Uuid(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_opening_objection_has_text')),
    sa.CheckConstraint('num_nulls(answer, answered_by_id, answered_at) IN (0, 3)', name=op.f('ck_opening_objection_answered_whole')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['app_user.id'], name=op.f('fk_opening_objection_answered_by_id')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_opening_objection_bid_id')),
    sa.ForeignKeyConstraint(['raised_by_id'], ['app_user.id'], name=op.f('fk_opening_objection_raised_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_opening_objection_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening_objection'))
    )
    op.create_index(op.f('ix_opening_objection_bid_id'), 'opening_objection', ['bid_id'], unique=False)
    op.create_index(op.f('ix_opening_objection_tender_id'), 'opening_objection', ['tender_id'], unique=False)
    op.add_column('opening', sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE opening SET closed_at = finished_at WHERE record IS NOT NULL")
    op.create_check_constraint(op.f('ck_opening_closed_after_finished'), 'opening', 'closed_at IS NULL OR finished_at IS NOT NULL')
    op.create_check_constraint(op.f('ck_opening_closed_has_record'), 'opening', '(closed_at IS NULL) = (record IS NULL)')
    # Layers handed in before this column was kept are known only by what they gave.
    op.add_column('opening_share', sa.Column('layer', sa.Text(), nullable=False, server_default=''))
    op.alter_column('opening_share', 'layer', server_default=None)
    op.add_column('opening_share', sa.Column('result', sa.Enum('peeled', 'closed', 'no-key', 'key', name='shareresult', native_enum=False, create_constraint=True, length=60), nullable=False, server_default='peeled'))
    op.execute("UPDATE opening_share SET result = 'key' WHERE material = ''")
    op.alter_column('opening_share', 'result', server_default=None)
    op.drop_constraint(op.f('ck_tender_failureground'), 'tender', type_='check')
    op.create_check_constraint(op.f('ck_tender_failureground'), 'tender', GROUNDS.format("'cannot-open', "))


def downgrade() -> None:
    op.drop_constraint(op.f('ck_tender_failureground'), 'tender', type_='check')
    op.execute("UPDATE tender SET failure_ground = 'task-cancelled' WHERE failure_ground = 'cannot-open'")
    op.create_check_constraint(op.f('ck_tender_failureground'), 'tender', GROUNDS.format(''))
    op.drop_column('opening_share', 'result')
    op.drop_column('opening_share', 'layer')
    op.drop_constraint(op.f('ck_opening_closed_has_record'), 'opening', type_='check')
    op.drop_constraint(op.f('ck_opening_closed_after_finished'), 'opening', type_='check')
    op.drop_column('opening', 'closed_at')
    op.drop_index(op.f('ix_opening_objection_tender_id'), table_name='opening_objection')
    op.drop_index(op.f('ix_opening_objection_bid_id'), table_name='opening_objection')
    op.drop_table('opening_objection')
    op.drop_index(op.f('ix_opening_attendance_tender_id'), table_name='opening_attendance')
    op.drop_table('opening_attendance')
    op.drop_index('uq_keyholder_absence_standing', table_name='keyholder_absence', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_keyholder_absence_tender_id'), table_name='keyholder_absence')
    op.drop_index(op.f('ix_keyholder_absence_keyholder_id'), table_name='keyholder_absence')
    op.drop_table('keyholder_absence')
    op.drop_table('retender')
    op.drop_index('uq_postponement_open', table_name='postponement', postgresql_where=sa.text('confirmed_at IS NULL'))
    op.drop_index(op.f('ix_postponement_tender_id'), table_name='postponement')
    op.drop_table('postponement')
