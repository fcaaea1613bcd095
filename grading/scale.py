"""机构分类评级: from ratings to task scores, from those to the year's grade (R-GRADE). Pure; all numbers parameters.

All figures are exact until they are printed, half up, to the places that the rules state; the grade is read off the
printed score, so that what is published can be redone by hand.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median

from agencies.honesty import is_repeated

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


Title = tuple[str, str]
"""A name in Chinese and in English."""


@dataclass(frozen=True)
class GradeRules:
    """One rule set; the defaults are the design values of the rulebook (confidence D).

    `elements` are the points of each element of a task score (R-GRADE.task); an element is rated by the measures that
    `measures` names, else by the measure of its own name; `full_from` makes one all or nothing from a rating on.
    `raters` are the weights of unit, bureau and experts (R-GRADE.raters), `element_raters` those of single elements;
    `bands` the lower ends of A, B, C (R-GRADE.bands), half-open, except that one in `above` leaves its own end out.
    `losses` are the honesty ladder and `repeat_factor` its growth (R-GRADE.year): they are taken off the mean of the
    tasks, or off `honesty` points which then are part of the hundred; `losses_from` says whether those of the year
    count or those that still stand at its end. `weigh_by` weighs tasks by amount, difficulty or equally;
    `minimum_sample` is the fewest tasks (R-GRADE.min); above `spread` points from the median a rater says why;
    `urgent` are added to a task done in a hurry, up to the full points; `counts` says whether ratings count as given
    or less each rater's severity.
    """

    version: str = "2026"
    key: str = "house"
    elements: Mapping[str, Decimal] = field(
        default_factory=lambda: _numbers(plan=20, team=15, process=15, report=35, timeliness=10, archive=5)
    )
    measures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    full_from: Mapping[str, Decimal] = field(default_factory=dict)
    raters: Mapping[str, Decimal] = field(default_factory=lambda: _numbers(unit=30, bureau=30, experts=40))
    element_raters: Mapping[str, Mapping[str, Decimal]] = field(
        default_factory=lambda: {"process": _numbers(unit=60, bureau=40)}
    )
    bands: Mapping[Grade, Decimal] = field(
        default_factory=lambda: {Grade.A: Decimal(90), Grade.B: Decimal(80), Grade.C: Decimal(60)}
    )
    above: frozenset[Grade] = frozenset()
    losses: Mapping[HonestyLoss, Decimal] = field(
        default_factory=lambda: {HonestyLoss.MINOR: Decimal(10), HonestyLoss.MAJOR: Decimal(15)}
    )
    repeat_factor: Decimal = Decimal(2)
    honesty: Decimal = Decimal(0)
    losses_from: str = "year"
    weigh_by: str = "amount"
    difficulty: Mapping[str, Decimal] = field(
        default_factory=lambda: {"simple": Decimal(1), "usual": Decimal("1.2"), "complex": Decimal("1.5")}
    )
    urgent: Decimal = Decimal(0)
    minimum_sample: int = 2
    spread: Decimal = Decimal(20)
    counts: str = "raw"
    places: int = 2
    titles: Mapping[str, Title] = field(default_factory=dict)
    """Names of elements and grades where the rule set has its own."""

    def __post_init__(self) -> None:
        """Raise BadRating unless elements add to 100, weights are positive and bands fall from A to C."""
        falling = [self.bands.get(grade) for grade in (Grade.A, Grade.B, Grade.C)]
        weights = (self.elements, self.raters, self.difficulty, *self.element_raters.values())
        used = [measure for element in self.elements for measure in self.measures_of(element)]
        lawful = (
            sum(self.elements.values()) + self.honesty == FULL
            and all(value > 0 for table in weights for value in table.values())
            and all(value >= 0 for value in (*self.losses.values(), self.honesty, self.urgent))
            and None not in falling
            and FULL >= self.bands[Grade.A] > self.bands[Grade.B] > self.bands[Grade.C] >= 0
            and len(set(used)) == len(used)
            and self.weigh_by in WEIGH_BY
            and self.losses_from in LOSSES_FROM
            and self.counts in COUNTS
        )
        if not lawful:
            raise BadRating(
                "评级规则不成立:各要素分值应合计 100,权重应为正数，等次分数线应依次降低。",
                "The rules do not hold: elements must add to 100, weights be positive and bands fall from A to C.",
            )

    def measures_of(self, element: str) -> tuple[str, ...]:
        """Return the measures whose mean rates an element."""
        return self.measures.get(element, (element,))

    def raters_of(self, element: str) -> Mapping[str, Decimal]:
        """Return the weights of the kinds of raters for an element."""
        return self.element_raters.get(element, self.raters)

    def weight(self, amount: Decimal, difficulty: str) -> Decimal:
        """Return what a task weighs in the year; one without a price still counts (R-GRADE.year)."""
        if self.weigh_by == "amount":
            return amount if amount > 0 else Decimal(1)
        if self.weigh_by == "difficulty":
            return self.difficulty[difficulty]
        return Decimal(1)


WEIGH_BY = ("amount", "difficulty", "equal")
LOSSES_FROM = ("year", "standing")
COUNTS = ("raw", "adjusted")


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
    """One assignment of the year: its score, its weight (budget or difficulty), whether it was vetoed, its sector."""

    id: str
    score: Decimal
    weight: Decimal
    vetoed: bool = False
    sector: str = ""


@dataclass(frozen=True)
class Loss:
    """One loss of honesty; `repeated` doubles it."""

    id: str
    kind: HonestyLoss
    repeated: bool = False


@dataclass(frozen=True)
class Misconduct:
    """An entry of the credit record: what it costs by the ladder, when it happened, and until when it stands."""

    id: str
    kind: HonestyLoss
    happened_on: date
    expires_on: date


def counted(entries: Sequence[Misconduct], year: int, rules: GradeRules) -> list[Loss]:
    """Return the losses that count for a year, in order of time; one that came while another stood is repeated.

    Those that happened in the year, or (`losses_from` "standing") those that its last day still finds: points that ran
    out have come back.
    """
    ordered = sorted(entries, key=lambda one: (one.happened_on, one.id))
    last = date(year, 12, 31)
    found = []
    for one in ordered:
        standing = one.happened_on <= last <= one.expires_on
        if not (standing if rules.losses_from == "standing" else one.happened_on.year == year):
            continue
        found.append(Loss(one.id, one.kind, is_repeated(one.happened_on, ordered)))
    return found


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


def task_score(
    ratings: Mapping[str, Decimal | Fraction], rules: GradeRules, *, vetoed: bool = False, urgent: bool = False
) -> TaskScore:
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
        if name in rules.full_from:
            exact = Fraction(100 if exact >= rules.full_from[name] else 0)
        points[name] = exact * Fraction(worth) / 100
    exact = sum(points.values(), Fraction(0)) + (Fraction(rules.urgent) if urgent else 0)
    exact = min(exact, Fraction(FULL - rules.honesty))
    return TaskScore(Decimal(0) if vetoed else printed(exact, rules.places), points, vetoed)


def loss_points(losses: Sequence[Loss], rules: GradeRules) -> Decimal:
    """Return what the losses of honesty take off: the ladder's points, times the repeat factor where repeated."""
    return sum((rules.losses[loss.kind] * (rules.repeat_factor if loss.repeated else 1) for loss in losses), Decimal(0))


