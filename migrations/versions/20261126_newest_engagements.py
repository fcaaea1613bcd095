"""The newest of very many engagements that hold a word are found at once

Revision: listing02, after certificate01
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "listing02"
down_revision = "certificate01"
branch_labels = None
depends_on = None

ROOT = Path(__file__).resolve().parents[2]
KEEPERS = (ROOT / "projects" / "words.sql", ROOT / "agencies" / "listing.sql")


def upgrade() -> None:
    op.execute("DELETE FROM engagement_words")
    op.add_column('engagement_words', sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False))
    op.create_index('ix_engagement_words_opened_at', 'engagement_words', ['opened_at'], unique=False)
    for file in KEEPERS:
        op.get_bind().connection.driver_connection.execute(file.read_text())
    op.execute("SELECT find_engagements_by(array_agg(id)) FROM engagement")


def downgrade() -> None:
    op.drop_index('ix_engagement_words_opened_at', table_name='engagement_words')
    op.drop_column('engagement_words', 'opened_at')
