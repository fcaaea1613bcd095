"""What experts did on committees, in the pool; since when they work in their field.

Revision: expertduty01, after drills01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = 'expertduty01'
down_revision = 'drills01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('expert_duty',
    sa.Column('expert_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('rating', sa.Enum('good', 'ordinary', 'poor', 'breach', name='dutyrating', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('fee', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("rating NOT IN ('poor', 'breach') OR remark <> ''", name=op.f('ck_expert_duty_poor_has_remark')),
    sa.CheckConstraint('fee >= 0', name=op.f('ck_expert_duty_fee_positive')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_expert_duty_expert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_duty')),
    sa.UniqueConstraint('source', name=op.f('uq_expert_duty_source'))
    )
    op.create_index(op.f('ix_expert_duty_expert_id'), 'expert_duty', ['expert_id'], unique=False)
    op.add_column('expert', sa.Column('field_since', sa.Integer(), nullable=True))
    op.create_check_constraint(op.f('ck_expert_field_after_birth'), 'expert', 'field_since > birth_year')


def downgrade() -> None:
    op.drop_column('expert', 'field_since')
    op.drop_index(op.f('ix_expert_duty_expert_id'), table_name='expert_duty')
    op.drop_table('expert_duty')
