"""Purchases without sealed bids: whom was asked, what was answered, what was proposed; their state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = 'methods02'
down_revision = "complaints01"
branch_labels = None
depends_on = None

STATES = (
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
EARLY = "state IN ('draft', 'in-approval', 'cancelled')"
FROZEN = "(published_at IS NOT NULL AND record_hash IS NOT NULL AND deadline IS NOT NULL)"


def _check(name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_tender_{name}"), "tender", type_="check")
    op.create_check_constraint(op.f(f"ck_tender_{name}"), "tender", condition)


def _states(values: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(repr(one) for one in values)})"


def upgrade() -> None:
    _check("tenderstate", _states(STATES))
    _check("published_is_frozen", f"{EARLY} OR method IN ('below-limit', 'single-source') OR {FROZEN}")
    op.create_table('asked_supplier',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('supplier_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replied_by_id', sa.Uuid(), nullable=True),
    sa.Column('price', sa.Numeric(precision=16, scale=2), nullable=True),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('declined', sa.Boolean(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('bid_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("price IS NULL OR (replied_at IS NOT NULL AND plan <> '')", name=op.f('ck_asked_supplier_price_has_plan')),
    sa.CheckConstraint('NOT declined OR (price IS NULL AND replied_at IS NOT NULL)', name=op.f('ck_asked_supplier_declined_has_no_price')),
    sa.CheckConstraint('price > 0', name=op.f('ck_asked_supplier_price_positive')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_asked_supplier_bid_id')),
    sa.ForeignKeyConstraint(['replied_by_id'], ['app_user.id'], name=op.f('fk_asked_supplier_replied_by_id')),
    sa.ForeignKeyConstraint(['supplier_id'], ['organisation.id'], name=op.f('fk_asked_supplier_supplier_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_asked_supplier_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asked_supplier')),
    sa.UniqueConstraint('bid_id', name=op.f('uq_asked_supplier_bid_id')),
    sa.UniqueConstraint('tender_id', 'supplier_id', name=op.f('uq_asked_supplier_tender_id_supplier_id'))
    )
    op.create_index(op.f('ix_asked_supplier_supplier_id'), 'asked_supplier', ['supplier_id'], unique=False)
    op.create_index(op.f('ix_asked_supplier_tender_id'), 'asked_supplier', ['tender_id'], unique=False)
    op.create_table('direct_purchase',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Enum('sole', 'urgent', 'addition', name='soleground', native_enum=False, create_constraint=True, length=60), nullable=True),
    sa.Column('ground_reason', sa.Text(), nullable=False),
    sa.Column('opinion', sa.Text(), nullable=False),
    sa.Column('original_id', sa.Uuid(), nullable=True),
    sa.Column('announced_on', sa.Date(), nullable=True),
    sa.Column('announced_until', sa.Date(), nullable=True),
    sa.Column('few_reason', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Text(), nullable=False),
    sa.Column('proposed_id', sa.Uuid(), nullable=True),
    sa.Column('agreed_price', sa.Numeric(precision=16, scale=2), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_by_id', sa.Uuid(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('(proposed_id IS NULL) = (proposed_at IS NULL)', name=op.f('ck_direct_purchase_proposed_has_time')),
    sa.CheckConstraint('agreed_price > 0', name=op.f('ck_direct_purchase_agreed_price_positive')),
    sa.ForeignKeyConstraint(['original_id'], ['engagement.id'], name=op.f('fk_direct_purchase_original_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['app_user.id'], name=op.f('fk_direct_purchase_proposed_by_id')),
    sa.ForeignKeyConstraint(['proposed_id'], ['asked_supplier.id'], name=op.f('fk_direct_purchase_proposed_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_direct_purchase_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_direct_purchase')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_direct_purchase_tender_id'))
    )


def downgrade() -> None:
    op.drop_table('direct_purchase')
    op.drop_index(op.f('ix_asked_supplier_tender_id'), table_name='asked_supplier')
    op.drop_index(op.f('ix_asked_supplier_supplier_id'), table_name='asked_supplier')
    op.drop_table('asked_supplier')
    _check("published_is_frozen", f"{EARLY} OR {FROZEN}")
    _check("tenderstate", _states(tuple(one for one in STATES if one != "in-selection")))
