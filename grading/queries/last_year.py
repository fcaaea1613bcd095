"""Reads that set a year's sheets beside the grades of the latest earlier year."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, Subquery, case, select
from sqlalchemy.dialects.postgresql import distinct_on

from agencies.states import Grade
from core.unit_of_work import UnitOfWork
from grading.models import CycleEntry, GradingCycle
from grading.states import CycleState

RANKS = {Grade.A: 1, Grade.B: 2, Grade.C: 3, Grade.D: 4}


@dataclass(frozen=True)
class Before:
    """What an agency had in the latest earlier year that was published."""

    year: int
    grade: Grade
    score: Decimal | None


def _earlier(cycle: GradingCycle) -> Subquery:
    """Each agency's entry of the latest published year before a cycle's."""
    return (
        select(CycleEntry.agency_id, GradingCycle.year, CycleEntry.grade, CycleEntry.score)
        .join(GradingCycle, GradingCycle.id == CycleEntry.cycle_id)
        .where(GradingCycle.year < cycle.year, GradingCycle.state == CycleState.PUBLISHED)
        .ext(distinct_on(CycleEntry.agency_id))
        .order_by(CycleEntry.agency_id, GradingCycle.year.desc())
        .subquery()
    )


def grades_before(uow: UnitOfWork, cycle: GradingCycle, agencies: Collection[uuid.UUID]) -> dict[uuid.UUID, Before]:
    """Return what these agencies had before; who had nothing is left out."""
    earlier = _earlier(cycle)
    query = select(earlier.c.agency_id, earlier.c.year, earlier.c.grade, earlier.c.score).where(
        earlier.c.agency_id.in_(agencies)
    )
    return {agency: Before(year, grade, score) for agency, year, grade, score in uow.session.execute(query)}


def moved(query: Select[CycleEntry], cycle: GradingCycle, way: str) -> Select[CycleEntry]:
    """Narrow a cycle's entries to those whose grade went `up` or `down` since the year before, or that are `new`."""
    if way not in ("up", "down", "new"):
        return query
    earlier = _earlier(cycle)
    query = query.outerjoin(earlier, earlier.c.agency_id == CycleEntry.agency_id)
    if way == "new":
        return query.where(earlier.c.agency_id.is_(None))
    now = case(RANKS, value=CycleEntry.grade)
    then = case(RANKS, value=earlier.c.grade)
    return query.where(now < then if way == "up" else now > then)
