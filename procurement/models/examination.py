"""The purchaser's examination of qualifications (R-QUAL-01)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from procurement.models.bid import Bid


class Examination(Identified, Versioned, Base):
    """Whether a bidder is qualified; a failed one has its reason.

    `items` are `{"condition", "met", "note"}`, one for each condition of the frozen record.
    """

    __tablename__ = "examination"
    __table_args__ = (CheckConstraint("passed OR reason <> ''", name="failed_has_reason"),)

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    passed: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    items: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    examined_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    examined_at: Mapped[datetime]
    bid: Mapped[Bid] = relationship()
