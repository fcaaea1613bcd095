"""How a committee was chosen: the record of the provincial draw, of a selection with consent, or of the own draw."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.tender import Tender
from procurement.states import SeatSource


class CommitteeDraw(Identified, Base):
    """One draw or selection, with its number and time (R-POOL-01, R-COMM-04).

    `ground` and `consenting` (主管预算单位) belong to a selection by the purchaser itself, whose consent is a document
    of this row; `record` is the full record of a draw from the bureau's own pool, which `flask verify draw` checks.
    """

    __tablename__ = "committee_draw"
    __table_args__ = (
        CheckConstraint("source <> 'self-selected' OR (ground <> '' AND consenting <> '')", name="selected_by_consent"),
        CheckConstraint("(source = 'own-draw') = (record IS NOT NULL)", name="own_draw_has_record"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    source: Mapped[SeatSource]
    number: Mapped[str]
    drawn_at: Mapped[datetime]
    ground: Mapped[str] = mapped_column(default="")
    consenting: Mapped[str] = mapped_column(default="")
    excluded: Mapped[str] = mapped_column(default="")
    """What the draw's record says of people passed over and why."""
    record: Mapped[dict[str, Any] | None]
    registered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    registered_at: Mapped[datetime]
    tender: Mapped[Tender] = relationship()
