"""A committee judges conformity requirement by requirement.

Revision: conformity01, after remedies02
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = 'conformity01'
down_revision = 'remedies02'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('conformity_item',
    sa.Column('vote_id', sa.Uuid(), nullable=False),
    sa.Column('criterion_id', sa.Uuid(), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("passed OR reason <> ''", name=op.f('ck_conformity_item_failed_has_reason')),
    sa.ForeignKeyConstraint(['criterion_id'], ['criterion.id'], name=op.f('fk_conformity_item_criterion_id')),
    sa.ForeignKeyConstraint(['vote_id'], ['conformity_vote.id'], name=op.f('fk_conformity_item_vote_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conformity_item')),
    sa.UniqueConstraint('vote_id', 'criterion_id', name=op.f('uq_conformity_item_vote_id_criterion_id'))
    )
    op.create_index(op.f('ix_conformity_item_criterion_id'), 'conformity_item', ['criterion_id'], unique=False)
    op.create_index(op.f('ix_conformity_item_vote_id'), 'conformity_item', ['vote_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_conformity_item_vote_id'), table_name='conformity_item')
    op.drop_index(op.f('ix_conformity_item_criterion_id'), table_name='conformity_item')
    op.drop_table('conformity_item')
