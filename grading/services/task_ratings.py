"""The ratings of decided tasks as rows: writing them once, reading them by task."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from grading.models import Measure, TaskRating, TaskScore
from grading.models.task_rating import KIND_CODES, MOST_RATERS

Ratings = dict[str, dict[str, list[Decimal]]]
"""By measure and kind of rater, one number (0–100) for each rater."""
Raters = dict[str, dict[str, list[uuid.UUID | None]]]
"""Who gave each of those; None for the calendar or a panel as a whole."""
KINDS_BY_CODE = {code: kind for kind, code in KIND_CODES.items()}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class GivenRating:
    """What one rater (`unit`, `bureau`, `experts`) gave for one measure, 0–100, kept to two places."""

    measure: str
    kind: str
    value: Decimal
    rater_id: uuid.UUID | None = None


def ratings_in(given: Iterable[GivenRating]) -> Ratings:
    """Return ratings by measure and kind, in the order in which they were given."""
    found: Ratings = {}
    for one in given:
        found.setdefault(one.measure, {}).setdefault(one.kind, []).append(_cents(one.value))
    return found


def write_ratings(uow: UnitOfWork, score: TaskScore, given: Sequence[GivenRating]) -> None:
    """Keep what a decided task was rated, once. Raises `Refused` for a rating outside its scale."""
    wrong = [one for one in given if not one.value.is_finite() or not 0 <= one.value <= 100]
    if wrong:
        raise Refused(
            Refusal(_l("评分 %(value)s 应在 0 至 100 之间", value=str(wrong[0].value)), rule_id="R-GRADE.task")
        )
    uow.session.flush()
    numbers, places = measure_numbers(uow, {one.measure for one in given}), dict[tuple[str, str], int]()
    rows = []
    for one in given:
        place = places.get((one.measure, one.kind), 0)
        if place >= MOST_RATERS:
            raise Refused(Refusal(_l("一项评分最多 %(count)s 人", count=MOST_RATERS), rule_id="R-GRADE.raters"))
        places[one.measure, one.kind] = place + 1
        rows.append(
            {
                "task": score.seq,
                "measure": numbers[one.measure],
                "kind": KIND_CODES[one.kind],
                "position": place,
                "value": _cents(one.value),
                "rater_id": one.rater_id,
            }
        )
    if rows:
        uow.session.execute(insert(TaskRating), rows)


def measure_numbers(uow: UnitOfWork, keys: Iterable[str], *, make: bool = True) -> dict[str, int]:
    """Return the numbers of measures, made where there is none yet unless told otherwise."""
    wanted = sorted(set(keys))
    if wanted and make:
        known = set(uow.session.scalars(select(Measure.key).where(Measure.key.in_(wanted))))
        new = [{"key": key} for key in wanted if key not in known]
        if new:
            uow.session.execute(postgresql.insert(Measure).values(new).on_conflict_do_nothing())
    rows = uow.session.execute(select(Measure.key, Measure.id).where(Measure.key.in_(wanted)))
    return {key: number for key, number in rows}  # noqa: C416 - rows, not pairs


def ratings_of_tasks(uow: UnitOfWork, tasks: Iterable[int]) -> dict[int, Ratings]:
    """Return the ratings of each of these tasks (`TaskScore.seq`) in one query."""
    return {task: ratings for task, (ratings, _raters) in ratings_and_raters(uow, tasks).items()}


def ratings_and_raters(uow: UnitOfWork, tasks: Iterable[int]) -> dict[int, tuple[Ratings, Raters]]:
    """Return the ratings of each of these tasks with who gave them, in one query."""
    chosen = list(tasks)
    found: dict[int, tuple[Ratings, Raters]] = {task: ({}, {}) for task in chosen}
    rows = uow.session.execute(
        select(TaskRating.task, Measure.key, TaskRating.kind, TaskRating.value, TaskRating.rater_id)
        .join(Measure, Measure.id == TaskRating.measure)
        .where(TaskRating.task.in_(chosen))
        .order_by(TaskRating.task, TaskRating.measure, TaskRating.kind, TaskRating.position)
    )
    for task, measure, code, value, rater in rows:
        ratings, raters = found[task]
        ratings.setdefault(measure, {}).setdefault(KINDS_BY_CODE[code], []).append(value)
        raters.setdefault(measure, {}).setdefault(KINDS_BY_CODE[code], []).append(rater)
    return found


def stored_ratings(uow: UnitOfWork, score: TaskScore) -> Ratings:
    """Return the ratings that a decided score was made of."""
    return ratings_of_tasks(uow, [score.seq])[score.seq]


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
