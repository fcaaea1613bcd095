"""Years of all agencies in one statement, exactly those of `grading.scale.year_score` (R-GRADE.year … R-GRADE.bands).

Sums of products are taken in `numeric` and divided whole, so that rounding half up and the bands' edges are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from agencies.states import Grade as Standing
from grading.computing.task_statement import PLACES
from grading.scale import Grade, GradeRules, HonestyLoss


@dataclass(frozen=True)
class YearStatement:
    """The parts of the statement.

    `weight`: of a task, over its `amount` and `difficulty`; `mean` and `score` in hundredths, over an agency's `n`
    tasks, `p` (sum of score times weight, in hundredths), `q` (sum of weights), `vetoed` and `deducted`; `grade` over
    `points` (that score), `n`, `vetoed` and `lost` (how many losses count).
    """

    weight: str
    mean: str
    score: str
    grade: str


def year_statement(rules: GradeRules) -> YearStatement:
    """Return the statement for a rule set."""
    steps, tens = 10**rules.places, 10 ** (PLACES - rules.places)

    def rounded(hundredths: str) -> str:
        return f"coalesce(div({2 * steps} * ({hundredths}) + 100 * q, 200 * q) * {tens}, 0)"

    taken = f"greatest(0, {_text(rules.honesty)} - deducted)" if rules.honesty else "(-deducted)"
    left = f"greatest(0, p + 100 * q * {taken})"
    bands = [
        f"WHEN {_reaches(rules, Grade.A)} AND lost = 0 THEN '{Standing.A.value}'",
        f"WHEN {_reaches(rules, Grade.B)} THEN '{Standing.B.value}'",
        f"WHEN {_reaches(rules, Grade.C)} THEN '{Standing.C.value}'",
    ]
    few = f"NOT vetoed AND n < {max(1, rules.minimum_sample)}"
    return YearStatement(
        weight=_weight(rules),
        mean=rounded("p"),
        score=f"CASE WHEN vetoed THEN 0 ELSE {rounded(left)} END",
        grade=(
            f"CASE WHEN {few} THEN '{Standing.UNGRADED.value}' WHEN vetoed THEN '{Standing.D.value}'"
            f" {' '.join(bands)} ELSE '{Standing.D.value}' END"
        ),
    )


def loss_statement(rules: GradeRules, year: int) -> tuple[str, str, str]:
    """Return of a credit entry `c`: its kind by the ladder, whether it counts for the year, its points when counted.

    `repeated` must be a column that says whether it came while another one stood (`grading.scale.counted`).
    """
    major, minor = _text(rules.losses[HonestyLoss.MAJOR]), _text(rules.losses[HonestyLoss.MINOR])
    again = _text(rules.repeat_factor)
    is_major = f"c.points >= {major}"
    last = f"DATE '{year:04d}-12-31'"
    counts = f"c.happened_on BETWEEN DATE '{year:04d}-01-01' AND {last}"
    if rules.losses_from == "standing":
        counts = f"c.happened_on <= {last} AND c.expires_on >= {last}"
    return (
        f"CASE WHEN {is_major} THEN '{HonestyLoss.MAJOR.value}' ELSE '{HonestyLoss.MINOR.value}' END",
        counts,
        f"CASE WHEN {is_major} THEN {major} ELSE {minor} END * CASE WHEN c.repeated THEN {again} ELSE 1 END",
    )


def _reaches(rules: GradeRules, grade: Grade) -> str:
    return f"points {'>' if grade in rules.above else '>='} {_text(rules.bands[grade] * 100)}"


def _weight(rules: GradeRules) -> str:
    if rules.weigh_by == "amount":
        return "CASE WHEN amount > 0 THEN amount ELSE 1 END"
    if rules.weigh_by == "difficulty":
        known = " ".join(f"WHEN '{name}' THEN {_text(value)}" for name, value in sorted(rules.difficulty.items()))
        return f"CASE difficulty {known} END"
    return "1::numeric"


def _text(value: Decimal) -> str:
    return f"{value:f}"
