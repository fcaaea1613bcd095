"""Recording the grades that `grading` computes, for the register and the next tender."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from agencies.events import GradeRecorded
from agencies.models import Agency, AgencyGrade
from agencies.states import Grade
from core.events import publish
from core.unit_of_work import UnitOfWork


def record_grade(
    uow: UnitOfWork,
    agency: Agency,
    *,
    year: int,
    grade: Grade,
    score: Decimal | None,
    tasks: int,
    record: dict[str, Any],
    publish_now: bool = True,
) -> AgencyGrade:
    """Record the agency's grade of a year, replacing an earlier computation of the same year."""
    row = uow.session.scalar(select(AgencyGrade).where(AgencyGrade.agency_id == agency.id, AgencyGrade.year == year))
    before = {"grade": str(row.grade), "score": str(row.score)} if row else {}
    if row is None:
        row = uow.add(AgencyGrade(agency_id=agency.id, year=year, grade=grade, score=score, record=record, tasks=tasks))
    row.grade, row.score, row.record, row.tasks = grade, score, record, tasks
    row.published_at = uow.now if publish_now else None
    uow.session.flush()
    uow.session.expire(agency, ["grades"])
    uow.record("agency.grade", agency, before=before, after={"year": year, "grade": str(grade), "score": str(score)})
    publish(uow, GradeRecorded(row))
    return row
