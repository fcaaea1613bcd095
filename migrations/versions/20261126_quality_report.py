"""The yearly report on agencies' quality: figures with a digest, papers, release.

Revision: qualityreport01, after cycleruns01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'qualityreport01'
down_revision = 'cycleruns01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quality_report',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('preparing', 'draft', 'released', 'dropped', name='qualityreportstate', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('figures', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('digest', sa.Text(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(digest IS NULL) = (figures IS NULL) AND (digest IS NOT NULL OR state IN ('preparing', 'dropped'))", name=op.f('ck_quality_report_prepared_has_figures')),
    sa.CheckConstraint("state <> 'released' OR released_at IS NOT NULL", name=op.f('ck_quality_report_released_has_time')),
    sa.CheckConstraint('released_by_id IS NULL OR released_by_id <> made_by_id', name=op.f('ck_quality_report_four_eyes')),
    sa.ForeignKeyConstraint(['made_by_id'], ['app_user.id'], name=op.f('fk_quality_report_made_by_id')),
    sa.ForeignKeyConstraint(['released_by_id'], ['app_user.id'], name=op.f('fk_quality_report_released_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quality_report')),
    sa.UniqueConstraint('number', name=op.f('uq_quality_report_number'))
    )
    op.create_index('uq_quality_report_year', 'quality_report', ['year'], unique=True, postgresql_where=sa.text("state <> 'dropped'"))


def downgrade() -> None:
    op.drop_index('uq_quality_report_year', table_name='quality_report', postgresql_where=sa.text("state <> 'dropped'"))
    op.drop_table('quality_report')
