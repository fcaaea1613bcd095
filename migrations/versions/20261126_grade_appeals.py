"""Appeals of agencies against their grades.

Revision: grading02, after grading01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'grading02'
down_revision = "grading01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('grade_appeal',
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('filed', 'upheld', 'rejected', name='appealstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_by_id', sa.Uuid(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('correction', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'filed') = (decided_at IS NULL)", name=op.f('ck_grade_appeal_decided_has_time')),
    sa.CheckConstraint("(state = 'upheld') = (correction IS NOT NULL)", name=op.f('ck_grade_appeal_upheld_corrects')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_grade_appeal_decided_by_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['cycle_entry.id'], name=op.f('fk_grade_appeal_entry_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['app_user.id'], name=op.f('fk_grade_appeal_filed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grade_appeal'))
    )
    op.create_index('ix_grade_appeal_entry_id', 'grade_appeal', ['entry_id'], unique=False)
    op.create_index('uq_grade_appeal_open', 'grade_appeal', ['entry_id'], unique=True, postgresql_where=sa.text("state = 'filed'"))


def downgrade() -> None:
    op.drop_index('uq_grade_appeal_open', table_name='grade_appeal', postgresql_where=sa.text("state = 'filed'"))
    op.drop_index('ix_grade_appeal_entry_id', table_name='grade_appeal')
    op.drop_table('grade_appeal')
