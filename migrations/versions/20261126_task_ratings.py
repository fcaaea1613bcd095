"""Ratings of decided tasks become rows; a task's score keeps agency, amount and sector of its decision.

Revision: ratings01, after converted01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'ratings01'
down_revision = "converted01"
branch_labels = None
depends_on = None

FACTS = """UPDATE task_score t SET agency_id = e.agency_id, amount = e.amount, sector = p.sector
    FROM engagement e JOIN project p ON p.id = e.project_id WHERE e.id = t.engagement_id"""
MEASURES = """INSERT INTO measure (key)
    SELECT DISTINCT m.key FROM task_score t, jsonb_each(t.parts->'ratings') m
    WHERE jsonb_typeof(t.parts->'ratings') = 'object' ORDER BY 1"""
ROWS = """INSERT INTO task_rating (task, measure, kind, position, value, rater_id)
    SELECT t.seq, d.id, CASE k.key WHEN 'unit' THEN 1 WHEN 'bureau' THEN 2 ELSE 3 END, v.nr - 1,
           round(v.value::numeric * 100), (t.parts->'raters'->m.key->k.key->>(v.nr - 1)::int)::uuid
    FROM task_score t, jsonb_each(t.parts->'ratings') m, jsonb_each(m.value) k,
         jsonb_array_elements_text(k.value) WITH ORDINALITY v(value, nr), measure d
    WHERE d.key = m.key"""
SLIM = "UPDATE task_score SET parts = parts - 'ratings' - 'raters'"
PARTS = """UPDATE task_score t SET parts = t.parts || jsonb_build_object('ratings', r.ratings, 'raters', r.raters)
    FROM (SELECT task, jsonb_object_agg(key, ratings) AS ratings,
                 coalesce(jsonb_object_agg(key, raters) FILTER (WHERE raters IS NOT NULL), '{}') AS raters
          FROM (SELECT task, key, jsonb_object_agg(kind, list) AS ratings,
                       jsonb_object_agg(kind, people) FILTER (WHERE people <> '[null]') AS raters
                FROM (SELECT r.task, m.key, (ARRAY['unit', 'bureau', 'experts'])[r.kind] AS kind,
                             jsonb_agg((r.value / 100.0)::numeric(5, 2)::text ORDER BY r.position) AS list,
                             jsonb_agg(r.rater_id ORDER BY r.position) AS people
                      FROM task_rating r JOIN measure m ON m.id = r.measure GROUP BY 1, 2, r.kind) a
                GROUP BY 1, 2) b
          GROUP BY 1) r
    WHERE r.task = t.seq"""


def upgrade() -> None:
    op.create_table('measure',
    sa.Column('id', sa.SmallInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure')),
    sa.UniqueConstraint('key', name=op.f('uq_measure_key'))
    )
    op.add_column('task_score', sa.Column('seq', sa.Integer(), sa.Identity(always=False), nullable=False))
    op.add_column('task_score', sa.Column('agency_id', sa.Uuid(), nullable=True))
    op.add_column('task_score', sa.Column('amount', sa.Numeric(precision=16, scale=2), nullable=True))
    op.add_column('task_score', sa.Column('sector', sa.Enum('farmers-income', 'employment', 'education', 'social-security', 'public-safety', name='sector', native_enum=False, create_constraint=True, length=60), nullable=True))
    op.create_unique_constraint(op.f('uq_task_score_seq'), 'task_score', ['seq'])
    op.create_table('task_rating',
    sa.Column('task', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('measure', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('position', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('value', sa.SmallInteger(), nullable=False),
    sa.Column('rater_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('kind BETWEEN 1 AND 3', name=op.f('ck_task_rating_kind_known')),
    sa.CheckConstraint('position BETWEEN 0 AND 99', name=op.f('ck_task_rating_position_range')),
    sa.CheckConstraint('value BETWEEN 0 AND 10000', name=op.f('ck_task_rating_value_range')),
    sa.ForeignKeyConstraint(['measure'], ['measure.id'], name=op.f('fk_task_rating_measure')),
    sa.ForeignKeyConstraint(['rater_id'], ['app_user.id'], name=op.f('fk_task_rating_rater_id')),
    sa.ForeignKeyConstraint(['task'], ['task_score.seq'], name=op.f('fk_task_rating_task')),
    sa.PrimaryKeyConstraint('task', 'measure', 'kind', 'position', name=op.f('pk_task_rating'))
    )
    for statement in (FACTS, MEASURES, ROWS, SLIM):
        op.execute(statement)
    for column in ('agency_id', 'amount', 'sector'):
        op.alter_column('task_score', column, nullable=False)
    op.create_index('ix_task_score_agency_id', 'task_score', ['agency_id'], unique=False)
    op.create_index('ix_task_score_year_seq', 'task_score', ['year', 'seq'], unique=False)
    op.create_foreign_key(op.f('fk_task_score_agency_id'), 'task_score', 'organisation', ['agency_id'], ['id'])


def downgrade() -> None:
    op.execute(PARTS)
    op.drop_table('task_rating')
    op.drop_constraint(op.f('fk_task_score_agency_id'), 'task_score', type_='foreignkey')
    op.drop_index('ix_task_score_year_seq', table_name='task_score')
    op.drop_index('ix_task_score_agency_id', table_name='task_score')
    op.drop_constraint(op.f('uq_task_score_seq'), 'task_score', type_='unique')
    for column in ('sector', 'amount', 'agency_id', 'seq'):
        op.drop_column('task_score', column)
    op.drop_table('measure')
