"""A season: reviews assigned at once, what was decided by hand, every computation, and the plan that stands."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from experts.models.expert import Expert
from experts.models.review import Review
from experts.states import SeasonState, SeatedState, Verdict


class Season(Identified, Versioned, Base):
    """Reviews that are assigned together (R-EXP.season). `basis` says why experts are assigned and not drawn singly.

    `options` are the loads, fairness, co-service cap and chance of a pair; `seed` is fixed when the season is opened,
    before anybody knows a score, so that nobody draws until the result pleases; every run is kept.
    """

    __tablename__ = "season"
    __table_args__ = (
        CheckConstraint("title <> '' AND basis <> ''", name="has_words"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_time"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    basis: Mapped[str]
    state: Mapped[SeasonState] = mapped_column(default=SeasonState.PREPARING)
    options: Mapped[dict[str, Any]]
    seed: Mapped[str]
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    chosen_reason: Mapped[str] = mapped_column(default="")
    """Why a plan without chance was published."""
    opened_by: Mapped[User] = relationship()
    parts: Mapped[list[SeasonReview]] = relationship(back_populates="season", order_by="SeasonReview.position")
    runs: Mapped[list[SeasonRun]] = relationship(back_populates="season", order_by="SeasonRun.number.desc()")


class SeasonReview(Identified, Base):
    """A review of the season: how many of each kind it wants, its reserves, and what became of it."""

    __tablename__ = "season_review"
    __table_args__ = (UniqueConstraint("season_id", "review_id"),)

    season_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("season.id"), index=True)
    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("review.id"), index=True)
    position: Mapped[int]
    demand: Mapped[dict[str, Any]]
    outcome: Mapped[SeatedState] = mapped_column(default=SeatedState.WAITING)
    note: Mapped[str] = mapped_column(default="")
    season: Mapped[Season] = relationship(back_populates="parts")
    review: Mapped[Review] = relationship(lazy="joined")
    seats: Mapped[list[SeasonSeat]] = relationship(back_populates="part", cascade="all, delete-orphan")


class SeasonSeat(Identified, Base):
    """A pair of the plan that stands: fit with its parts, the kind of seat, and the chance it had in a lottery."""

    __tablename__ = "season_seat"
    __table_args__ = (UniqueConstraint("part_id", "expert_id"),)

    part_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("season_review.id"), index=True)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    kind: Mapped[str]
    fit: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    points: Mapped[dict[str, Any]]
    chance: Mapped[Decimal | None] = mapped_column(Numeric(7, 6))
    is_reserve: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    part: Mapped[SeasonReview] = relationship(back_populates="seats")
    expert: Mapped[Expert] = relationship(lazy="joined")


class SeasonChoice(Identified, Base):
    """A pair decided by hand, with who, when and why; it holds for every later computation until it is taken back."""

    __tablename__ = "season_choice"
    __table_args__ = (UniqueConstraint("part_id", "expert_id"), CheckConstraint("reason <> ''", name="has_reason"))

    part_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("season_review.id"), index=True)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    verdict: Mapped[Verdict]
    reason: Mapped[str]
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]
    part: Mapped[SeasonReview] = relationship()
    expert: Mapped[Expert] = relationship(lazy="joined")
    decided_by: Mapped[User] = relationship()


class SeasonRun(Identified, Base):
    """One computation: its options, and the proof of its result or the cause why there is none."""

    __tablename__ = "season_run"
    __table_args__ = (UniqueConstraint("season_id", "number"),)

    season_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("season.id"), index=True)
    number: Mapped[int]
    run_at: Mapped[datetime]
    run_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    options: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    cause: Mapped[dict[str, Any] | None]
    season: Mapped[Season] = relationship(back_populates="runs")
    run_by: Mapped[User | None] = relationship()
