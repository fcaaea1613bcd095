"""Correcting a price that does not agree with itself (R-PRICE-04)."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.bid import Bid
from procurement.states import CorrectionOrder, PriceStanding


class PriceCorrection(Identified, Base):
    """A price (yuan) as opened and as it must read, with the ground; it counts once the bidder has confirmed it.

    Refused or not confirmed in time, the bid is invalid.
    """

    __tablename__ = "price_correction"
    __table_args__ = (
        CheckConstraint("stated > 0 AND corrected > 0", name="prices_positive"),
        CheckConstraint("due_at > proposed_at", name="time_forward"),
        CheckConstraint("(confirmed IS NULL) = (answered_at IS NULL)", name="answer_has_time"),
    )

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    ground: Mapped[CorrectionOrder]
    stated: Mapped[Decimal]
    corrected: Mapped[Decimal]
    explanation: Mapped[str]
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"))
    proposed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    confirmed: Mapped[bool | None]
    signed_name: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    bid: Mapped[Bid] = relationship()

    def standing_at(self, instant: datetime) -> PriceStanding:
        """Whether it is confirmed, refused, still open, or not confirmed in time."""
        if self.confirmed is not None:
            return PriceStanding.CONFIRMED if self.confirmed else PriceStanding.REFUSED
        return PriceStanding.WAITING if instant < self.due_at else PriceStanding.LAPSED
