"""The ratings of decided tasks as their rows hold them, by task."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.models.task_rating import KIND_CODES, Measure, TaskRating

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

    @property
    def kept(self) -> Decimal:
        """The rating as its row holds it."""
        return self.value.quantize(CENT, ROUND_HALF_UP)


def ratings_in(given: Iterable[GivenRating]) -> Ratings:
    """Return ratings by measure and kind, in the order in which they were given."""
    found: Ratings = {}
    for one in given:
        found.setdefault(one.measure, {}).setdefault(one.kind, []).append(one.kept)
    return found


def ratings_and_raters(session: Session, tasks: Iterable[int]) -> dict[int, tuple[Ratings, Raters]]:
    """Return the ratings of each of these tasks (`TaskScore.seq`) with who gave them, in one query."""
    chosen = list(tasks)
    found: dict[int, tuple[Ratings, Raters]] = {task: ({}, {}) for task in chosen}
    rows = session.execute(
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
