"""Committees drawn from the bureau's own pool; a draw says what it is held for.

Revision: pooldraw01, after frameworks01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'pooldraw01'
down_revision = 'frameworks01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('committee_call',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('planned', 'drawing', 'inviting', 'cancelled', name='callstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('reserves', sa.Integer(), nullable=False),
    sa.Column('quotas', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('fee', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('answer_hours', sa.Integer(), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('consenting', sa.Text(), nullable=False),
    sa.Column('called_by_id', sa.Uuid(), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('register_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(ground = '') = (consenting = '')", name=op.f('ck_committee_call_ground_with_consent')),
    sa.CheckConstraint('answer_hours > 0 AND fee >= 0', name=op.f('ck_committee_call_terms')),
    sa.CheckConstraint('size BETWEEN 1 AND 15 AND reserves BETWEEN 0 AND 30', name=op.f('ck_committee_call_sizes')),
    sa.ForeignKeyConstraint(['called_by_id'], ['app_user.id'], name=op.f('fk_committee_call_called_by_id')),
    sa.ForeignKeyConstraint(['register_id'], ['committee_draw.id'], name=op.f('fk_committee_call_register_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_committee_call_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_committee_call')),
    sa.UniqueConstraint('number', name=op.f('uq_committee_call_number'))
    )
    op.create_index(op.f('ix_committee_call_tender_id'), 'committee_call', ['tender_id'], unique=False)
    op.create_index('uq_committee_call_running', 'committee_call', ['tender_id'], unique=True, postgresql_where=sa.text("state IN ('planned', 'drawing')"))
    op.create_table('committee_invitee',
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('category', sa.Enum('performance', 'industry', 'finance', 'law', 'information', 'cost', 'scholar', 'congress', 'cppcc', 'audit', 'discipline', name='category', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('reserve', 'invited', 'accepted', 'declined', 'recused', 'lapsed', 'replaced', name='inviteestate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'accepted' OR seat_id IS NOT NULL", name=op.f('ck_committee_invitee_accepted_has_seat')),
    sa.CheckConstraint("state NOT IN ('declined', 'recused', 'replaced') OR reason <> ''", name=op.f('ck_committee_invitee_left_has_reason')),
    sa.ForeignKeyConstraint(['call_id'], ['committee_call.id'], name=op.f('fk_committee_invitee_call_id')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_committee_invitee_expert_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['committee_seat.id'], name=op.f('fk_committee_invitee_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_committee_invitee')),
    sa.UniqueConstraint('call_id', 'expert_id', name=op.f('uq_committee_invitee_call_id_expert_id'))
    )
    op.create_index(op.f('ix_committee_invitee_call_id'), 'committee_invitee', ['call_id'], unique=False)
    op.create_index(op.f('ix_committee_invitee_expert_id'), 'committee_invitee', ['expert_id'], unique=False)
    op.add_column('draw', sa.Column('held_for', sa.Text(), nullable=True))
    op.execute("UPDATE draw SET held_for = 'review:' || review_id")
    op.alter_column('draw', 'held_for', nullable=False)
    op.alter_column('draw', 'review_id',
               existing_type=sa.UUID(),
               nullable=True)
    op.drop_constraint(op.f('uq_draw_review_id_attempt'), 'draw', type_='unique')
    op.create_unique_constraint(op.f('uq_draw_held_for_attempt'), 'draw', ['held_for', 'attempt'])
    op.create_check_constraint(
        op.f('ck_draw_review_is_named'), 'draw', "(review_id IS NOT NULL) = (left(held_for, 7) = 'review:')"
    )


def downgrade() -> None:
    op.execute("DELETE FROM entropy_share WHERE draw_id IN (SELECT id FROM draw WHERE review_id IS NULL)")
    op.execute("DELETE FROM draw WHERE review_id IS NULL")
    op.drop_constraint(op.f('ck_draw_review_is_named'), 'draw', type_='check')
    op.drop_constraint(op.f('uq_draw_held_for_attempt'), 'draw', type_='unique')
    op.create_unique_constraint(op.f('uq_draw_review_id_attempt'), 'draw', ['review_id', 'attempt'])
    op.alter_column('draw', 'review_id',
               existing_type=sa.UUID(),
               nullable=False)
    op.drop_column('draw', 'held_for')
    op.drop_index(op.f('ix_committee_invitee_expert_id'), table_name='committee_invitee')
    op.drop_index(op.f('ix_committee_invitee_call_id'), table_name='committee_invitee')
    op.drop_table('committee_invitee')
    op.drop_index('uq_committee_call_running', table_name='committee_call', postgresql_where=sa.text("state IN ('planned', 'drawing')"))
    op.drop_index(op.f('ix_committee_call_tender_id'), table_name='committee_call')
    op.drop_table('committee_call')
