"""The evaluation: draws, chair, letters, price corrections, deductions, terms, stops, re-reviews, sessions, duty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "evaluation01"
down_revision = "conflicts01"
branch_labels = None
depends_on = None

SEAT_STATES = ("named", "declared", "recused", "locked")
TENDER_STATES = (
    "draft",
    "in-approval",
    "in-selection",
    "published",
    "opened",
    "under-evaluation",
    "evaluated",
    "awarded",
    "failed",
    "cancelled",
)


def _allow(table: str, name: str, values: tuple[str, ...]) -> None:
    """Let a table's state be one of these and nothing else."""
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"state IN ({', '.join(map(repr, values))})")


def upgrade() -> None:
    _allow("tender", "tenderstate", (*TENDER_STATES, "review-suspended"))
    _allow("committee_seat", "seatstate", (*SEAT_STATES, "absent", "voided"))
    op.create_table('committee_draw',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.Enum('provincial-draw', 'self-selected', 'own-draw', 'authorised', name='seatsource', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('consenting', sa.Text(), nullable=False),
    sa.Column('excluded', sa.Text(), nullable=False),
    sa.Column('record', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('registered_by_id', sa.Uuid(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(source = 'own-draw') = (record IS NOT NULL)", name=op.f('ck_committee_draw_own_draw_has_record')),
    sa.CheckConstraint("source <> 'self-selected' OR (ground <> '' AND consenting <> '')", name=op.f('ck_committee_draw_selected_by_consent')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['app_user.id'], name=op.f('fk_committee_draw_registered_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_committee_draw_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_committee_draw'))
    )
    op.create_index(op.f('ix_committee_draw_tender_id'), 'committee_draw', ['tender_id'], unique=False)
    op.create_table('evaluation_correction',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Enum('arithmetic', 'out-of-range', 'objective-differs', 'extreme', name='correctionground', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('requested_by_id', sa.Uuid(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('after', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_evaluation_correction_has_reason')),
    sa.CheckConstraint('(after IS NULL) = (closed_at IS NULL)', name=op.f('ck_evaluation_correction_closed_has_ranking')),
    sa.ForeignKeyConstraint(['requested_by_id'], ['app_user.id'], name=op.f('fk_evaluation_correction_requested_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_evaluation_correction_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_correction'))
    )
    op.create_index(op.f('ix_evaluation_correction_tender_id'), 'evaluation_correction', ['tender_id'], unique=False)
    op.create_index('uq_evaluation_correction_open', 'evaluation_correction', ['tender_id'], unique=True, postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('evaluation_terms',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('mean', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('next_lowest', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('ceiling', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('small_percent', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('partner_percent', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('minimum_merit', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('tie_method', sa.Enum('draw', 'document', name='tiemethod', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('tie_rule', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("tie_method <> 'document' OR tie_rule <> ''", name=op.f('ck_evaluation_terms_tie_has_rule')),
    sa.CheckConstraint('ceiling BETWEEN 0 AND 100', name=op.f('ck_evaluation_terms_ceiling_range')),
    sa.CheckConstraint('mean BETWEEN 0 AND 100 AND next_lowest BETWEEN 0 AND 100', name=op.f('ck_evaluation_terms_percent_range')),
    sa.CheckConstraint('minimum_merit IS NULL OR minimum_merit > 0', name=op.f('ck_evaluation_terms_minimum_positive')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_evaluation_terms_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_terms')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_evaluation_terms_tender_id'))
    )
    op.create_table('review_pause',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Enum('member-missing', 'document-breach', name='pauseground', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('paused_by_id', sa.Uuid(), nullable=False),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resumed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolution', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_review_pause_has_reason')),
    sa.ForeignKeyConstraint(['paused_by_id'], ['app_user.id'], name=op.f('fk_review_pause_paused_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_review_pause_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_pause'))
    )
    op.create_index(op.f('ix_review_pause_tender_id'), 'review_pause', ['tender_id'], unique=False)
    op.create_index('uq_review_pause_open', 'review_pause', ['tender_id'], unique=True, postgresql_where=sa.text('resumed_at IS NULL'))
    op.create_table('review_session',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('supervisors', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('phones_kept', sa.Boolean(), nullable=False),
    sa.Column('recording', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_review_session_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_session')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_review_session_tender_id'))
    )
    op.create_table('bid_inquiry',
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('clarification', 'low-price', name='inquirykind', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('signed_name', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f('ck_bid_inquiry_answered_has_words')),
    sa.CheckConstraint("(answered_at IS NULL) = (signed_name = '')", name=op.f('ck_bid_inquiry_answered_is_signed')),
    sa.CheckConstraint('due_at > asked_at', name=op.f('ck_bid_inquiry_time_forward')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['app_user.id'], name=op.f('fk_bid_inquiry_answered_by_id')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_inquiry_bid_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['committee_seat.id'], name=op.f('fk_bid_inquiry_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_inquiry'))
    )
    op.create_index(op.f('ix_bid_inquiry_bid_id'), 'bid_inquiry', ['bid_id'], unique=False)
    op.create_table('chair_vote',
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('candidate_id', sa.Uuid(), nullable=False),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['candidate_id'], ['committee_seat.id'], name=op.f('fk_chair_vote_candidate_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['committee_seat.id'], name=op.f('fk_chair_vote_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chair_vote')),
    sa.UniqueConstraint('seat_id', name=op.f('uq_chair_vote_seat_id'))
    )
    op.create_index(op.f('ix_chair_vote_candidate_id'), 'chair_vote', ['candidate_id'], unique=False)
    op.create_table('duty_record',
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('rating', sa.Enum('good', 'ordinary', 'poor', 'breach', name='dutyrating', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('fee', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('recorded_by_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('fee >= 0', name=op.f('ck_duty_record_fee_positive')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['app_user.id'], name=op.f('fk_duty_record_recorded_by_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['committee_seat.id'], name=op.f('fk_duty_record_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_record')),
    sa.UniqueConstraint('seat_id', name=op.f('uq_duty_record_seat_id'))
    )
    op.create_table('irregularity_report',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('bid_id', sa.Uuid(), nullable=True),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("facts <> ''", name=op.f('ck_irregularity_report_has_facts')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_irregularity_report_bid_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['committee_seat.id'], name=op.f('fk_irregularity_report_seat_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_irregularity_report_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_irregularity_report'))
    )
    op.create_index(op.f('ix_irregularity_report_tender_id'), 'irregularity_report', ['tender_id'], unique=False)
    op.create_table('price_correction',
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Enum('sheet-over-text', 'words-over-figures', 'decimal-slip', 'unit-times-quantity', name='correctionorder', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('stated', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('corrected', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed', sa.Boolean(), nullable=True),
    sa.Column('signed_name', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(confirmed IS NULL) = (answered_at IS NULL)', name=op.f('ck_price_correction_answer_has_time')),
    sa.CheckConstraint('due_at > proposed_at', name=op.f('ck_price_correction_time_forward')),
    sa.CheckConstraint('stated > 0 AND corrected > 0', name=op.f('ck_price_correction_prices_positive')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['app_user.id'], name=op.f('fk_price_correction_answered_by_id')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_price_correction_bid_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['committee_seat.id'], name=op.f('fk_price_correction_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_correction')),
    sa.UniqueConstraint('bid_id', name=op.f('uq_price_correction_bid_id'))
    )
    op.create_table('price_deduction',
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Enum('none', 'small_or_micro', 'partner', name='smallbusiness', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('percent', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('partner_share', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('verified_by_id', sa.Uuid(), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("ground <> 'partner' OR partner_share IS NOT NULL", name=op.f('ck_price_deduction_partner_has_share')),
    sa.CheckConstraint('percent > 0 AND percent < 100', name=op.f('ck_price_deduction_percent_range')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_price_deduction_bid_id')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['app_user.id'], name=op.f('fk_price_deduction_verified_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_deduction')),
    sa.UniqueConstraint('bid_id', name=op.f('uq_price_deduction_bid_id'))
    )
    op.add_column('committee_seat', sa.Column('source', sa.Enum('provincial-draw', 'self-selected', 'own-draw', 'authorised', name='seatsource', native_enum=False, length=60), nullable=False, server_default='provincial-draw'))
    op.add_column('committee_seat', sa.Column('draw_id', sa.Uuid(), nullable=True))
    op.add_column('committee_seat', sa.Column('replaces_id', sa.Uuid(), nullable=True))
    op.add_column('committee_seat', sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('committee_seat', sa.Column('void_code', sa.Enum('contact', 'preference', 'agreed-scores', 'left', 'took-records', name='disciplinecode', native_enum=False, length=60), nullable=True))
    op.add_column('committee_seat', sa.Column('left_reason', sa.Text(), nullable=False, server_default=''))
    op.create_check_constraint(op.f('ck_committee_seat_seatsource'), 'committee_seat', "source IN ('provincial-draw', 'self-selected', 'own-draw', 'authorised')")
    op.create_check_constraint(op.f('ck_committee_seat_disciplinecode'), 'committee_seat', "void_code IN ('contact', 'preference', 'agreed-scores', 'left', 'took-records')")
    op.create_check_constraint(op.f('ck_committee_seat_voided_has_code'), 'committee_seat', "(state = 'voided') = (void_code IS NOT NULL)")
    op.create_foreign_key(op.f('fk_committee_seat_draw_id'), 'committee_seat', 'committee_draw', ['draw_id'], ['id'])
    op.create_foreign_key(op.f('fk_committee_seat_replaces_id'), 'committee_seat', 'committee_seat', ['replaces_id'], ['id'])
    op.add_column('examination', sa.Column('items', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.add_column('low_bid_review', sa.Column('inquiry_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_low_bid_review_inquiry_id'), 'low_bid_review', 'bid_inquiry', ['inquiry_id'], ['id'])


def downgrade() -> None:
    op.drop_constraint(op.f('fk_low_bid_review_inquiry_id'), 'low_bid_review', type_='foreignkey')
    op.drop_column('low_bid_review', 'inquiry_id')
    op.drop_column('examination', 'items')
    op.drop_constraint(op.f('fk_committee_seat_replaces_id'), 'committee_seat', type_='foreignkey')
    op.drop_constraint(op.f('fk_committee_seat_draw_id'), 'committee_seat', type_='foreignkey')
    op.drop_constraint(op.f('ck_committee_seat_voided_has_code'), 'committee_seat', type_='check')
    op.drop_column('committee_seat', 'left_reason')
    op.drop_column('committee_seat', 'void_code')
    op.drop_column('committee_seat', 'signed_at')
    op.drop_column('committee_seat', 'replaces_id')
    op.drop_column('committee_seat', 'draw_id')
    op.drop_column('committee_seat', 'source')
    op.drop_table('price_deduction')
    op.drop_table('price_correction')
    op.drop_index(op.f('ix_irregularity_report_tender_id'), table_name='irregularity_report')
    op.drop_table('irregularity_report')
    op.drop_table('duty_record')
    op.drop_index(op.f('ix_chair_vote_candidate_id'), table_name='chair_vote')
    op.drop_table('chair_vote')
    op.drop_index(op.f('ix_bid_inquiry_bid_id'), table_name='bid_inquiry')
    op.drop_table('bid_inquiry')
    op.drop_table('review_session')
    op.drop_index('uq_review_pause_open', table_name='review_pause', postgresql_where=sa.text('resumed_at IS NULL'))
    op.drop_index(op.f('ix_review_pause_tender_id'), table_name='review_pause')
    op.drop_table('review_pause')
    op.drop_table('evaluation_terms')
    op.drop_index('uq_evaluation_correction_open', table_name='evaluation_correction', postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index(op.f('ix_evaluation_correction_tender_id'), table_name='evaluation_correction')
    op.drop_table('evaluation_correction')
    op.drop_index(op.f('ix_committee_draw_tender_id'), table_name='committee_draw')
    op.drop_table('committee_draw')
    _allow("committee_seat", "seatstate", SEAT_STATES)
    _allow("tender", "tenderstate", TENDER_STATES)
