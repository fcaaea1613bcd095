"""Bidders at the opening: who signed in, and what they objected to (R-OPEN-03)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import User
from procurement.models.bid import Bid
from procurement.models.tender import Tender


class Attendance(Identified, Base):
    """A bidder signed in to the opening with its bid; one that did not accepts the result of the opening."""

    __tablename__ = "opening_attendance"
    __table_args__ = (UniqueConstraint("bid_id"),)

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]
    bid: Mapped[Bid] = relationship()
    user: Mapped[User] = relationship()


class Objection(Identified, Base):
    """A bidder's objection to the opening (开标异议), raised and answered on the spot."""

    __tablename__ = "opening_objection"
    __table_args__ = (
        CheckConstraint(
            "num_nulls(answer, answered_by_id, answered_at) IN (0, 3)",
            name="answered_whole",
        ),
        CheckConstraint("text <> ''", name="has_text"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    text: Mapped[str]
    raised_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    raised_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship()
    bid: Mapped[Bid] = relationship()
    raised_by: Mapped[User] = relationship(foreign_keys=[raised_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
