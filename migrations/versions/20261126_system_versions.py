"""What an indicator system said in each round

Revision: sysversions01
"""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sysversions01"
down_revision = "redflags01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator_system_version",
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rows", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("round >= 1", name=op.f("ck_indicator_system_version_round_counts")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["app_user.id"], name=op.f("fk_indicator_system_version_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["system_id"], ["indicator_system.id"], name=op.f("fk_indicator_system_version_system_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_system_version")),
        sa.UniqueConstraint("system_id", "round", name=op.f("uq_indicator_system_version_system_id_round")),
    )
    op.create_index(op.f("ix_indicator_system_version_system_id"), "indicator_system_version", ["system_id"])
    _keep_what_stands()


def _keep_what_stands() -> None:
    """Systems that were submitted before are kept as they stand now; they have not changed since."""
    bind = op.get_bind()
    systems = bind.execute(
        sa.text(
            "SELECT id, round, submitted_at, approved_at FROM indicator_system"
            " WHERE state IN ('submitted', 'under-review', 'approved') AND submitted_at IS NOT NULL"
        )
    ).all()
    for system in systems:
        rows = [
            {**row, "weight": format(row["weight"].normalize(), "f")}
            for row in bind.execute(
                sa.text(
                    "SELECT dimension, second, third, weight, target, standard, scoring, is_common"
                    " FROM indicator WHERE system_id = :system ORDER BY position"
                ),
                {"system": system.id},
            ).mappings()
        ]
        canonical = json.dumps({"indicators": rows}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        bind.execute(
            sa.text(
                "INSERT INTO indicator_system_version (id, system_id, round, rows, digest, submitted_at, approved_at)"
                " VALUES (gen_random_uuid(), :system, :round, CAST(:rows AS jsonb), :digest, :submitted, :approved)"
            ),
            {
                "system": system.id,
                "round": system.round,
                "rows": json.dumps(rows, ensure_ascii=False),
                "digest": hashlib.sha256(canonical.encode() + b"\n").hexdigest(),
                "submitted": system.submitted_at,
                "approved": system.approved_at,
            },
        )


def downgrade() -> None:
    op.drop_table("indicator_system_version")
