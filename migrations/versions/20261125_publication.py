"""Public notices and open data: what was published stands for ever, and the database itself keeps it.

Revision: publication01, after 9e821774c659
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'publication01'
down_revision = '9e821774c659'
branch_labels = None
depends_on = None

KEEP_RELEASES = """
CREATE OR REPLACE FUNCTION refuse_release_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published release never changes (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER ocds_release_stands BEFORE UPDATE OR DELETE ON ocds_release
    FOR EACH ROW EXECUTE FUNCTION refuse_release_change();
"""
KEEP_NOTICES = """
CREATE OR REPLACE FUNCTION refuse_notice_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.tender_id, NEW.kind, NEW.source, NEW.title, NEW.record, NEW.published_at)
        IS DISTINCT FROM (OLD.id, OLD.tender_id, OLD.kind, OLD.source, OLD.title, OLD.record, OLD.published_at)
    THEN
        RAISE EXCEPTION 'a published notice never changes (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER public_notice_stands BEFORE UPDATE OR DELETE ON public_notice
    FOR EACH ROW EXECUTE FUNCTION refuse_notice_change();
"""


def upgrade() -> None:
    op.create_table('ocds_release',
    sa.Column('tender_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('release_id', sa.Text(), nullable=False),
    sa.Column('ocid', sa.Text(), nullable=False),
    sa.Column('tag', sa.Text(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f('ck_ocds_release_sha256_form')),
    sa.CheckConstraint('position > 0', name=op.f('ck_ocds_release_position_positive')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_ocds_release_tender_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ocds_release')),
    sa.UniqueConstraint('release_id', name=op.f('uq_ocds_release_release_id')),
    sa.UniqueConstraint('tender_id', 'position', name=op.f('uq_ocds_release_tender_id_position'))
    )
    op.create_index(op.f('ix_ocds_release_ocid'), 'ocds_release', ['ocid'], unique=False)
    op.create_index('ix_ocds_release_released_at', 'ocds_release', ['released_at', 'release_id'], unique=False)
    op.create_table('public_notice',
    sa.Column('kind', sa.Enum('intention', 'tender', 'amendment', 'result', 'termination', 'contract', 'acceptance', name='noticekind', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('tender_id', sa.Uuid(), nullable=True),
    sa.Column('purchaser_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('record', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('record_hash', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('external_url', sa.Text(), nullable=False),
    sa.Column('external_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('registered_by_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(external_url = '') = (external_at IS NULL)", name=op.f('ck_public_notice_external_has_time')),
    sa.ForeignKeyConstraint(['purchaser_id'], ['organisation.id'], name=op.f('fk_public_notice_purchaser_id')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['app_user.id'], name=op.f('fk_public_notice_registered_by_id')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_public_notice_tender_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_notice')),
    sa.UniqueConstraint('source', name=op.f('uq_public_notice_source'))
    )
    op.create_index('ix_public_notice_published_at', 'public_notice', ['published_at', 'id'], unique=False)
    op.create_index(op.f('ix_public_notice_tender_id'), 'public_notice', ['tender_id'], unique=False)
    op.execute(KEEP_RELEASES)
    op.execute(KEEP_NOTICES)


def downgrade() -> None:
    op.drop_index(op.f('ix_public_notice_tender_id'), table_name='public_notice')
    op.drop_index('ix_public_notice_published_at', table_name='public_notice')
    op.drop_table('public_notice')
    op.drop_index('ix_ocds_release_released_at', table_name='ocds_release')
    op.drop_index(op.f('ix_ocds_release_ocid'), table_name='ocds_release')
    op.drop_table('ocds_release')
    op.execute('DROP FUNCTION refuse_notice_change()')
    op.execute('DROP FUNCTION refuse_release_change()')
