"""机构分类评级: from ratings to task scores, from those to the year's grade (R-GRADE). Pure; all numbers parameters.

All figures are exact until they are printed, half up, to the places that the rules state; the grade is read off the
printed score, so that what is published can be redone by hand.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from statistics import median

FULL = Decimal(100)


class BadRating(Exception):
    """A rating, weight or rule set with which nothing can be computed; carries the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} {en}")


class Grade(enum.StrEnum):
    """The yearly grade; NONE is 不参评(样本不足)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    NONE = "none"


class HonestyLoss(enum.StrEnum):
    """诚信失分 by the ladder of R-GRADE.year."""

    MINOR = "minor"
    MAJOR = "major"


def _numbers(**values: int) -> Mapping[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}


@dataclass(frozen=True)
class GradeRules:
    """The rule set in force; the defaults are the design values of the rulebook (confidence D).

    `elements` are the points of each element of a task score (R-GRADE.task), `process` the shares within 过程与沟通,
    `raters` the weights of unit, bureau and experts (R-GRADE.raters); `bands` the half-open lower ends of A, B, C
    (R-GRADE.bands); `losses` the honesty ladder and `repeat_factor` its growth (R-GRADE.year); `minimum_sample` the
    fewest tasks (R-GRADE.min); `spread` the deviation from the median above which a rater must give a reason.
    """

    version: str = "2026"
    elements: Mapping[str, Decimal] = field(
        default_factory=lambda: _numbers(plan=20, team=15, process=15, report=35, timeliness=10, archive=5)
    )
    process: Mapping[str, Decimal] = field(default_factory=lambda: _numbers(unit=60, bureau=40))
    raters: Mapping[str, Decimal] = field(default_factory=lambda: _numbers(unit=30, bureau=30, experts=40))
    bands: Mapping[Grade, Decimal] = field(
        default_factory=lambda: {Grade.A: Decimal(90), Grade.B: Decimal(80), Grade.C: Decimal(60)}
    )
    losses: Mapping[HonestyLoss, Decimal] = field(
        default_factory=lambda: {HonestyLoss.MINOR: Decimal(10), HonestyLoss.MAJOR: Decimal(15)}
    )
    repeat_factor: Decimal = Decimal(2)
    minimum_sample: int = 2
    spread: Decimal = Decimal(20)
    places: int = 2

    def __post_init__(self) -> None:
        """Raise BadRating unless elements add to 100, weights are positive and bands fall from A to C."""
        falling = [self.bands.get(grade) for grade in (Grade.A, Grade.B, Grade.C)]
        lawful = (
            sum(self.elements.values()) == FULL
            and all(value > 0 for table in (self.elements, self.process, self.raters) for value in table.values())
            and all(value >= 0 for value in self.losses.values())
            and None not in falling
            and FULL >= self.bands[Grade.A] > self.bands[Grade.B] > self.bands[Grade.C] > 0
        )
        if not lawful:
            raise BadRating(
                "评级规则不成立:各要素分值应合计 100,权重应为正数，等次分数线应依次降低。",
                "The rules do not hold: elements must add to 100, weights be positive and bands fall from A to C.",
            )


@dataclass(frozen=True)
class Combined:
    """What several raters' scores come to; nothing is trimmed.

    The exact score, the weights used, who was missing, the range, and whose deviation from the median of all scores
    is so large that a reason is required (R-GRADE.spread), as (kind, number).
    """

    score: Fraction
    weights: Mapping[str, Fraction]
    missing: tuple[str, ...]
    lowest: Decimal
    highest: Decimal
    reasons_due: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class TaskScore:
    """One assignment's printed score of 100, the exact points of each element, and whether a veto made it 0 (and D)."""

    total: Decimal
    points: Mapping[str, Fraction]
    vetoed: bool


@dataclass(frozen=True)
class YearTask:
    """One assignment of the year: its score, its weight (budget or difficulty), and whether it was vetoed."""

    id: str
    score: Decimal
    weight: Decimal
    vetoed: bool = False


@dataclass(frozen=True)
class Loss:
    """One loss of honesty; `repeated` doubles it."""

    id: str
    kind: HonestyLoss
    repeated: bool = False


@dataclass(frozen=True)
class YearGrade:
    """The year's printed score and grade, and how it came about: the weighted mean and what was deducted."""

    score: Decimal
    grade: Grade
    mean: Decimal
    deducted: Decimal
    sample: int


def printed(value: Fraction, places: int) -> Decimal:
    """Return an exact value that is not negative as printed: half up to so many decimal places."""
    scaled = value * 10**places
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-places)


def _rating(value: Decimal) -> Fraction:
    if not value.is_finite() or not 0 <= value <= FULL:
        raise BadRating(f"评分 {value} 应在 0–100 之间。", f"The rating {value} must lie between 0 and 100.")
    return Fraction(value)


