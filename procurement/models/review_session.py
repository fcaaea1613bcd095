"""The session in which a committee works, and how its experts did their duty."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from procurement.models.committee import CommitteeSeat
from procurement.models.tender import Tender
from procurement.states import DutyRating


class ReviewSession(Identified, Versioned, Base):
    """Where the committee sits, who supervises (at most two), phones handed in, the recording's number (R-COMM-08)."""

    __tablename__ = "review_session"

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    place: Mapped[str]
    supervisors: Mapped[list[str]]
    phones_kept: Mapped[bool]
    recording: Mapped[str] = mapped_column(default="")
    tender: Mapped[Tender] = relationship()


class DutyRecord(Identified, Versioned, Base):
    """How an expert did the duty (R-COMM-13), and the fee in yuan: nothing for a void or unfinished one (R-COMM-15)."""

    __tablename__ = "duty_record"
    __table_args__ = (CheckConstraint("fee >= 0", name="fee_positive"),)

    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"), unique=True)
    rating: Mapped[DutyRating]
    remark: Mapped[str] = mapped_column(default="")
    fee: Mapped[Decimal]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]
    seat: Mapped[CommitteeSeat] = relationship()
