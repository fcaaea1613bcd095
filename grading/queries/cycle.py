"""Reads for grading cycles, their entries and appeals."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import selectinload

from agencies.models import Agency, AgencyGrade
from agencies.states import Grade
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from grading.models import (
    CycleEntry,
    GradingCycle,
)
from grading.states import CycleState


def load_cycle(uow: UnitOfWork, cycle_id: uuid.UUID) -> GradingCycle | None:
    """Return the cycle with this id."""
    return uow.get(GradingCycle, cycle_id)


def load_grade(uow: UnitOfWork, grade_id: uuid.UUID) -> AgencyGrade | None:
    """Return the grade with this id."""
    return uow.get(AgencyGrade, grade_id)


def all_agencies(uow: UnitOfWork) -> list[Agency]:
    """Return the whole library with credit records, in order of name."""
    return list(
        uow.session.scalars(
            select(Agency)
            .join(Organisation, Organisation.id == Agency.organisation_id)
            .options(selectinload(Agency.credit))
            .order_by(Organisation.name)
        )
    )


def cycles(actor: Actor) -> Select[GradingCycle]:
    """Select the grading cycles; whoever may browse them may read all."""
    query = select(GradingCycle)
    return query.where(false()) if actor.is_anonymous else query


def entries_of(cycle: GradingCycle, *, text: str = "", grade: str = "") -> Select[CycleEntry]:
    """Select a cycle's entries by the agency's name and by grade."""
    query = (
        select(CycleEntry)
        .join(Agency, Agency.id == CycleEntry.agency_id)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .where(CycleEntry.cycle_id == cycle.id)
        .options(selectinload(CycleEntry.agency))
    )
    if text:
        query = query.where(Organisation.name.ilike(f"%{text}%"))
    if grade in {member.value for member in Grade}:
        query = query.where(CycleEntry.grade == Grade(grade))
    return query


def grade_counts(uow: UnitOfWork, cycle: GradingCycle) -> dict[Grade, int]:
    """Return how many agencies of a cycle have each grade."""
    rows = uow.session.execute(
        select(CycleEntry.grade, func.count()).where(CycleEntry.cycle_id == cycle.id).group_by(CycleEntry.grade)
    )
    found = {row[0]: row[1] for row in rows}
    return {grade: found.get(grade, 0) for grade in Grade}


def load_entry(uow: UnitOfWork, entry_id: uuid.UUID) -> CycleEntry | None:
    """Return the entry with this id."""
    return uow.get(CycleEntry, entry_id)


def entry_before(uow: UnitOfWork, entry: CycleEntry) -> CycleEntry | None:
    """Return the same agency's entry of the latest earlier year that was published."""
    return uow.session.scalar(
        select(CycleEntry)
        .join(GradingCycle, GradingCycle.id == CycleEntry.cycle_id)
        .where(
            CycleEntry.agency_id == entry.agency_id,
            GradingCycle.year < entry.cycle.year,
            GradingCycle.state == CycleState.PUBLISHED,
        )
        .order_by(GradingCycle.year.desc())
        .limit(1)
    )


def entry_of_grade(uow: UnitOfWork, grade: AgencyGrade) -> CycleEntry | None:
    """Return the entry of the published cycle that a grade comes from."""
    return uow.session.scalar(
        select(CycleEntry)
        .join(GradingCycle, GradingCycle.id == CycleEntry.cycle_id)
        .where(
            CycleEntry.agency_id == grade.agency_id,
            GradingCycle.year == grade.year,
            GradingCycle.state == CycleState.PUBLISHED,
        )
    )


def grade_of_entry(uow: UnitOfWork, entry: CycleEntry) -> AgencyGrade | None:
    """Return the grade that was published from an entry, None before."""
    if entry.cycle.state is not CycleState.PUBLISHED:
        return None
    return uow.session.scalar(
        select(AgencyGrade).where(AgencyGrade.agency_id == entry.agency_id, AgencyGrade.year == entry.cycle.year)
    )


def published_grades(*, text: str = "", year: str = "", grade: str = "") -> Select[AgencyGrade]:
    """Select the published grades by the agency's name, by year and by grade; years without one only if asked for."""
    query = (
        select(AgencyGrade)
        .join(Agency, Agency.id == AgencyGrade.agency_id)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .where(AgencyGrade.published_at.is_not(None))
    )
    if text:
        query = query.where(Organisation.name.ilike(f"%{text}%"))
    if year.isdecimal() and len(year) == 4:
        query = query.where(AgencyGrade.year == int(year))
    if grade in {member.value for member in Grade}:
        return query.where(AgencyGrade.grade == Grade(grade))
    return query.where(AgencyGrade.grade != Grade.UNGRADED)


def published_years(uow: UnitOfWork) -> list[int]:
    """Return the years of which grades were published, the latest first."""
    query = select(AgencyGrade.year).where(AgencyGrade.published_at.is_not(None)).distinct()
    return list(uow.session.scalars(query.order_by(AgencyGrade.year.desc())))