def combine(given: Mapping[str, Sequence[Decimal]], weights: Mapping[str, Decimal], spread: Decimal) -> Combined:
    """Combine the scores (0-100) of each kind of rater: their mean, by the weights of the kinds (R-GRADE.raters).

    A kind that gave none is missing; its weight goes to the others in proportion, and both are shown. Raises BadRating
    when nobody rated, a kind is unknown, or a score is out of range.
    """
    unknown = sorted(set(given) - set(weights))
    if unknown:
        raise BadRating(f"未知的评分方:{unknown[0]}。", f"Unknown rater: {unknown[0]}.")
    scores = {kind: [_rating(one) for one in given[kind]] for kind in weights if given.get(kind)}
    if not scores:
        raise BadRating("没有任何评分。", "Nobody has rated.")
    total = sum((Fraction(weights[kind]) for kind in scores), Fraction(0))
    used = {kind: Fraction(weights[kind]) / total for kind in scores}
    score = sum((used[kind] * sum(values, Fraction(0)) / len(values) for kind, values in scores.items()), Fraction(0))
    every = [one for values in scores.values() for one in values]
    middle = median(every)
    due = tuple(
        (kind, number)
        for kind, values in scores.items()
        for number, one in enumerate(values)
        if abs(one - middle) > Fraction(spread)
    )
    flat = [one for kind in scores for one in given[kind]]
    return Combined(score, used, tuple(kind for kind in weights if kind not in scores), min(flat), max(flat), due)


def task_score(ratings: Mapping[str, Decimal | Fraction], rules: GradeRules, *, vetoed: bool = False) -> TaskScore:
    """Return the score of one assignment from its elements' ratings, each 0-100 (R-GRADE.task).

    A veto (R-GRADE.veto) makes the score 0. Raises BadRating when an element is missing, unknown or out of range.
    """
    if set(ratings) != set(rules.elements):
        odd = min(set(ratings) ^ set(rules.elements))
        raise BadRating(f"评分要素缺失或未知:{odd}。", f"An element is missing or unknown: {odd}.")
    points: dict[str, Fraction] = {}
    for name, worth in rules.elements.items():
        rating = ratings[name]
        exact = _rating(rating) if isinstance(rating, Decimal) else rating
        if not 0 <= exact <= 100:
            raise BadRating(f"评分 {exact} 应在 0–100 之间。", f"The rating {exact} must lie between 0 and 100.")
        points[name] = exact * Fraction(worth) / 100
    total = Decimal(0) if vetoed else printed(sum(points.values(), Fraction(0)), rules.places)
    return TaskScore(total, points, vetoed)


def loss_points(losses: Sequence[Loss], rules: GradeRules) -> Decimal:
    """Return what the losses of honesty take off: the ladder's points, times the repeat factor where repeated."""
    return sum((rules.losses[loss.kind] * (rules.repeat_factor if loss.repeated else 1) for loss in losses), Decimal(0))


def grade_of(score: Decimal, rules: GradeRules, *, honest: bool = True, vetoed: bool = False) -> Grade:
    """Return a printed score's grade: half-open bands, A only without honesty loss, D on a veto (R-GRADE.bands)."""
    if vetoed or score < rules.bands[Grade.C]:
        return Grade.D
    if score >= rules.bands[Grade.A] and honest:
        return Grade.A
    return Grade.B if score >= rules.bands[Grade.B] else Grade.C


def year_score(tasks: Sequence[YearTask], losses: Sequence[Loss], rules: GradeRules) -> YearGrade:
    """Return the year's score and grade of an agency (R-GRADE.year, R-GRADE.min, R-GRADE.bands, R-GRADE.veto).

    The weighted mean of the tasks less the honesty deductions, never below 0. A vetoed task makes the year 0 and D,
    whatever the sample; with fewer tasks than the minimum there is otherwise no grade. Raises BadRating for a weight
    that is not positive or a score out of range.
    """
    for task in tasks:
        _rating(task.score)
        if not task.weight.is_finite() or task.weight <= 0:
            raise BadRating(f"任务 {task.id} 的权重应为正数。", f"The weight of task {task.id} must be positive.")
    deducted = loss_points(losses, rules)
    total = sum((Fraction(task.weight) for task in tasks), Fraction(0))
    mean = (
        sum((Fraction(task.score) * Fraction(task.weight) for task in tasks), Fraction(0)) / total
        if tasks
        else Fraction(0)
    )
    vetoed = any(task.vetoed for task in tasks)
    score = Decimal(0) if vetoed else printed(max(Fraction(0), mean - Fraction(deducted)), rules.places)
    enough = vetoed or len(tasks) >= max(1, rules.minimum_sample)
    grade = grade_of(score, rules, honest=not losses, vetoed=vetoed) if enough else Grade.NONE
    return YearGrade(score, grade, printed(mean, rules.places), deducted, len(tasks))
