"""How long question letters took to be answered and reports to be corrected, in counts of days; and lateness."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Agency, Engagement
from agencies.states import EngagementState
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork
from grading.models import QuestionItem, QuestionLetter, Submission
from grading.queries.analysis_scope import Scope
from grading.states import LetterState, Stance
from projects.models import Project

Spans = list[tuple[int, bool, int]]
"""(days, whether it ended then, how many)."""
ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Lateness:
    """Letters: all, answered, of these after the day they were due, open still, and open past the day."""

    letters: int
    answered: int
    late: int
    open: int
    overdue: int


def _civil(column: Any) -> ColumnElement[date]:
    return cast(func.timezone(ZONE, column), Date)


def _corrected() -> ColumnElement[Any]:
    """The instant of the next version of the letter's report, or NULL."""
    later = aliased(Submission)
    return (
        select(func.min(later.delivered_at))
        .where(later.engagement_id == Submission.engagement_id, later.version > Submission.version)
        .correlate(Submission)
        .scalar_subquery()
    )


def _letters(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from letters sent in the years; those of engagements that were terminated are left out."""
    return (
        select(*columns)
        .select_from(QuestionLetter)
        .join(Submission, Submission.id == QuestionLetter.submission_id)
        .join(Engagement, Engagement.id == Submission.engagement_id)
        .join(Project, Project.id == Engagement.project_id)
        .join(Agency, Agency.organisation_id == Engagement.agency_id)
        .where(
            Engagement.state != EngagementState.TERMINATED,
            *scope.during(QuestionLetter.sent_at),
            *scope.of_task(),
        )
    )


def answer_spans(uow: UnitOfWork, scope: Scope, today: date) -> Spans:
    """Return in days how long the agencies took to answer, whether by words or by a corrected version."""
    answered = func.least(QuestionLetter.answered_at, _corrected())
    return _spans(uow, _letters(scope, answered.label("done"), QuestionLetter.sent_at.label("sent")), today)


def correction_spans(uow: UnitOfWork, scope: Scope, today: date) -> Spans:
    """Return in days how long corrected versions took; letters whose every finding was only explained ask for none."""
    asks = exists().where(
        QuestionItem.letter_id == QuestionLetter.id,
        or_(QuestionItem.stance.is_(None), QuestionItem.stance != Stance.EXPLAINS),
    )
    query = _letters(scope, _corrected().label("done"), QuestionLetter.sent_at.label("sent")).where(
        or_(asks, QuestionLetter.state == LetterState.CORRECTED)
    )
    return _spans(uow, query, today)


def _spans(uow: UnitOfWork, query: Select[Any], today: date) -> Spans:
    each = query.subquery()
    end = func.coalesce(_civil(each.c.done), literal(today, Date))
    days = cast(end - _civil(each.c.sent), Integer).label("days")
    over = each.c.done.is_not(None).label("over")
    rows = uow.session.execute(select(days, over, func.count()).group_by(days, over).order_by(days))
    return [(max(day, 0), ended, many) for day, ended, many in rows]


def _late_columns(today: date) -> tuple[Any, Any, Any, Any]:
    answered = func.least(QuestionLetter.answered_at, _corrected())
    done = answered.is_not(None)
    late = case((done, _civil(answered) > QuestionLetter.due_on), else_=False)
    overdue = case((done, False), else_=QuestionLetter.due_on < literal(today, Date))
    return done.label("done"), late.label("late"), overdue.label("overdue"), answered.label("answered")


def lateness(uow: UnitOfWork, scope: Scope, today: date) -> Lateness:
    """Return how many letters were answered late, and how many are open past their day (R-GRADE.reply)."""
    done, late, overdue, _answered = _late_columns(today)
    each = _letters(scope, done, late, overdue).subquery()
    row = uow.session.execute(select(*_counted(each)).select_from(each)).one()
    return Lateness(*row)


def lateness_by_agency(uow: UnitOfWork, scope: Scope, today: date, most: int) -> list[tuple[uuid.UUID, str, Lateness]]:
    """Return the agencies with most late and overdue letters first: id, name and how many."""
    done, late, overdue, _answered = _late_columns(today)
    each = _letters(scope, Agency.id.label("agency"), done, late, overdue).subquery()
    counts = _counted(each)
    rows = uow.session.execute(
        select(each.c.agency, Organisation.name, *counts)
        .join(Agency, Agency.id == each.c.agency)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .group_by(each.c.agency, Organisation.name)
        .order_by((counts[2] + counts[4]).desc(), counts[0].desc(), Organisation.name)
        .limit(most)
    )
    return [(row[0], row[1], Lateness(*row[2:])) for row in rows]


def _counted(each: Any) -> tuple[Any, ...]:
    return (
        func.count(),
        func.count().filter(each.c.done),
        func.count().filter(each.c.late),
        func.count().filter(~each.c.done),
        func.count().filter(each.c.overdue),
    )


def letters_behind(scope: Scope, today: date, *, only: str = "", agency: uuid.UUID | None = None) -> Select[Any]:
    """Select the letters behind a number; `only` is `late`, `open` or `overdue`."""
    done, late, overdue, _answered = _late_columns(today)
    query = _letters(scope, QuestionLetter)
    conditions = {"late": late.element, "open": ~done.element, "overdue": overdue.element}
    if only in conditions:
        query = query.where(conditions[only])
    return query if agency is None else query.where(Agency.id == agency)
