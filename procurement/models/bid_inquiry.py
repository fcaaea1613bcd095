"""The committee's written questions to a bidder, and its signed answers (R-EVAL-04, R-ALP-02)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.bid import Bid
from procurement.models.committee import CommitteeSeat
from procurement.states import InquiryKind, InquiryStanding


class BidInquiry(Identified, Base):
    """One letter: what is asked, until when it may be answered, and the answer with the name that signs it.

    An answer's papers are documents of this row. Whether the time is up is computed from `due_at`.
    """

    __tablename__ = "bid_inquiry"
    __table_args__ = (
        CheckConstraint("due_at > asked_at", name="time_forward"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_has_words"),
        CheckConstraint("(answered_at IS NULL) = (signed_name = '')", name="answered_is_signed"),
    )

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    kind: Mapped[InquiryKind]
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"))
    question: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    signed_name: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    bid: Mapped[Bid] = relationship()
    seat: Mapped[CommitteeSeat] = relationship()

    def standing_at(self, instant: datetime) -> InquiryStanding:
        """Where the letter stands at an instant."""
        if self.answered_at is not None:
            return InquiryStanding.ANSWERED
        return InquiryStanding.WAITING if instant < self.due_at else InquiryStanding.LAPSED

    @property
    def minutes(self) -> int:
        """How many whole minutes the bidder was given."""
        return int((self.due_at - self.asked_at).total_seconds() // 60)
