"""What an agency's reported change replaced stays to be read beside it.

Revision: agencyrec02, after comments01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "agencyrec02"
down_revision = "comments01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "agency_record_change",
        sa.Column("replaced", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("agency_record_change", "replaced")
