"""Reads for the pages of seasons."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from core.unit_of_work import UnitOfWork
from experts.models import Expert, Review, Season, SeasonReview, SeasonSeat
from experts.states import SeatedState


@dataclass(frozen=True)
class Load:
    """An expert's part in the plan: how many reviews, as a reserve in how many, and the mean fit."""

    expert: Expert
    seats: int
    reserves: int
    fit: Decimal


def seasons() -> Select[Season]:
    """Select every season with what its list shows."""
    return select(Season).options(selectinload(Season.parts), selectinload(Season.opened_by))


def load_season(uow: UnitOfWork, season_id: uuid.UUID) -> Season | None:
    """Return the season with this id."""
    return uow.get(Season, season_id)


def plan_of(uow: UnitOfWork, season: Season) -> Sequence[SeasonReview]:
    """Return the parts with the seats of the plan that stands, in their order; a constant number of queries."""
    return (
        uow.session.scalars(
            select(SeasonReview)
            .where(SeasonReview.season_id == season.id)
            .options(selectinload(SeasonReview.seats))
            .order_by(SeasonReview.position)
            .execution_options(populate_existing=True)
        )
        .unique()
        .all()
    )


def loads_in(parts: Sequence[SeasonReview]) -> list[Load]:
    """Return each expert's part in the plan, the busiest first."""
    by_expert: dict[uuid.UUID, list[SeasonSeat]] = {}
    for part in parts:
        for seat in part.seats:
            by_expert.setdefault(seat.expert_id, []).append(seat)
    found = []
    for seats in by_expert.values():
        seated = [one for one in seats if not one.is_reserve]
        if seated:
            mean = sum((one.fit for one in seated), Decimal(0)) / len(seated)
            found.append(Load(seats[0].expert, len(seated), len(seats) - len(seated), mean))
    return sorted(found, key=lambda one: (-one.seats, -one.fit, one.expert.user.name))


def season_of(uow: UnitOfWork, review: Review) -> Season | None:
    """Return the published season that seated this review, or None: then it was drawn."""
    return uow.session.scalar(
        select(Season)
        .join(SeasonReview, SeasonReview.season_id == Season.id)
        .where(SeasonReview.review_id == review.id, SeasonReview.outcome == SeatedState.SEATED)
    )
