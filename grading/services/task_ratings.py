"""The ratings of decided tasks as rows: written once, read by task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from grading.models import Measure, TaskRating, TaskScore
from grading.models.task_rating import KIND_CODES, MOST_RATERS
from grading.rating_rows import GivenRating, Raters, Ratings, ratings_in
from grading.rating_rows import ratings_and_raters as rows_of

__all__ = [
    "GivenRating",
    "Raters",
    "Ratings",
    "measure_numbers",
    "ratings_and_raters",
    "ratings_in",
    "stored_ratings",
    "write_ratings",
]


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
                "value": one.kept,
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


def ratings_and_raters(uow: UnitOfWork, tasks: Iterable[int]) -> dict[int, tuple[Ratings, Raters]]:
    """Return the ratings of each of these tasks (`TaskScore.seq`) with who gave them, in one query."""
    return rows_of(uow.session, tasks)


def stored_ratings(uow: UnitOfWork, score: TaskScore) -> Ratings:
    """Return the ratings that a decided score was made of."""
    return rows_of(uow.session, [score.seq])[score.seq][0]
