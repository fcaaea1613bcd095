"""A purchase names its procurement agent; a refund keeps what the deposit statement said

Revision: agentdep01, after scoreguards01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'agentdep01'
down_revision = 'scoreguards01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agent_appointment',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('agreement_number', sa.Text(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('scope', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('fee', sa.Text(), nullable=False),
    sa.Column('contact_name', sa.Text(), nullable=False),
    sa.Column('contact_telephone', sa.Text(), nullable=False),
    sa.Column('appointed_by_id', sa.Uuid(), nullable=False),
    sa.Column('appointed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(ended_at IS NULL) = (ended_reason = '')", name=op.f('ck_agent_appointment_ended_has_reason')),
    sa.CheckConstraint("agreement_number <> ''", name=op.f('ck_agent_appointment_has_agreement')),
    sa.CheckConstraint('jsonb_array_length(scope) > 0', name=op.f('ck_agent_appointment_has_scope')),
    sa.CheckConstraint('valid_until >= agreed_on', name=op.f('ck_agent_appointment_valid_after_agreed')),
    sa.ForeignKeyConstraint(['agency_id'], ['organisation.id'], name=op.f('fk_agent_appointment_agency_id')),
    sa.ForeignKeyConstraint(['appointed_by_id'], ['app_user.id'], name=op.f('fk_agent_appointment_appointed_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_agent_appointment_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_appointment')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_agent_appointment_tender_id'))
    )
    op.create_index(op.f('ix_agent_appointment_agency_id'), 'agent_appointment', ['agency_id'], unique=False)
    op.add_column("deposit_refund", sa.Column("amount", sa.Numeric(16, 2), nullable=True))
    op.execute(
        "UPDATE deposit_refund SET amount = tender.deposit FROM bid JOIN tender ON tender.id = bid.tender_id"
        " WHERE bid.id = deposit_refund.bid_id"
    )
    op.alter_column("deposit_refund", "amount", nullable=False)
    for name in ("means", "payer", "bank", "account"):
        op.add_column("deposit_refund", sa.Column(name, sa.Text(), nullable=False, server_default=""))
        op.alter_column("deposit_refund", name, server_default=None)


def downgrade() -> None:
    op.drop_column('deposit_refund', 'account')
    op.drop_column('deposit_refund', 'bank')
    op.drop_column('deposit_refund', 'payer')
    op.drop_column('deposit_refund', 'means')
    op.drop_column('deposit_refund', 'amount')
    op.drop_index(op.f('ix_agent_appointment_agency_id'), table_name='agent_appointment')
    op.drop_table('agent_appointment')
