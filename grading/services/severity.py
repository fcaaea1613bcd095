"""The year's raters and how strict each is: from the report ratings on locked sheets (R-GRADE.spread)."""

from __future__ import annotations

import uuid
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import func, select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import User
from core.unit_of_work import UnitOfWork
from grading.models import CycleRater, CycleRun, GradingCycle, Measure, TaskRating, TaskScore
from grading.moderated import moderated_from
from grading.queries import scores_of_year
from grading.rating_rows import KINDS_BY_CODE
from grading.services.task_ratings import ratings_and_raters
from grading.severity import Effects, NothingToCompare, Strictness, estimate, strictness

CENT = Decimal("0.01")
AT_ONCE = 50_000
MOST_REPORTS = 5_000
MOST_RATERS, MOST_RATINGS = 3_000, 6_000_000
"""What the model computes within a gigabyte: three squares of the raters, some dozens of bytes for each rating."""


@dataclass(frozen=True)
class RaterLine:
    """One rater: severity with its standard error, or None where nobody else rated the same reports."""

    name: str
    reports: int | None
    severity: Decimal | None
    error: Decimal | None


@dataclass(frozen=True)
class ReportLine:
    """One report: plain mean and severity-adjusted rating with its 95 % interval."""

    number: str
    agency: str
    raw: Decimal
    adjusted: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Severities:
    """What the model of rater effects says about a year's report ratings."""

    raters: tuple[RaterLine, ...]
    reports: tuple[ReportLine, ...]
    noise: Decimal | None
    effects: Mapping[str, Mapping[str, list[Decimal]]]
    """By task number and kind of rater, each rating's severity, in the order of the ratings."""


def severities(uow: UnitOfWork, scores: Sequence[TaskScore]) -> Severities | None:
    """Return the model of a year's tasks, or None where no report was rated by two people."""
    places: list[tuple[int, str, uuid.UUID, float]] = []
    kept = ratings_and_raters(uow, [score.seq for score in scores])
    for number, score in enumerate(scores):
        ratings, raters = kept[score.seq]
        moderation = moderated_from(score.parts.get("moderation"))
        # How strict somebody is shows in what was locked before anybody saw another's sheet.
        report = (moderation.locked if moderation else ratings).get("report", {})
        for kind, people in raters.get("report", {}).items():
            values = report[kind]
            places += [
                (number, kind, who, float(value)) for who, value in zip(people, values, strict=True) if who is not None
            ]
    names = sorted({who for _number, _kind, who, _value in places}, key=str)
    numbers = sorted({number for number, _kind, _who, _value in places})
    try:
        found = estimate(
            [numbers.index(number) for number, _kind, _who, _value in places],
            [names.index(who) for _number, _kind, who, _value in places],
            [value for _number, _kind, _who, value in places],
        )
    except (NothingToCompare, ValueError):  # nobody rated at all, or nobody beside another
        return None
    severity: dict[uuid.UUID | None, Decimal] = {who: _cents(found.severity[at]) for at, who in enumerate(names)}
    effects: dict[str, dict[str, list[Decimal]]] = {}
    for score in scores:
        by_kind = kept[score.seq][1].get("report", {})
        moderation = moderated_from(score.parts.get("moderation"))
        if moderation is not None and moderation.is_agreed:
            continue  # what all agreed on is nobody's severity
        if any(who in severity for people in by_kind.values() for who in people):
            effects[score.engagement.number] = {
                kind: [severity.get(who, Decimal(0)) for who in people] for kind, people in by_kind.items()
            }
    return Severities(
        _raters(uow, names, _counts(names, [who for _number, _kind, who, _value in places]), found),
        tuple(_report(scores[number], found, at) for at, number in enumerate(numbers)),
        _cents(found.noise),
        effects,
    )


def severity_by_rater(uow: UnitOfWork, tasks: Any) -> dict[uuid.UUID, Decimal]:
    """Return how strict each rater of these tasks' reports is, to two places; empty where nothing can be compared.

    Raises `Refused` for more people or ratings than the model's squares fit into memory with.
    """
    found = _strictness(uow, tasks)
    if found is None:
        return {}
    model, places = found
    return {who: _cents(model.severity[at]) for who, at in places.items()}


