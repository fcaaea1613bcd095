"""Seats of a panel, their invitations and their sheets."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from experts.models.expert import Expert
from experts.models.review import Review
from experts.states import Category, SeatState


class Seat(Identified, Versioned, Base):
    """A drawn or assigned expert: a seat of the panel or, until called, a reserve in its order.

    `is_spare` marks a reserve who is asked beside the panel, so that a vacated seat is taken at once. Whoever declined
    or let an invitation lapse may be asked again: that is a new seat, the old one keeps its answer.
    """

    __tablename__ = "seat"
    __table_args__ = (
        Index(
            "uq_seat_present",
            "review_id",
            "expert_id",
            unique=True,
            postgresql_where=text("state NOT IN ('declined', 'recused', 'lapsed', 'released')"),
        ),
        CheckConstraint("state NOT IN ('declined', 'recused') OR reason <> ''", name="decline_has_reason"),
        CheckConstraint("state <> 'accepted' OR declared_at IS NOT NULL", name="accepted_has_declared"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("review.id"), index=True)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    category: Mapped[Category]
    position: Mapped[int]
    state: Mapped[SeatState] = mapped_column(default=SeatState.RESERVE)
    invited_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    declared_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    is_spare: Mapped[bool] = mapped_column(default=False)
    review: Mapped[Review] = relationship()
    expert: Mapped[Expert] = relationship(lazy="joined")
    sheet: Mapped[Sheet | None] = relationship(back_populates="seat")


class Sheet(Identified, Versioned, Base):
    """A member's judgement (R-IND): six lines of points, a veto or not, an opinion; secret until all are locked."""

    __tablename__ = "sheet"
    __table_args__ = (CheckConstraint("NOT is_veto OR opinion <> ''", name="veto_has_opinion"),)

    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seat.id"), unique=True)
    opinion: Mapped[str] = mapped_column(default="")
    is_veto: Mapped[bool] = mapped_column(default=False)
    locked_at: Mapped[datetime | None]
    seat: Mapped[Seat] = relationship(back_populates="sheet")
    lines: Mapped[list[SheetLine]] = relationship(back_populates="sheet", cascade="all, delete-orphan")

    @property
    def total(self) -> Decimal:
        """The points of all lines together, out of 100."""
        return sum((line.points for line in self.lines), Decimal(0))


class SheetLine(Identified, Base):
    """The points of one line; `key` is the line's name in the rule data (R-IND)."""

    __tablename__ = "sheet_line"
    __table_args__ = (UniqueConstraint("sheet_id", "key"), CheckConstraint("points >= 0", name="points_positive"))

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sheet.id"), index=True)
    key: Mapped[str]
    points: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    sheet: Mapped[Sheet] = relationship(back_populates="lines")
