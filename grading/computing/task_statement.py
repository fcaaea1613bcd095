"""Task scores of a whole year in one statement, exactly those of `grading.scale` (R-GRADE.task, R-GRADE.raters).

Ratings are hundredths, so a score is a fraction whose denominator is known beforehand: how many rated, which kinds did,
how many measures an element has. Multiplied by a common multiple of all that, everything is a whole number and rounding
half up is a whole division: no tie is ever near, it is on its side. Where the numbers of a rule set outgrow 63 bits,
the same statement is written in `numeric`, whose whole division is as exact.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grading.models.task_rating import KIND_CODES
from grading.scale import FULL, GradeRules

SUM, SLOT = 17, 21
"""Bits of a kind's sum of ratings, and of that with their count above it: three kinds fit into one whole number."""
MEAN, MANY = (1 << SUM) - 1, (1 << SLOT - SUM) - 1
FEWEST, MOST = 4, 13
"""For how many ratings of one kind for one measure the statement is written, at least and at most."""
LARGEST = 2**63 - 1
PLACES = 2
"""Scores are kept in hundredths."""


@dataclass(frozen=True)
class TaskStatement:
    """The parts of the statement.

    `pivot`: columns over the ratings of a task (`measure`, `position` and `v`, the value `packed`); `total`: over those
    and `urgent`, NULL where an element lacks every rating; `score`: over `total` and `vetoed`, in hundredths; `many`:
    whether more people rated than the statement is written for. Such a task is computed by `grading.scale`.
    """

    pivot: str
    total: str
    score: str
    many: str


def task_statement(rules: GradeRules, measures: Mapping[str, int]) -> TaskStatement:
    """Return the statement for a rule set; `measures` are the numbers of those measures that were ever rated."""
    whole = _Whole.of(rules)
    used = [measures[measure] for name in rules.elements for measure in rules.measures_of(name) if measure in measures]
    top, scale = whole.points(FULL - rules.honesty), whole.scale
    steps, tens = 10**rules.places, 10 ** (PLACES - rules.places)
    total = " + ".join(f"{whole.element(rules, name, measures)} * {whole.worth[name]}" for name in rules.elements)
    urgent = f" + CASE WHEN urgent THEN {whole.points(rules.urgent)} ELSE 0 END" if rules.urgent else ""
    capped = f"CASE WHEN total > {top} THEN {top} ELSE total END"
    rounded = whole.quotient(f"{2 * steps} * ({capped}) + {scale}", str(2 * scale))
    sums = [f"coalesce(sum(v) FILTER (WHERE measure = {one}), 0)::bigint AS x{one}" for one in used]
    return TaskStatement(
        pivot=", ".join([*sums, "max(position) AS places"]),
        total=f"{total}{urgent}",
        score=f"CASE WHEN total IS NULL THEN NULL WHEN vetoed THEN 0 ELSE {rounded} * {tens} END",
        many=f"coalesce(places >= {whole.most}, false)",
    )


def packed(value: str) -> str:
    """Return the number that a rating `r` of this value adds to its measure's sum: in its kind's place, counted once.

    More than are provided for add nothing: their task is computed by hand.
    """
    return f"CASE WHEN r.position < {MOST} THEN ({value} + {1 << SUM})::bigint << ({SLOT} * (r.kind - 1)) ELSE 0 END"


