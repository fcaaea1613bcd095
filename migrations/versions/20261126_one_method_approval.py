"""The approval of another method after a failure stands where every approval of a method stands

Revision: oneapprov01, after agentdep01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = 'oneapprov01'
down_revision = 'agentdep01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO tender_preparation (tender_id, category, in_catalogue, method_reason, method_approval,"
        " urgent_reason, wording_reason)"
        " SELECT successor_id, 'evaluation', false, '', '', '', '' FROM retender WHERE approval_number <> ''"
        " ON CONFLICT (tender_id) DO NOTHING"
    )
    op.execute(
        "UPDATE tender_preparation SET method_approval = retender.approval_number FROM retender"
        " WHERE retender.successor_id = tender_preparation.tender_id AND retender.approval_number <> ''"
    )
    op.drop_column("retender", "approval_number")


def downgrade() -> None:
    op.add_column("retender", sa.Column("approval_number", sa.Text(), nullable=False, server_default=""))
    op.alter_column("retender", "approval_number", server_default=None)
