"""What ratings, absences and silences add up to (R-EXP.score, R-EXP.exit, R-EXP.suspension, R-EXP-03); pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.i18n import _l
from core.states import State

CENT = Decimal("0.01")
PARTS = ("skill", "fairness", "discipline", "timeliness")
"""The parts of a rating, by key in the rule data (R-EXP.score)."""


class Verdict(State):
    """What the rules say of somebody's service so far."""

    UNRATED = "unrated", _l("尚未评分"), "neutral"
    KEEP = "keep", _l("履职合格"), "good"
    SENIOR = "senior", _l("资深专家"), "good"
    SUSPEND = "suspend", _l("达到暂停条件"), "waiting"
    EXIT = "exit", _l("达到退出条件"), "bad"


@dataclass(frozen=True)
class Thresholds:
    """The rules' numbers: points, counts, and the years within which a senior expert's reviews must lie."""

    dismiss_below: Decimal
    reviews_min: int
    absences: int
    silences: int
    senior_reviews: int
    senior_from: Decimal
    senior_years: int


@dataclass(frozen=True)
class Mark:
    """The points of one service, out of 100, and its day."""

    day: date
    points: Decimal


@dataclass(frozen=True)
class YearScore:
    """A year's average of so many rated services."""

    year: int
    average: Decimal
    count: int


def average(marks: Sequence[Mark]) -> Decimal | None:
    """Return the mean of the points to two places, or None when nothing was rated."""
    if not marks:
        return None
    return (sum((one.points for one in marks), Decimal(0)) / len(marks)).quantize(CENT, ROUND_HALF_UP)


def year_scores(marks: Sequence[Mark]) -> list[YearScore]:
    """Return the average of each year in which something was rated, newest first."""
    years: dict[int, list[Mark]] = defaultdict(list)
    for one in marks:
        years[one.day.year].append(one)
    return [
        YearScore(year, average(years[year]) or Decimal(0), len(years[year])) for year in sorted(years, reverse=True)
    ]


def verdict(marks: Sequence[Mark], absences: int, silences: int, limits: Thresholds, today: date) -> Verdict:
    """Return what follows: an exit before a suspension, a distinction only where neither is due.

    `absences` and `silences` are counted since the last suspension was lifted.
    """
    mean = average(marks)
    if mean is not None and len(marks) >= limits.reviews_min and mean < limits.dismiss_below:
        return Verdict.EXIT
    if absences >= limits.absences or silences >= limits.silences:
        return Verdict.SUSPEND
    if mean is None:
        return Verdict.UNRATED
    since = date(today.year - limits.senior_years, today.month, min(today.day, 28))
    late = [one for one in marks if one.day > since]
    if len(late) >= limits.senior_reviews and all(one.points >= limits.senior_from for one in late):
        return Verdict.SENIOR
    return Verdict.KEEP
