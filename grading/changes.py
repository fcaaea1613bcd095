"""What changed in an agency's score since last year, and why: parts that add up to the whole difference. Pure.

First this year's tasks are reckoned under last year's rules: each element's weighted points beside last year's, and the
honesty deductions. What this year's rules add to that is a part of its own, and so is what rounding and bounds leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.records import Record
from grading.grade_record import grade, losses_in, tasks_in
from grading.grade_record import scored as task_scored
from grading.rule_sets import from_body
from grading.scale import BadRating, Grade, GradeRules, printed


@dataclass(frozen=True)
class Change:
    """One reason: an element's key, `honesty`, `rules` or `rest`, with the points it brought or took."""

    key: str
    points: Decimal


def changes(before: Record, now: Record) -> list[Change] | None:
    """Return why the score of `now` differs from that of `before` (full records), or None where one has no score.

    The parts add up to the difference of the two printed scores exactly.
    """
    if Grade.NONE.value in (before["result"]["grade"], now["result"]["grade"]):
        return None
    whole = Decimal(now["result"]["score"]) - Decimal(before["result"]["score"])
    old, new = from_body(before["rules"]), from_body(now["rules"])
    found: list[Change] = []
    try:
        then, today = _means(before, old), _means(now, old)
        under_old = grade(tasks_in(now), losses_in(now), old, now["year"])
    except BadRating:  # last year's rules ask for ratings that this year's tasks do not have
        return [Change("rules", whole)] if whole else []
    found += [Change(key, _points(today[key] - then[key])) for key in old.elements]
    deducted = Decimal(before["result"]["deducted"]) - under_old.deducted
    found.append(Change("honesty", deducted))
    found.append(Change("rules", Decimal(now["result"]["score"]) - under_old.score if old != new else Decimal(0)))
    rest = whole - sum((one.points for one in found), Decimal(0))
    return [one for one in (*found, Change("rest", rest)) if one.points]


def _means(record: Record, rules: GradeRules) -> dict[str, Fraction]:
    """Return each element's points, weighted over the year's tasks; a vetoed task brings none."""
    total, sums = Fraction(0), dict.fromkeys(rules.elements, Fraction(0))
    for task in tasks_in(record):
        weight = Fraction(rules.weight(task.amount, task.difficulty))
        total += weight
        points = task_scored(task, rules).points
        for key in sums:
            sums[key] += Fraction(0) if task.veto_reason is not None else points[key] * weight
    return {key: value / total if total else Fraction(0) for key, value in sums.items()}


def _points(value: Fraction) -> Decimal:
    return printed(value, 2) if value >= 0 else -printed(-value, 2)
