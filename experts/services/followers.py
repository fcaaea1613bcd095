"""Who follows when a seat is vacated: the next of the same draw, or of the reserves that a season named."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from experts.draw.seats import NotSeated
from experts.exclusions import Exclusion
from experts.models import Draw, Expert, Review, Seat
from experts.quotas import CATEGORIES, capacities, kept
from experts.seats import LEFT, seats_of
from experts.services.conflicts import screen
from experts.services.draw_steps import continue_draw
from experts.states import Category, DrawState, ExpertState, SeatState


def draws_behind(uow: UnitOfWork, review: Review) -> list[Draw]:
    """Return the attempts of the draw that this review's panel comes from: its own, or that of an earlier round."""
    done = uow.session.scalar(
        select(Draw.review_id)
        .join(Review, Review.id == Draw.review_id)
        .where(Review.system_id == review.system_id, Draw.state == DrawState.DONE, Review.round <= review.round)
        .order_by(Review.round.desc(), Review.attempt.desc())
        .limit(1)
    )
    if done is None:
        return []
    return list(uow.session.scalars(select(Draw).where(Draw.review_id == done).order_by(Draw.attempt)))


def next_expert(uow: UnitOfWork, review: Review, seat: Seat, reason: str) -> Seat | None:
    """Continue the draw: find who follows, keep the replacement in its record, give the follower a seat."""
    draws = draws_behind(uow, review)
    if not draws:
        return _next_reserve(uow, review, seat)
    try:
        follower_id = continue_draw(uow, draws, seat.expert_id, reason, lambda names: _unavailable(uow, review, names))
    except NotSeated:  # assigned in a season, or asked again after a no that the draw has passed on already
        return _next_reserve(uow, review, seat)
    if follower_id is None:
        return None
    known = {one.expert_id: one for one in seats_of(uow, review) if one.state not in LEFT}
    if follower_id in known:
        return known[follower_id]
    expert = uow.get(Expert, follower_id)
    if expert is None:
        return None
    category = capacities([expert], kept(review.quotas), review.engagement.project.industry)[0]
    return next_seat(uow, review, expert, category)


def _next_reserve(uow: UnitOfWork, review: Review, seat: Seat) -> Seat | None:
    """Return the first reserve for the same kind of seat whom nothing bars; a spare one who said yes goes first."""
    waiting = [
        one
        for one in seats_of(uow, review)
        if _kind_of(one.category) == _kind_of(seat.category)
        and (one.state is SeatState.RESERVE or (one.is_spare and one.state in (SeatState.INVITED, SeatState.ACCEPTED)))
    ]
    if not waiting:
        return None
    free = {
        one.expert.id for one in screen(uow, review.engagement, only=[s.expert for s in waiting]) if not one.exclusion
    }
    ready = sorted(waiting, key=lambda one: (one.state is not SeatState.ACCEPTED, one.position))
    return next((one for one in ready if one.expert_id in free), None)


def _kind_of(category: Category) -> str:
    """Return which kind of seat a capacity fills (R-IND.seats); its own name where it fills none."""
    return next((key for key, members in CATEGORIES.items() if category in members), category.value)


def next_seat(uow: UnitOfWork, review: Review, expert: Expert, category: Category) -> Seat:
    """Give an expert a seat in reserve, after all others."""
    seat = uow.add(
        Seat(
            review_id=review.id,
            review=review,
            expert_id=expert.id,
            expert=expert,
            category=category,
            position=max((one.position for one in seats_of(uow, review)), default=0) + 1,
            state=SeatState.RESERVE,
            invited_at=None,
            answer_by=None,
            answered_at=None,
            declared_at=None,
        )
    )
    uow.session.flush()
    return seat


def _unavailable(uow: UnitOfWork, review: Review, names: Sequence[str]) -> dict[str, str]:
    """Return who of these may no longer follow, with the reason: out of the pool, conflict, suspension or a no."""
    active = select(Expert).where(Expert.state == ExpertState.ACTIVE, Expert.id.in_([uuid.UUID(one) for one in names]))
    found = dict.fromkeys(names, Exclusion.TERM.value)
    for one in screen(uow, review.engagement, only=uow.session.scalars(active).unique().all()):
        found[str(one.expert.id)] = one.exclusion.value if one.exclusion is not None else ""
    for seat in seats_of(uow, review):
        if seat.state in LEFT:
            found[str(seat.expert_id)] = seat.state.value
    return {name: reason for name, reason in found.items() if reason}
