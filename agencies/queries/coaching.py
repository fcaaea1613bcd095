"""Who is on the coaching list: agencies whose newest published grade is C, and coachings that still run (R-GRADE.C)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import selectinload

from agencies.models import AgencyListing, Coaching
from agencies.states import CoachingState, Grade
from core.i18n import _l
from core.unit_of_work import UnitOfWork

WAITING = "waiting"
STATES = ((WAITING, _l("待安排")), *((one.value, one.label) for one in CoachingState))
MANY = 100
"""How far those without a coach are counted."""


def coached_matching(*, text: str = "", state: str = "") -> Select[AgencyListing]:
    """Select the list, derived from the grades: nobody is put on it by hand."""
    running = select(Coaching.agency_id).where(Coaching.state == CoachingState.RUNNING)
    weak = AgencyListing.grade == Grade.C
    query = select(AgencyListing).where(or_(weak, AgencyListing.agency_id.in_(running)))
    if text:
        query = query.where(AgencyListing.name.contains(text, autoescape=True))
    if state == WAITING:
        query = query.where(weak, ~_of_year())
    elif state == CoachingState.RUNNING.value:
        query = query.where(AgencyListing.agency_id.in_(running))
    elif state == CoachingState.CLOSED.value:
        query = query.where(_of_year(CoachingState.CLOSED))
    return query


def _of_year(state: CoachingState | None = None) -> ColumnElement[bool]:
    """Whether the agency is coached for the year of its newest grade."""
    own = select(Coaching.id).where(Coaching.agency_id == AgencyListing.agency_id, Coaching.year == AgencyListing.year)
    return (own if state is None else own.where(Coaching.state == state)).exists()


def coachings_of(uow: UnitOfWork, rows: Sequence[AgencyListing]) -> dict[uuid.UUID, Coaching]:
    """Return the coaching of each listed agency that has one: the running one, else that of its grade's year."""
    years = {one.agency_id: one.year for one in rows}
    known = select(Coaching).where(Coaching.agency_id.in_(years)).options(selectinload(Coaching.sessions))
    found: dict[uuid.UUID, Coaching] = {}
    for one in uow.session.scalars(known.order_by(Coaching.year)).unique():
        if one.state is CoachingState.RUNNING or one.year == years[one.agency_id]:
            found[one.agency_id] = one
    return found


def without_coach(uow: UnitOfWork) -> int:
    """Return how many wait for a coach, counted up to `MANY`."""
    waiting = coached_matching(state=WAITING).with_only_columns(AgencyListing.agency_id).limit(MANY).subquery()
    return uow.session.scalar(select(func.count()).select_from(waiting)) or 0


def load_coaching(uow: UnitOfWork, coaching_id: uuid.UUID) -> Coaching | None:
    """Return the coaching with this id."""
    return uow.get(Coaching, coaching_id)