def grade_of(score: Decimal, rules: GradeRules, *, honest: bool = True, vetoed: bool = False) -> Grade:
    """Return a printed score's grade: half-open bands, A only without honesty loss, D on a veto (R-GRADE.bands)."""

    def reaches(grade: Grade) -> bool:
        end = rules.bands[grade]
        return score > end or (score == end and grade not in rules.above)

    if vetoed or not reaches(Grade.C):
        return Grade.D
    if reaches(Grade.A) and honest:
        return Grade.A
    return Grade.B if reaches(Grade.B) else Grade.C


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
    left = mean - Fraction(deducted)
    if rules.honesty:
        left = mean + max(Fraction(0), Fraction(rules.honesty) - Fraction(deducted))
    score = Decimal(0) if vetoed else printed(max(Fraction(0), left), rules.places)
    enough = vetoed or len(tasks) >= max(1, rules.minimum_sample)
    grade = grade_of(score, rules, honest=not losses, vetoed=vetoed) if enough else Grade.NONE
    return YearGrade(score, grade, printed(mean, rules.places), deducted, len(tasks))


def sector_grades(tasks: Sequence[YearTask], losses: Sequence[Loss], rules: GradeRules) -> dict[str, YearGrade]:
    """Return the year by sector, in the sectors' order: the same losses, the minimum sample in each of them."""
    sectors = sorted({task.sector for task in tasks if task.sector})
    return {one: year_score([task for task in tasks if task.sector == one], losses, rules) for one in sectors}
