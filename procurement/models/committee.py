"""The evaluation committee, its votes on conformity and its scores."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from procurement.models.bid import Bid
from procurement.models.committee_draw import CommitteeDraw
from procurement.models.tender import Criterion, Tender
from procurement.states import DisciplineCode, SeatCategory, SeatSource, SeatState


class CommitteeSeat(Identified, Versioned, Base):
    """One member. Drawn from the provincial pool, so the draw is imported with its number and time (R-POOL-01).

    Names stay secret until the result notice (R-COMM-12); bidders' names are shown only after the declaration
    (R-COMM-06); the chair is never the purchaser's representative (R-COMM-08).
    """

    __tablename__ = "committee_seat"
    __table_args__ = (
        UniqueConstraint("tender_id", "user_id"),
        CheckConstraint("NOT (is_chair AND category = 'purchaser')", name="chair_is_expert"),
        CheckConstraint("(state = 'voided') = (void_code IS NOT NULL)", name="voided_has_code"),
        Index("uq_committee_seat_chair", "tender_id", unique=True, postgresql_where=text("is_chair")),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    name: Mapped[str]
    employer: Mapped[str]
    category: Mapped[SeatCategory]
    is_chair: Mapped[bool] = mapped_column(default=False)
    source: Mapped[SeatSource] = mapped_column(default=SeatSource.PROVINCIAL_DRAW)
    draw_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("committee_draw.id"))
    draw_number: Mapped[str]
    drawn_at: Mapped[datetime]
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("committee_seat.id"))
    state: Mapped[SeatState] = mapped_column(default=SeatState.NAMED)
    declared_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    dissent: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    void_code: Mapped[DisciplineCode | None]
    left_reason: Mapped[str] = mapped_column(default="")
    draw: Mapped[CommitteeDraw | None] = relationship()
    tender: Mapped[Tender] = relationship()
    user: Mapped[User] = relationship(lazy="joined")


class ConformityVote(Identified, Base):
    """A member's judgement of one bid: it follows from `items`, one for each substantive requirement.

    Without requirements in the documents there are no items, and the judgement is about the bid as a whole.
    """

    __tablename__ = "conformity_vote"
    __table_args__ = (
        UniqueConstraint("seat_id", "bid_id"),
        CheckConstraint("passed OR reason <> ''", name="failed_has_reason"),
    )

    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    passed: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    items: Mapped[list[ConformityItem]] = relationship(cascade="all, delete-orphan")


class ConformityItem(Identified, Base):
    """Whether a bid meets one substantive requirement in a member's judgement, with the reason where it does not."""

    __tablename__ = "conformity_item"
    __table_args__ = (
        UniqueConstraint("vote_id", "criterion_id"),
        CheckConstraint("passed OR reason <> ''", name="failed_has_reason"),
    )

    vote_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conformity_vote.id"), index=True)
    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("criterion.id"), index=True)
    passed: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")


class Score(Identified, Versioned, Base):
    """A member's points for one bid under one criterion; a draft until the member locks the sheet."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("seat_id", "bid_id", "criterion_id"),
        CheckConstraint("points >= 0", name="points_positive"),
    )

    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("criterion.id"), index=True)
    points: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    rationale: Mapped[str] = mapped_column(default="")
    seat: Mapped[CommitteeSeat] = relationship()
    bid: Mapped[Bid] = relationship()
    criterion: Mapped[Criterion] = relationship()