@dataclass(frozen=True)
class _Whole:
    """The whole numbers in which a rule set is computed.

    `scale` stands for one point of the total; `weights` by element and kind, with a multiple of all their sums; `most`
    is the number of ratings provided for and `share` a multiple of every number up to it.
    """

    scale: int
    worth: Mapping[str, int]
    weights: Mapping[str, tuple[Mapping[str, int], int]]
    most: int
    share: int
    fits: bool

    @classmethod
    def of(cls, rules: GradeRules) -> _Whole:
        weights = {name: _weights(rules.raters_of(name)) for name in rules.elements}
        sizes = {name: weights[name][1] * _to(len(rules.measures_of(name))) for name in weights}
        common = math.lcm(*sizes.values())
        tenths = 10 ** max(0, *(-_exponent(one) for one in (*rules.elements.values(), rules.urgent, rules.honesty)))
        greatest = 2 * (FULL + rules.urgent) * 10**rules.places + 1
        each = 100 * common * tenths * 100
        provided = (most for most in range(MOST, FEWEST - 1, -1) if greatest * each * _to(most) <= LARGEST)
        fitting = next(provided, None)
        most = fitting or MOST
        share, scale = _to(most), each * _to(most)
        worth = {name: int(one * tenths) * (common // sizes[name]) for name, one in rules.elements.items()}
        return cls(scale, worth, weights, most, share, fitting is not None)

    def points(self, value: Decimal) -> int:
        """Return points in whole numbers."""
        return int(value * self.scale)

    def quotient(self, left: str, right: str) -> str:
        """Return the whole division of what is not negative."""
        return f"(({left}) / ({right}))" if self.fits else f"div(({left})::numeric, ({right})::numeric)"

    def number(self, text: str) -> str:
        return text if self.fits else f"{text}::numeric"

    def element(self, rules: GradeRules, name: str, measures: Mapping[str, int]) -> str:
        """Return an element's rating; NULL where it has none."""
        weights, multiple = self.weights[name]
        named = rules.measures_of(name)
        known = [self._measure(measures[one], weights, multiple) for one in named if one in measures]
        if not known:
            return "NULL::bigint"
        parts = _to(len(named))
        if len(named) == 1:
            rating = known[0][0]
        else:
            count = " + ".join(f"CASE WHEN {given} THEN 1 ELSE 0 END" for _rating, given in known)
            total = " + ".join(f"coalesce({one}, 0)" for one, _given in known)
            rating = f"({total}) * ({parts} / nullif({count}, 0))"
        if name not in rules.full_from:
            return f"({rating})"
        full = 100 * self.share * multiple * parts
        least = math.ceil(Fraction(rules.full_from[name]) * full)
        most = f"{100 * full}::{'bigint' if self.fits else 'numeric'}"
        return f"(CASE WHEN ({rating}) IS NULL THEN NULL WHEN ({rating}) >= {least} THEN {most} ELSE 0 END)"

    def _measure(self, measure: int, weights: Mapping[str, int], multiple: int) -> tuple[str, str]:
        """Return a measure's rating by the weights of the kinds that gave one, and whether any did."""
        x, terms, given, anybody = f"x{measure}", [], [], []
        for kind, weight in weights.items():
            shift = SLOT * (KIND_CODES[kind] - 1)
            many = f"(({x} >> {shift + SUM}) & {MANY})"
            mean = f"{self.number(f'(({x} >> {shift}) & {MEAN})')} * ({self.share} / nullif({many}, 0)) * {weight}"
            terms.append(f"coalesce({mean}, 0)")
            given.append(f"CASE WHEN {many} > 0 THEN {weight} ELSE 0 END")
            anybody.append(f"{many} > 0")
        whole = f"{self.number(str(multiple))} / nullif({' + '.join(given)}, 0)"
        return f"({' + '.join(terms)}) * ({whole})", f"({' OR '.join(anybody)})"


def _weights(given: Mapping[str, Decimal]) -> tuple[Mapping[str, int], int]:
    """Return weights as whole numbers in the same proportion, and a multiple of each sum that some of them may make."""
    tenths = 10 ** max(0, *(-_exponent(one) for one in given.values()))
    whole = {kind: int(one * tenths) for kind, one in given.items()}
    common = math.gcd(*whole.values())
    small = {kind: one // common for kind, one in whole.items()}
    sums = [sum(some) for size in range(1, len(small) + 1) for some in itertools.combinations(small.values(), size)]
    return small, math.lcm(*sums)


def _to(number: int) -> int:
    """Return the least multiple of every number up to this one."""
    return math.lcm(*range(1, number + 1))


def _exponent(value: Decimal) -> int:
    found = value.as_tuple().exponent
    return found if isinstance(found, int) else 0
