"""Document holders, questions and answers; versions of a tender's record, amendments, confirmed bids.

Revision: clarify01, after methods02
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'clarify01'
down_revision = "methods02"
branch_labels = None
depends_on = None

ROOM = Path(__file__).resolve().parents[2] / "procurement"
GUARDS = (ROOM / "guards.sql", ROOM / "version_guards.sql")
BID_STATES = ('sealed', 'superseded', 'withdrawn', 'opened', 'corrupt')
FIRST_VERSIONS = """INSERT INTO tender_version
    (id, tender_id, number, record, record_hash, deadline, published_at, published_by_id, reason, is_material)
    SELECT gen_random_uuid(), id, 1, record, record_hash, deadline, published_at, approved_by_id, '', false
    FROM tender WHERE published_at IS NOT NULL AND record IS NOT NULL"""
"""What was published before versions were kept is each tender's first."""


def bid_states(states: tuple[str, ...]) -> None:
    """Let a bid be in these states and no other."""
    op.drop_constraint(op.f('ck_bid_bidstate'), 'bid', type_='check')
    op.create_check_constraint(op.f('ck_bid_bidstate'), 'bid', sa.column('state').in_(states))


def upgrade() -> None:
    op.create_table('document_holder',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('registered_by_id', sa.Uuid(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pseudonym', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_document_holder_organisation_id')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['app_user.id'], name=op.f('fk_document_holder_registered_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_document_holder_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_holder')),
    sa.UniqueConstraint('tender_id', 'organisation_id', name=op.f('uq_document_holder_tender_id_organisation_id')),
    sa.UniqueConstraint('tender_id', 'pseudonym', name=op.f('uq_document_holder_tender_id_pseudonym'))
    )
    op.create_index(op.f('ix_document_holder_organisation_id'), 'document_holder', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_document_holder_tender_id'), 'document_holder', ['tender_id'], unique=False)
    op.create_table('tender_version',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('record', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('record_hash', sa.Text(), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('is_material', sa.Boolean(), nullable=False),
    sa.Column('consequence', sa.Enum('confirm', 'reseal', name='consequence', native_enum=False, create_constraint=True, length=60), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f('ck_tender_version_amendment_has_reason')),
    sa.CheckConstraint("record_hash ~ '^[0-9a-f]{64}$'", name=op.f('ck_tender_version_hash_form')),
    sa.CheckConstraint('(number = 1) = (consequence IS NULL)', name=op.f('ck_tender_version_amendment_has_consequence')),
    sa.CheckConstraint('number > 0', name=op.f('ck_tender_version_number_positive')),
    sa.ForeignKeyConstraint(['published_by_id'], ['app_user.id'], name=op.f('fk_tender_version_published_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_version_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_version')),
    sa.UniqueConstraint('tender_id', 'number', name=op.f('uq_tender_version_tender_id_number')),
    sa.UniqueConstraint('tender_id', 'record_hash', name=op.f('uq_tender_version_tender_id_record_hash'))
    )
    op.create_index(op.f('ix_tender_version_tender_id'), 'tender_version', ['tender_id'], unique=False)
    op.create_table('amendment',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'in-approval', 'published', 'discarded', name='amendmentstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('drafted_by_id', sa.Uuid(), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changes', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('is_material', sa.Boolean(), nullable=False),
    sa.Column('consequence', sa.Enum('confirm', 'reseal', name='consequence', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('questions', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'published') = (version_id IS NOT NULL)", name=op.f('ck_amendment_published_has_version')),
    sa.CheckConstraint('approved_by_id IS NULL OR approved_by_id <> drafted_by_id', name=op.f('ck_amendment_four_eyes')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['app_user.id'], name=op.f('fk_amendment_approved_by_id')),
    sa.ForeignKeyConstraint(['drafted_by_id'], ['app_user.id'], name=op.f('fk_amendment_drafted_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_amendment_tender_id')),
    sa.ForeignKeyConstraint(['version_id'], ['tender_version.id'], name=op.f('fk_amendment_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment'))
    )
    op.create_index(op.f('ix_amendment_tender_id'), 'amendment', ['tender_id'], unique=False)
    op.create_index('uq_amendment_under_way', 'amendment', ['tender_id'], unique=True, postgresql_where=sa.text("state IN ('draft', 'in-approval')"))
    op.create_table('published_answer',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=True),
    sa.Column('published_by_id', sa.Uuid(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_published_answer_number_positive')),
    sa.ForeignKeyConstraint(['published_by_id'], ['app_user.id'], name=op.f('fk_published_answer_published_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_published_answer_tender_id')),
    sa.ForeignKeyConstraint(['version_id'], ['tender_version.id'], name=op.f('fk_published_answer_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_answer')),
    sa.UniqueConstraint('tender_id', 'number', name=op.f('uq_published_answer_tender_id_number'))
    )
    op.create_index(op.f('ix_published_answer_tender_id'), 'published_answer', ['tender_id'], unique=False)
    op.create_table('amendment_keyholder',
    sa.Column('amendment_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('public_key', sa.Text(), nullable=True),
    sa.Column('fingerprint', sa.Text(), nullable=True),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(public_key IS NULL) = (registered_at IS NULL)', name=op.f('ck_amendment_keyholder_registered_has_key')),
    sa.ForeignKeyConstraint(['amendment_id'], ['amendment.id'], name=op.f('fk_amendment_keyholder_amendment_id')),
    sa.ForeignKeyConstraint(['user_id'], ['app_user.id'], name=op.f('fk_amendment_keyholder_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment_keyholder')),
    sa.UniqueConstraint('amendment_id', 'user_id', name=op.f('uq_amendment_keyholder_amendment_id_user_id'))
    )
    op.create_index(op.f('ix_amendment_keyholder_amendment_id'), 'amendment_keyholder', ['amendment_id'], unique=False)
    op.create_index(op.f('ix_amendment_keyholder_user_id'), 'amendment_keyholder', ['user_id'], unique=False)
    op.create_table('bid_confirmation',
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('confirmed_by_id', sa.Uuid(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('statement', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_confirmation_bid_id')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['app_user.id'], name=op.f('fk_bid_confirmation_confirmed_by_id')),
    sa.ForeignKeyConstraint(['version_id'], ['tender_version.id'], name=op.f('fk_bid_confirmation_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_confirmation')),
    sa.UniqueConstraint('bid_id', 'version_id', name=op.f('uq_bid_confirmation_bid_id_version_id'))
    )
    op.create_index(op.f('ix_bid_confirmation_bid_id'), 'bid_confirmation', ['bid_id'], unique=False)
    op.create_index(op.f('ix_bid_confirmation_version_id'), 'bid_confirmation', ['version_id'], unique=False)
    op.create_table('question',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('subject', sa.Enum('tender', 'lot', 'criterion', name='questionsubject', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('subject_words', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('open', 'answered', 'declined', 'withdrawn', name='questionstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'answered') = (answer_id IS NOT NULL)", name=op.f('ck_question_answered_has_answer')),
    sa.CheckConstraint("(state = 'declined') = (reason <> '')", name=op.f('ck_question_declined_has_reason')),
    sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f('ck_question_open_is_not_closed')),
    sa.ForeignKeyConstraint(['answer_id'], ['published_answer.id'], name=op.f('fk_question_answer_id')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['app_user.id'], name=op.f('fk_question_asked_by_id')),
    sa.ForeignKeyConstraint(['holder_id'], ['document_holder.id'], name=op.f('fk_question_holder_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_question_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question'))
    )
    op.create_index(op.f('ix_question_answer_id'), 'question', ['answer_id'], unique=False)
    op.create_index(op.f('ix_question_holder_id'), 'question', ['holder_id'], unique=False)
    op.create_index('ix_question_tender_state', 'question', ['tender_id', 'state'], unique=False)
    bid_states((*BID_STATES, 'lapsed'))
    op.execute(FIRST_VERSIONS)
    for one in GUARDS:
        op.get_bind().connection.driver_connection.execute(one.read_text())


def downgrade() -> None:
    op.execute("UPDATE bid SET state = 'sealed' WHERE state = 'lapsed'")
    bid_states(BID_STATES)
    op.drop_index('ix_question_tender_state', table_name='question')
    op.drop_index(op.f('ix_question_holder_id'), table_name='question')
    op.drop_index(op.f('ix_question_answer_id'), table_name='question')
    op.drop_table('question')
    op.drop_index(op.f('ix_bid_confirmation_version_id'), table_name='bid_confirmation')
    op.drop_index(op.f('ix_bid_confirmation_bid_id'), table_name='bid_confirmation')
    op.drop_table('bid_confirmation')
    op.drop_index(op.f('ix_amendment_keyholder_user_id'), table_name='amendment_keyholder')
    op.drop_index(op.f('ix_amendment_keyholder_amendment_id'), table_name='amendment_keyholder')
    op.drop_table('amendment_keyholder')
    op.drop_index(op.f('ix_published_answer_tender_id'), table_name='published_answer')
    op.drop_table('published_answer')
    op.drop_index('uq_amendment_under_way', table_name='amendment', postgresql_where=sa.text("state IN ('draft', 'in-approval')"))
    op.drop_index(op.f('ix_amendment_tender_id'), table_name='amendment')
    op.drop_table('amendment')
    op.drop_index(op.f('ix_tender_version_tender_id'), table_name='tender_version')
    op.drop_table('tender_version')
    op.drop_index(op.f('ix_document_holder_tender_id'), table_name='document_holder')
    op.drop_index(op.f('ix_document_holder_organisation_id'), table_name='document_holder')
    op.drop_table('document_holder')
