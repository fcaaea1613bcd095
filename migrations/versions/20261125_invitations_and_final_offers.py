"""Invited suppliers with their draw; rounds, changed requirements and sealed final offers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'methods03'
down_revision = "evaluation01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('final_call',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('called_by_id', sa.Uuid(), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('few_ground', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['called_by_id'], ['app_user.id'], name=op.f('fk_final_call_called_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_final_call_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_final_call')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_final_call_tender_id'))
    )
    op.create_table('invitation',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('supplier_id', sa.Uuid(), nullable=False),
    sa.Column('origin', sa.Enum('drawn', 'purchaser', 'expert', name='invitationorigin', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['organisation.id'], name=op.f('fk_invitation_supplier_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_invitation_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('tender_id', 'supplier_id', name=op.f('uq_invitation_tender_id_supplier_id'))
    )
    op.create_index(op.f('ix_invitation_supplier_id'), 'invitation', ['supplier_id'], unique=False)
    op.create_index(op.f('ix_invitation_tender_id'), 'invitation', ['tender_id'], unique=False)
    op.create_table('requirement_change',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("words <> ''", name=op.f('ck_requirement_change_has_words')),
    sa.ForeignKeyConstraint(['made_by_id'], ['app_user.id'], name=op.f('fk_requirement_change_made_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_requirement_change_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement_change')),
    sa.UniqueConstraint('tender_id', 'number', name=op.f('uq_requirement_change_tender_id_number'))
    )
    op.create_index(op.f('ix_requirement_change_tender_id'), 'requirement_change', ['tender_id'], unique=False)
    op.create_table('supplier_draw',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.Enum('prequalification', 'pool', 'recommendation', name='invitationsource', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('applications_from', sa.Date(), nullable=True),
    sa.Column('applications_until', sa.Date(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('candidates', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('commitment', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('locked_by_id', sa.Uuid(), nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drawn_by_id', sa.Uuid(), nullable=True),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('record', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(drawn_at IS NULL) = (record IS NULL)', name=op.f('ck_supplier_draw_drawn_has_record')),
    sa.CheckConstraint('drawn_by_id IS NULL OR drawn_by_id <> locked_by_id', name=op.f('ck_supplier_draw_two_people')),
    sa.CheckConstraint('number > 0', name=op.f('ck_supplier_draw_number_positive')),
    sa.ForeignKeyConstraint(['drawn_by_id'], ['app_user.id'], name=op.f('fk_supplier_draw_drawn_by_id')),
    sa.ForeignKeyConstraint(['locked_by_id'], ['app_user.id'], name=op.f('fk_supplier_draw_locked_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_supplier_draw_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_draw')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_supplier_draw_tender_id'))
    )
    op.create_table('final_offer',
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('sealed', 'superseded', 'opened', 'corrupt', name='offerstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_by_id', sa.Uuid(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('price', sa.Numeric(precision=16, scale=2), nullable=True),
    sa.Column('failure', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'corrupt') = (failure IS NOT NULL)", name=op.f('ck_final_offer_corrupt_has_proof')),
    sa.CheckConstraint("(state = 'opened') = (price IS NOT NULL)", name=op.f('ck_final_offer_opened_has_price')),
    sa.CheckConstraint('price > 0', name=op.f('ck_final_offer_price_positive')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_final_offer_bid_id')),
    sa.ForeignKeyConstraint(['call_id'], ['final_call.id'], name=op.f('fk_final_offer_call_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_final_offer_document_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['app_user.id'], name=op.f('fk_final_offer_submitted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_final_offer'))
    )
    op.create_index(op.f('ix_final_offer_bid_id'), 'final_offer', ['bid_id'], unique=False)
    op.create_index(op.f('ix_final_offer_call_id'), 'final_offer', ['call_id'], unique=False)
    op.create_index('uq_final_offer_standing', 'final_offer', ['bid_id'], unique=True, postgresql_where=sa.text("state IN ('sealed', 'opened', 'corrupt')"))
    op.create_table('negotiation_round',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Text(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("minutes <> ''", name=op.f('ck_negotiation_round_has_minutes')),
    sa.CheckConstraint('number > 0', name=op.f('ck_negotiation_round_number_positive')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_negotiation_round_bid_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['app_user.id'], name=op.f('fk_negotiation_round_recorded_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_negotiation_round_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_negotiation_round')),
    sa.UniqueConstraint('bid_id', 'number', name=op.f('uq_negotiation_round_bid_id_number'))
    )
    op.create_index(op.f('ix_negotiation_round_bid_id'), 'negotiation_round', ['bid_id'], unique=False)
    op.create_index(op.f('ix_negotiation_round_tender_id'), 'negotiation_round', ['tender_id'], unique=False)
    op.create_table('final_share',
    sa.Column('offer_id', sa.Uuid(), nullable=False),
    sa.Column('keyholder_id', sa.Uuid(), nullable=False),
    sa.Column('subset', sa.Text(), nullable=False),
    sa.Column('material', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['keyholder_id'], ['keyholder.id'], name=op.f('fk_final_share_keyholder_id')),
    sa.ForeignKeyConstraint(['offer_id'], ['final_offer.id'], name=op.f('fk_final_share_offer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_final_share')),
    sa.UniqueConstraint('offer_id', 'subset', 'keyholder_id', name=op.f('uq_final_share_offer_id_subset_keyholder_id'))
    )
    op.create_index(op.f('ix_final_share_keyholder_id'), 'final_share', ['keyholder_id'], unique=False)
    op.create_index(op.f('ix_final_share_offer_id'), 'final_share', ['offer_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_final_share_offer_id'), table_name='final_share')
    op.drop_index(op.f('ix_final_share_keyholder_id'), table_name='final_share')
    op.drop_table('final_share')
    op.drop_index(op.f('ix_negotiation_round_tender_id'), table_name='negotiation_round')
    op.drop_index(op.f('ix_negotiation_round_bid_id'), table_name='negotiation_round')
    op.drop_table('negotiation_round')
    op.drop_index('uq_final_offer_standing', table_name='final_offer', postgresql_where=sa.text("state IN ('sealed', 'opened', 'corrupt')"))
    op.drop_index(op.f('ix_final_offer_call_id'), table_name='final_offer')
    op.drop_index(op.f('ix_final_offer_bid_id'), table_name='final_offer')
    op.drop_table('final_offer')
    op.drop_table('supplier_draw')
    op.drop_index(op.f('ix_requirement_change_tender_id'), table_name='requirement_change')
    op.drop_table('requirement_change')
    op.drop_index(op.f('ix_invitation_tender_id'), table_name='invitation')
    op.drop_index(op.f('ix_invitation_supplier_id'), table_name='invitation')
    op.drop_table('invitation')
    op.drop_table('final_call')
