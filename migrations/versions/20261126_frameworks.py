"""Framework agreements: terms, admission, members, call-offs and their turns; the methods of the second stage."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'frameworks01'
down_revision = "oneapprov01"
branch_labels = None
depends_on = None

METHODS = (
    "open-tender",
    "invited-tender",
    "consultation",
    "negotiation",
    "quotation",
    "single-source",
    "below-limit",
    "framework",
)
CALL_OFFS = ("call-off-direct", "call-off-rotation", "call-off-prices")
ORIGINS = ("drawn", "purchaser", "expert")
EARLY = "state IN ('draft', 'in-approval', 'cancelled')"
FROZEN = "(published_at IS NOT NULL AND record_hash IS NOT NULL AND deadline IS NOT NULL)"


def _check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in values)})"


def _methods(values: tuple[str, ...], origins: tuple[str, ...], direct: tuple[str, ...]) -> None:
    for table in ("tender", "plan_item"):
        _check(table, "method", _one_of("method", values))
    _check("invitation", "invitationorigin", _one_of("origin", origins))
    _check("tender", "published_is_frozen", f"{EARLY} OR {_one_of('method', direct)} OR {FROZEN}")



def upgrade() -> None:
    direct = ("below-limit", "single-source", "call-off-direct", "call-off-rotation")
    _methods((*METHODS, *CALL_OFFS), (*ORIGINS, "framework"), direct)
    op.create_table('framework',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('forming', 'in-force', 'ended', name='frameworkstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('admitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('informed_on', sa.Date(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('summary_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state = 'forming' OR begins_on IS NOT NULL", name=op.f('ck_framework_in_force_has_term')),
    sa.CheckConstraint('(begins_on IS NULL) = (ends_on IS NULL)', name=op.f('ck_framework_term_whole')),
    sa.CheckConstraint('ends_on > begins_on', name=op.f('ck_framework_term_forward')),
    sa.ForeignKeyConstraint(['summary_id'], ['document.id'], name=op.f('fk_framework_summary_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_framework_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_framework_tender_id'))
    )
    op.create_index(op.f('ix_framework_state'), 'framework', ['state'], unique=False)
    op.create_table('framework_shortlist',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('record', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('public_record', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('decided_by_id', sa.Uuid(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_framework_shortlist_decided_by_id')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_framework_shortlist_lot_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_framework_shortlist_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework_shortlist')),
    sa.UniqueConstraint('lot_id', name=op.f('uq_framework_shortlist_lot_id'))
    )
    op.create_index(op.f('ix_framework_shortlist_tender_id'), 'framework_shortlist', ['tender_id'], unique=False)
    op.create_table('framework_terms',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('elimination', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('most_admitted', sa.Integer(), nullable=True),
    sa.Column('ways', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('quality_ground', sa.Text(), nullable=False),
    sa.Column('top_up_foreseen', sa.Boolean(), nullable=False),
    sa.Column('exit_rules', sa.Text(), nullable=False),
    sa.Column('plan_filing', sa.Text(), nullable=False),
    sa.Column('top_up_of_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('elimination BETWEEN 0 AND 100', name=op.f('ck_framework_terms_elimination_range')),
    sa.CheckConstraint('months > 0', name=op.f('ck_framework_terms_months_positive')),
    sa.CheckConstraint('most_admitted > 0', name=op.f('ck_framework_terms_most_admitted_positive')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_framework_terms_tender_id')),
    sa.ForeignKeyConstraint(['top_up_of_id'], ['framework.id'], name=op.f('fk_framework_terms_top_up_of_id')),
    sa.PrimaryKeyConstraint('tender_id', name=op.f('pk_framework_terms'))
    )
    op.create_index(op.f('ix_framework_terms_top_up_of_id'), 'framework_terms', ['top_up_of_id'], unique=False)
    op.create_table('framework_member',
    sa.Column('framework_id', sa.Uuid(), nullable=False),
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('supplier_id', sa.Uuid(), nullable=False),
    sa.Column('bid_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('price', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('state', sa.Enum('admitted', 'signed', 'removed', name='memberstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('admitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('signed_by_id', sa.Uuid(), nullable=True),
    sa.Column('late_reason', sa.Text(), nullable=False),
    sa.Column('filed_on', sa.Date(), nullable=True),
    sa.Column('filing_number', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ground', sa.Enum('collusion', 'false-papers', 'refusal', 'breach', 'barred', 'agreed', name='removalground', native_enum=False, create_constraint=True, length=60), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(filed_on IS NULL) = (filing_number = '')", name=op.f('ck_framework_member_filed_has_number')),
    sa.CheckConstraint("(state = 'removed') = (ground IS NOT NULL)", name=op.f('ck_framework_member_removed_has_ground')),
    sa.CheckConstraint("state <> 'signed' OR signed_on IS NOT NULL", name=op.f('ck_framework_member_signed_has_day')),
    sa.CheckConstraint('price > 0', name=op.f('ck_framework_member_price_positive')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_framework_member_bid_id')),
    sa.ForeignKeyConstraint(['framework_id'], ['framework.id'], name=op.f('fk_framework_member_framework_id')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_framework_member_lot_id')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['app_user.id'], name=op.f('fk_framework_member_signed_by_id')),
    sa.ForeignKeyConstraint(['supplier_id'], ['organisation.id'], name=op.f('fk_framework_member_supplier_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_framework_member_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework_member')),
    sa.UniqueConstraint('bid_id', name=op.f('uq_framework_member_bid_id')),
    sa.UniqueConstraint('lot_id', 'position', name=op.f('uq_framework_member_lot_id_position')),
    sa.UniqueConstraint('lot_id', 'supplier_id', name=op.f('uq_framework_member_lot_id_supplier_id'))
    )
    op.create_index(op.f('ix_framework_member_framework_id'), 'framework_member', ['framework_id'], unique=False)
    op.create_index('ix_framework_member_supplier', 'framework_member', ['supplier_id', 'state'], unique=False)
    op.create_index(op.f('ix_framework_member_tender_id'), 'framework_member', ['tender_id'], unique=False)
    op.create_table('call_off',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('framework_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=True),
    sa.Column('price', sa.Numeric(precision=16, scale=2), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('(proposed_by_id IS NULL) = (proposed_at IS NULL)', name=op.f('ck_call_off_proposed_has_time')),
    sa.CheckConstraint('price > 0', name=op.f('ck_call_off_price_positive')),
    sa.ForeignKeyConstraint(['framework_id'], ['framework.id'], name=op.f('fk_call_off_framework_id')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_call_off_lot_id')),
    sa.ForeignKeyConstraint(['member_id'], ['framework_member.id'], name=op.f('fk_call_off_member_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['app_user.id'], name=op.f('fk_call_off_proposed_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_call_off_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_off')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_call_off_tender_id'))
    )
    op.create_index(op.f('ix_call_off_framework_id'), 'call_off', ['framework_id'], unique=False)
    op.create_index(op.f('ix_call_off_member_id'), 'call_off', ['member_id'], unique=False)
    op.create_table('call_off_turn',
    sa.Column('call_off_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('deed', sa.Enum('offered', 'accepted', 'declined', 'excused', 'forfeited', 'returned', name='turndeed', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_call_off_turn_number_positive')),
    sa.ForeignKeyConstraint(['by_id'], ['app_user.id'], name=op.f('fk_call_off_turn_by_id')),
    sa.ForeignKeyConstraint(['call_off_id'], ['call_off.id'], name=op.f('fk_call_off_turn_call_off_id')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_call_off_turn_lot_id')),
    sa.ForeignKeyConstraint(['member_id'], ['framework_member.id'], name=op.f('fk_call_off_turn_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_off_turn')),
    sa.UniqueConstraint('lot_id', 'number', name=op.f('uq_call_off_turn_lot_id_number'))
    )
    op.create_index(op.f('ix_call_off_turn_call_off_id'), 'call_off_turn', ['call_off_id'], unique=False)
    op.create_index(op.f('ix_call_off_turn_member_id'), 'call_off_turn', ['member_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_call_off_turn_member_id'), table_name='call_off_turn')
    op.drop_index(op.f('ix_call_off_turn_call_off_id'), table_name='call_off_turn')
    op.drop_table('call_off_turn')
    op.drop_index(op.f('ix_call_off_member_id'), table_name='call_off')
    op.drop_index(op.f('ix_call_off_framework_id'), table_name='call_off')
    op.drop_table('call_off')
    op.drop_index(op.f('ix_framework_member_tender_id'), table_name='framework_member')
    op.drop_index('ix_framework_member_supplier', table_name='framework_member')
    op.drop_index(op.f('ix_framework_member_framework_id'), table_name='framework_member')
    op.drop_table('framework_member')
    op.drop_index(op.f('ix_framework_terms_top_up_of_id'), table_name='framework_terms')
    op.drop_table('framework_terms')
    op.drop_index(op.f('ix_framework_shortlist_tender_id'), table_name='framework_shortlist')
    op.drop_table('framework_shortlist')
    op.drop_index(op.f('ix_framework_state'), table_name='framework')
    op.drop_table('framework')
    _methods(METHODS, ORIGINS, ("below-limit", "single-source"))
