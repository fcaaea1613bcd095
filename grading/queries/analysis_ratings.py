"""The ratings of decided tasks, as the analysis takes them: this one function knows where they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from agencies.models import Agency
from core.unit_of_work import UnitOfWork
from grading.models import Measure, TaskRating, TaskScore
from grading.models.task_rating import KIND_CODES
from grading.queries.analysis_scope import Scope

KINDS = {code: kind for kind, code in KIND_CODES.items()}


@dataclass(frozen=True)
class RatingRow:
    """One rating (0–100): of which task, for which measure, by which kind of rater, by whom where that is known."""

    task: str
    year: int
    measure: str
    kind: str
    rater: str | None
    value: float


def ratings_in(uow: UnitOfWork, scope: Scope, most: int) -> list[RatingRow]:
    """Return the ratings of about so many tasks of each year at most: two queries.

    Of a larger year every so many-th task is taken in the order of decisions: the same ones every time.
    """
    within: list[ColumnElement[bool]] = [TaskScore.year.between(scope.first, scope.last)]
    # Where raters agreed on points, each counts with the same: that says nothing of how far they agree by themselves.
    within.append(TaskScore.parts["moderation"]["agreed"].astext.is_distinct_from("true"))
    if scope.sector is not None:
        within.append(TaskScore.sector == scope.sector)
    if scope.kind is not None:
        within.append(TaskScore.agency_id.in_(select(Agency.organisation_id).where(Agency.kind == scope.kind)))
    tasks = uow.session.execute(select(TaskScore.year, func.count()).where(*within).group_by(TaskScore.year))
    steps = {year: -(-count // most) for year, count in tasks}
    if not steps:
        return []
    rows = uow.session.execute(
        select(TaskScore.seq, TaskScore.year, Measure.key, TaskRating.kind, TaskRating.rater_id, TaskRating.value)
        .join(TaskRating, TaskRating.task == TaskScore.seq)
        .join(Measure, Measure.id == TaskRating.measure)
        .where(
            *within,
            or_(*((TaskScore.year == year) & (TaskScore.seq % step == 0) for year, step in steps.items())),
        )
        .order_by(TaskScore.seq, Measure.id, TaskRating.kind, TaskRating.position)
    )
    return [
        RatingRow(str(task), year, measure, KINDS[kind], str(rater) if rater else None, float(value))
        for task, year, measure, kind, rater, value in rows
    ]
