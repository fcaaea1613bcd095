"""key drills

Revision: drills01, after desk01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "drills01"
down_revision = "desk01"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('key_drill',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('keyholder_id', sa.Uuid(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('answer_sha256', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('passed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("answer_sha256 ~ '^[0-9a-f]{64}$'", name=op.f('ck_key_drill_answer_form')),
    sa.CheckConstraint('passed_at IS NULL OR passed_at >= made_at', name=op.f('ck_key_drill_passed_after_made')),
    sa.ForeignKeyConstraint(['keyholder_id'], ['keyholder.id'], name=op.f('fk_key_drill_keyholder_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_key_drill_tender_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_drill'))
    )
    op.create_index(op.f('ix_key_drill_keyholder_id'), 'key_drill', ['keyholder_id'], unique=False)
    op.create_index(op.f('ix_key_drill_tender_id'), 'key_drill', ['tender_id'], unique=False)



def downgrade() -> None:

    op.drop_index(op.f('ix_key_drill_tender_id'), table_name='key_drill')
    op.drop_index(op.f('ix_key_drill_keyholder_id'), table_name='key_drill')
    op.drop_table('key_drill')

