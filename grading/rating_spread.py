"""How far ratings lie apart, and a unit's rating beside its project's result: pure (R-GRADE.spread, R-GRADE.unit)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median


def far_off(totals: Sequence[Decimal], spread: Decimal) -> list[int]:
    """Return the places of the ratings further than `spread` from the median of all, itself counted in."""
    if len(totals) < 2:
        return []
    middle = median(totals)
    return [place for place, one in enumerate(totals) if abs(one - middle) > spread]


def distance(totals: Sequence[Decimal]) -> Decimal:
    """Return how far the highest and the lowest rating lie apart; 0 for fewer than two."""
    return max(totals) - min(totals) if len(totals) > 1 else Decimal(0)


@dataclass(frozen=True)
class UnitTerms:
    """From where a result is poor and a unit's rating low (R-GRADE.unit)."""

    result_below: Decimal
    rating_below: Decimal
    under_median: Decimal


def looks_retaliatory(result: Decimal | None, rating: Decimal, others: Sequence[Decimal], terms: UnitTerms) -> bool:
    """Whether a poor result and a poor rating by the unit come together: a mark for a person, never a conclusion.

    `result` is the score the report gave the unit's project, None where it states none.
    """
    if result is None or result >= terms.result_below:
        return False
    low = rating < terms.rating_below
    return low or (bool(others) and median(others) - rating > terms.under_median)
