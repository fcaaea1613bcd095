"""final offers keep the paper trail of bids

Revision: finalpaper01, after expertduty01
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'finalpaper01'
down_revision = 'expertduty01'
branch_labels = None
depends_on = None


STATES = ("sealed", "superseded", "withdrawn", "opened", "corrupt")
BEFORE = ("sealed", "superseded", "opened", "corrupt")
JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
RESULT = sa.Enum(
    "peeled", "closed", "no-key", "key", name="shareresult", native_enum=False, create_constraint=True, length=60
)


def _states(values: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_final_offer_offerstate"), "final_offer", type_="check")
    op.create_check_constraint(op.f("ck_final_offer_offerstate"), "final_offer", sa.column("state").in_(values))


def upgrade() -> None:
    op.add_column("final_call", sa.Column("begun_by_id", sa.Uuid(), nullable=True))
    op.add_column("final_call", sa.Column("record", JSON, nullable=True))
    op.create_foreign_key(op.f("fk_final_call_begun_by_id"), "final_call", "app_user", ["begun_by_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_final_call_record_at_end"), "final_call", "record IS NULL OR finished_at IS NOT NULL"
    )
    op.add_column("final_offer", sa.Column("size", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("final_offer", sa.Column("receipt", JSON, nullable=False, server_default="{}"))
    op.execute("UPDATE final_offer SET size = document.size FROM document WHERE document.id = final_offer.document_id")
    op.alter_column("final_offer", "size", server_default=None)
    op.alter_column("final_offer", "receipt", server_default=None)
    op.add_column("final_offer", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("final_offer", sa.Column("manifest", JSON, nullable=True))
    op.add_column("final_offer", sa.Column("opened_by", sa.Text(), nullable=True))
    _states(STATES)
    op.add_column("final_share", sa.Column("layer", sa.Text(), nullable=False, server_default=""))
    op.add_column("final_share", sa.Column("result", RESULT, nullable=False, server_default="peeled"))
    op.execute("UPDATE final_share SET result = 'closed' WHERE material = ''")
    op.alter_column("final_share", "layer", server_default=None)
    op.alter_column("final_share", "result", server_default=None)


def downgrade() -> None:
    op.drop_column("final_share", "result")
    op.drop_column("final_share", "layer")
    op.execute("UPDATE final_offer SET state = 'superseded' WHERE state = 'withdrawn'")
    _states(BEFORE)
    op.drop_column("final_offer", "opened_by")
    op.drop_column("final_offer", "manifest")
    op.drop_column("final_offer", "withdrawn_at")
    op.drop_column("final_offer", "receipt")
    op.drop_column("final_offer", "size")
    op.drop_constraint(op.f("ck_final_call_record_at_end"), "final_call", type_="check")
    op.drop_constraint(op.f("fk_final_call_begun_by_id"), "final_call", type_="foreignkey")
    op.drop_column("final_call", "record")
    op.drop_column("final_call", "begun_by_id")
