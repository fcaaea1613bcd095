"""What somebody was asked to and did, over the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.clock import SHANGHAI
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.appraisal import Mark, average
from experts.models import Expert, ExpertDuty, Seat
from experts.permissions import ReviewPermission
from experts.states import Attendance, DutyKind, ReviewState, SeatState

DECIDED = (ReviewState.PASSED, ReviewState.RETURNED, ReviewState.CANCELLED)
SERVED = (SeatState.ACCEPTED, SeatState.SUBMITTED)


@dataclass(frozen=True)
class Service:
    """One invitation or service: its day, number and title; the seat where it was a review, the duty once recorded."""

    day: date
    kind: DutyKind
    number: str
    title: str
    seat: Seat | None
    duty: ExpertDuty | None

    @property
    def took_part(self) -> bool:
        """Whether the expert was there."""
        if self.duty is not None:
            return self.duty.attendance is not Attendance.ABSENT
        return self.seat is not None and self.seat.state in SERVED


@dataclass(frozen=True)
class ServiceYear:
    """A year: how often asked, served and not come, the average of what was rated, the fees in yuan."""

    year: int
    asked: int
    served: int
    declined: int
    average: Decimal | None
    fees: Decimal


def services_of(uow: UnitOfWork, expert: Expert) -> list[Service]:
    """Return an expert's services that the reader may know of, newest first.

    Who sits in a running review is known to the expert and to those who may see the panel.
    """
    seats = uow.session.scalars(
        select(Seat)
        .where(Seat.expert_id == expert.id, Seat.state != SeatState.RESERVE)
        .options(selectinload(Seat.review))
    ).unique()
    duties = {
        one.source: one for one in uow.session.scalars(select(ExpertDuty).where(ExpertDuty.expert_id == expert.id))
    }
    is_own = uow.actor.user_id is not None and uow.actor.user_id == expert.user_id
    found = []
    for seat in seats:
        duty, review = duties.pop(f"seat:{seat.id}", None), seat.review
        open_to_reader = is_own or review.state in DECIDED
        if not open_to_reader and not policy.allows(uow.actor, ReviewPermission.SEE_PANEL, review):
            continue
        day = review.meets_at.astimezone(SHANGHAI).date()
        found.append(Service(day, DutyKind.REVIEW, review.number, review.engagement.project.name, seat, duty))
    found += [Service(one.held_on, one.kind, one.number, one.title, None, one) for one in duties.values()]
    return sorted(found, key=lambda one: (one.day, one.number), reverse=True)


def years_of(services: Sequence[Service]) -> list[ServiceYear]:
    """Return what the services add up to by year, newest first."""
    years: dict[int, list[Service]] = defaultdict(list)
    for one in services:
        years[one.day.year].append(one)
    return [_year(year, years[year]) for year in sorted(years, reverse=True)]


def _year(year: int, services: Sequence[Service]) -> ServiceYear:
    duties = [one.duty for one in services if one.duty is not None]
    marks = [Mark(one.held_on, one.points) for one in duties if one.points is not None]
    return ServiceYear(
        year,
        len(services),
        sum(one.took_part for one in services),
        sum(one.seat is not None and one.seat.state in (SeatState.DECLINED, SeatState.LAPSED) for one in services),
        average(marks),
        sum((one.fee for one in duties), Decimal(0)),
    )