def severities_of_cycle(uow: UnitOfWork, cycle: GradingCycle) -> Severities | None:
    """Return the model of a cycle's year; of very many tasks only the raters, as an adjusted computation left them."""
    scored = select(TaskScore.seq).where(TaskScore.year == cycle.year).limit(MOST_REPORTS + 1).subquery()
    if (uow.session.scalar(select(func.count()).select_from(scored)) or 0) <= MOST_REPORTS:
        return severities(uow, scores_of_year(uow, cycle.year))
    rows = uow.session.execute(
        select(User.name, CycleRater.severity)
        .join(CycleRater, CycleRater.rater_id == User.id)
        .join(CycleRun, CycleRun.id == CycleRater.run_id)
        .where(CycleRun.cycle_id == cycle.id, CycleRun.stands)
        .order_by(CycleRater.severity, User.name)
    )
    raters = tuple(RaterLine(name, None, severity, None) for name, severity in rows)
    return Severities(raters, (), None, {}) if raters else None


def _strictness(uow: UnitOfWork, tasks: Any) -> tuple[Strictness, dict[uuid.UUID, int]] | None:
    """Read report ratings as they come, numbers in place of objects; return the model and each rater's place in it."""
    report, rater, rating = array("i"), array("i"), array("d")
    places: dict[uuid.UUID, int] = {}
    rows = uow.session.execute(
        select(
            TaskRating.task,
            TaskRating.kind,
            TaskRating.position,
            TaskRating.rater_id,
            TaskRating.value,
            TaskScore.parts["moderation"],
        )
        .join(TaskScore, TaskScore.seq == TaskRating.task)
        .join(Measure, Measure.id == TaskRating.measure)
        .where(tasks, Measure.key == "report")
        .order_by(TaskRating.task, TaskRating.kind, TaskRating.position)
        .execution_options(yield_per=AT_ONCE)
    )
    last, number = None, -1
    for task, kind, position, who, counted, moderation in rows:
        if who is None:
            continue
        # How strict somebody is shows in what was locked before anybody saw another's sheet.
        left = moderated_from(moderation)
        value = left.locked["report"][KINDS_BY_CODE[kind]][position] if left else counted
        if task != last:
            last, number = task, number + 1
        report.append(number)
        rater.append(places.setdefault(who, len(places)))
        rating.append(float(value))
        if len(places) > MOST_RATERS or len(rating) > MOST_RATINGS:
            raise Refused(
                Refusal(
                    _l(
                        "宽严校正最多支持一年 %(people)s 名评分人、%(ratings)s 条报告评分；请改用不校正的规则",
                        people=MOST_RATERS,
                        ratings=MOST_RATINGS,
                    ),
                    rule_id="R-GRADE.spread",
                    field="rule_set",
                )
            )
    if not rating:
        return None
    raters = np.frombuffer(rater, np.int32).astype(np.int64)
    try:
        model = strictness(np.frombuffer(report, np.int32).astype(np.int64), raters, np.frombuffer(rating, np.float64))
    except NothingToCompare:
        return None
    return model, places


def _raters(uow: UnitOfWork, ids: Sequence[uuid.UUID], many: Sequence[int], found: Effects) -> tuple[RaterLine, ...]:
    people = uow.session.scalars(select(User).where(User.id.in_(ids)))
    names = {one.id: one.name for one in people}
    lines = [
        RaterLine(
            names.get(one, str(one)),
            many[at],
            _cents(found.severity[at]) if found.known[at] else None,
            _cents(found.severity_error[at]) if found.known[at] else None,
        )
        for at, one in enumerate(ids)
    ]
    return tuple(sorted(lines, key=lambda line: (line.severity is None, line.severity or 0, line.name)))


def _counts(ids: Sequence[uuid.UUID], rated: Sequence[uuid.UUID]) -> list[int]:
    return [rated.count(one) for one in ids]


def _report(score: TaskScore, found: Effects, at: int) -> ReportLine:
    low, high = found.interval(at)
    engagement = score.engagement
    values = (_cents(one) for one in (found.raw[at], found.adjusted[at], low, high))
    return ReportLine(engagement.number, engagement.agency.name, *values)


def _cents(value: float) -> Decimal:
    return Decimal(float(value)).quantize(CENT)
