"""What the pool knows of people's service, many at once, in a constant number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Executable, and_, func, select

from core.clock import shanghai
from core.unit_of_work import UnitOfWork
from experts.models import Expert, ExpertDuty, Review, Seat
from experts.states import Attendance, DutyKind, ReviewState, SeatState
from experts.suitability import ServiceRecord

SERVED = (SeatState.ACCEPTED, SeatState.SUBMITTED)


def service_records(uow: UnitOfWork, experts: Iterable[Expert | uuid.UUID]) -> dict[uuid.UUID, ServiceRecord]:
    """Return everybody's record by id (also of those without any), in two queries.

    A review counts in the year in which it was convened, a committee in the year it sat, as for R-EXP.load.
    """
    ids = [one.id if isinstance(one, Expert) else one for one in experts]
    begins, three = date(uow.today.year, 1, 1), date(uow.today.year - 2, 1, 1)
    seats = {row.expert_id: row for row in uow.session.execute(_seats(ids, begins, three))}
    duties = {row.expert_id: row for row in uow.session.execute(_duties(ids, begins, three))}
    return {one: _record(seats.get(one), duties.get(one)) for one in ids}


def _seats(ids: list[uuid.UUID], begins: date, three: date) -> Executable:
    served = and_(Seat.state.in_(SERVED), Review.state != ReviewState.CANCELLED)
    return (
        select(
            Seat.expert_id,
            func.count().filter(Seat.invited_at.is_not(None)).label("asked"),
            func.count().filter(Seat.state.in_(SERVED)).label("accepted"),
            func.count().filter(Seat.state == SeatState.DECLINED).label("declined"),
            func.count().filter(Seat.state == SeatState.LAPSED).label("silent"),
            func.count().filter(served, Review.convened_at >= shanghai(begins)).label("this_year"),
            func.count().filter(served, Review.convened_at >= shanghai(three)).label("three_years"),
            func.max(Review.meets_at).filter(served, Seat.state == SeatState.SUBMITTED).label("last"),
        )
        .join(Review, Review.id == Seat.review_id)
        .where(Seat.expert_id.in_(ids))
        .group_by(Seat.expert_id)
    )


def _duties(ids: list[uuid.UUID], begins: date, three: date) -> Executable:
    points = ExpertDuty.skill + ExpertDuty.fairness + ExpertDuty.discipline + ExpertDuty.timeliness
    committee = ExpertDuty.kind == DutyKind.COMMITTEE
    return (
        select(
            ExpertDuty.expert_id,
            func.count().filter(ExpertDuty.attendance == Attendance.ABSENT).label("absent"),
            func.count().filter(committee).label("committees"),
            func.count().filter(committee, ExpertDuty.held_on >= begins).label("this_year"),
            func.count().filter(committee, ExpertDuty.held_on >= three).label("three_years"),
            func.count(points).label("rated"),
            func.avg(points).label("average"),
            func.max(ExpertDuty.held_on).label("last"),
        )
        .where(ExpertDuty.expert_id.in_(ids))
        .group_by(ExpertDuty.expert_id)
    )


def _record(seats: Any, duties: Any) -> ServiceRecord:
    committees = duties.committees if duties else 0
    days = [one for one in (seats and seats.last and seats.last.date(), duties and duties.last) if one]
    average = duties.average if duties else None
    return ServiceRecord(
        asked=(seats.asked if seats else 0) + committees,
        accepted=(seats.accepted if seats else 0) + committees,
        declined=seats.declined if seats else 0,
        silent=seats.silent if seats else 0,
        absent=duties.absent if duties else 0,
        this_year=(seats.this_year if seats else 0) + (duties.this_year if duties else 0),
        three_years=(seats.three_years if seats else 0) + (duties.three_years if duties else 0),
        rated=duties.rated if duties else 0,
        average=Decimal(average).quantize(Decimal("0.01")) if average is not None else None,
        last_served_on=max(days, default=None),
    )
