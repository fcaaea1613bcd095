"""Who sits on a review's panel: reads that services, workflow and pages share."""

from __future__ import annotations

from sqlalchemy import func, select

from core.unit_of_work import UnitOfWork
from experts.models import Review, Seat
from experts.states import SeatState

ON_PANEL = (SeatState.INVITED, SeatState.ACCEPTED, SeatState.SUBMITTED)
"""States of a seat that counts towards the panel's size, unless it is a spare one."""

LEFT = (SeatState.DECLINED, SeatState.RECUSED, SeatState.LAPSED, SeatState.RELEASED)
"""States of somebody who does not take part."""


def seats_of(uow: UnitOfWork, review: Review) -> list[Seat]:
    """Return every seat of the review, reserves last, in the order of the draw."""
    rows = uow.session.scalars(select(Seat).where(Seat.review_id == review.id)).unique().all()
    return sorted(rows, key=lambda seat: (seat.state is SeatState.RESERVE, seat.position))


def panel_of(uow: UnitOfWork, review: Review) -> list[Seat]:
    """Return those who are invited, have accepted or have submitted; reserves asked beside them are not of it."""
    return [seat for seat in seats_of(uow, review) if seat.state in ON_PANEL and not seat.is_spare]


def spares_of(uow: UnitOfWork, review: Review) -> list[Seat]:
    """Return the reserves who are asked beside the panel and have not said no, in the order of the draw."""
    return [seat for seat in seats_of(uow, review) if seat.state in ON_PANEL and seat.is_spare]


def locked_count(uow: UnitOfWork, review: Review) -> int:
    """Return how many sheets are locked."""
    return (
        uow.session.scalar(select(func.count()).where(Seat.review_id == review.id, Seat.state == SeatState.SUBMITTED))
        or 0
    )
