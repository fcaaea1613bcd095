"""The review of an abnormally low price (R-ALP-02)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.bid import Bid


class LowBidReview(Identified, Base):
    """What the bidder was asked, how it went and what the committee concluded; unproved, the bid is invalid.

    `minutes` is how long the bidder had to explain; `ground`, `course`, `basis` and `conclusion` are what the
    evaluation report must say.
    """

    __tablename__ = "low_bid_review"
    __table_args__ = (CheckConstraint("minutes >= 0", name="minutes_positive"),)

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    accepted: Mapped[bool]
    minutes: Mapped[int]
    ground: Mapped[str]
    course: Mapped[str]
    basis: Mapped[str]
    conclusion: Mapped[str]
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"))
    reviewed_at: Mapped[datetime]
    inquiry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bid_inquiry.id"))
    bid: Mapped[Bid] = relationship()
