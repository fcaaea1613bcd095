"""Agencies, engagements and projects are found by words and listed by indexes at any size.

Revision: listing01, after agencyrec01
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "listing01"
down_revision = "agencyrec01"
branch_labels = None
depends_on = None

ROOT = Path(__file__).resolve().parents[2]
KEEPERS = (ROOT / "core" / "search" / "grams.sql", ROOT / "projects" / "words.sql", ROOT / "agencies" / "listing.sql")
INDEXES = (
    ("ix_engagement_state_opened_at", "engagement", ["state", "opened_at"]),
    ("ix_engagement_opened_at", "engagement", ["opened_at"]),
    ("ix_engagement_due_on", "engagement", ["due_on"]),
    ("ix_engagement_amount", "engagement", ["amount"]),
    ("ix_project_name", "project", ["name"]),
    ("ix_organisation_name", "organisation", ["name"]),
)
FUNCTIONS = (
    "listed_organisation_changed()", "engaged_project_renamed()", "engagement_altered()", "engagement_opened()",
    "agency_graded()", "agency_lead_written()", "agency_lead_shown()", "agencies_of(uuid[])", "agency_written()", "find_engagements_by(uuid[])",
    "find_agencies_by(uuid[])", "list_agencies(uuid[])", "district_in(text)", "project_unit_renamed()",
    "project_changed()", "find_projects_by(uuid[])", "search_grams(text)",
)


def words(table: str, noun: str) -> None:
    """Make a table of grams."""
    op.create_table(table,
    sa.Column(f'{noun}_id', sa.Uuid(), nullable=False),
    sa.Column('grams', postgresql.TSVECTOR(), nullable=False),
    sa.ForeignKeyConstraint([f'{noun}_id'], [f'{noun}.id'], name=op.f(f'fk_{table}_{noun}_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint(f'{noun}_id', name=op.f(f'pk_{table}'))
    )
    op.create_index(f'ix_{table}_grams', table, ['grams'], unique=False, postgresql_using='gin')


def upgrade() -> None:
    for noun in ("agency", "engagement", "project"):
        words(f"{noun}_words", noun)
    op.create_table('agency_listing',
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(collation='C'), nullable=False),
    sa.Column('uscc', sa.Text(), nullable=True),
    sa.Column('kind', sa.Enum('consulting', 'accounting', 'appraisal', 'law', 'research', 'university', name='agencykind', native_enum=False, create_constraint=True, length=60), nullable=False),
    sa.Column('fields', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('district', sa.Text(), nullable=False),
    sa.Column('admitted_on', sa.Date(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('leads', sa.Integer(), nullable=False),
    sa.Column('grade_id', sa.Uuid(), nullable=True),
    sa.Column('grade', sa.Enum('A', 'B', 'C', 'D', '-', name='grade', native_enum=False, create_constraint=True, length=60), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('score', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('tasks', sa.Integer(), nullable=False),
    sa.Column('points', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_agency_listing_agency_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('agency_id', name=op.f('pk_agency_listing'))
    )
    op.create_index('ix_agency_listing_name', 'agency_listing', ['name', 'agency_id'], unique=False)
    op.create_index('ix_agency_listing_kind_name', 'agency_listing', ['kind', 'name'], unique=False)
    op.create_index('ix_agency_listing_grade_name', 'agency_listing', ['grade', 'name'], unique=False)
    op.create_index('ix_agency_listing_district_name', 'agency_listing', ['district', 'name'], unique=False)
    op.create_index('ix_agency_listing_points', 'agency_listing', ['points'], unique=False)
    op.create_index('ix_agency_listing_admitted_on', 'agency_listing', ['admitted_on'], unique=False)
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns, unique=False)
    for file in KEEPERS:
        op.get_bind().connection.driver_connection.execute(file.read_text())
    op.execute("SELECT find_projects_by(array_agg(id)) FROM project")
    op.execute("SELECT list_agencies(array_agg(id)), find_agencies_by(array_agg(id)) FROM agency")
    # Engagements' words are written by the next step, which gives them the time of opening.


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
    for table in ("agency_listing", "project_words", "engagement_words", "agency_words"):
        op.drop_table(table)
