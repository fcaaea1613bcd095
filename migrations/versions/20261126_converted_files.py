"""The old file from which a delivered one was converted.

Revision: converted01, after recycled01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "converted01"
down_revision = "recycled01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission_file", sa.Column("original_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_submission_file_original_id"), "submission_file", "document", ["original_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_submission_file_original_id"), "submission_file", type_="foreignkey")
    op.drop_column("submission_file", "original_id")
