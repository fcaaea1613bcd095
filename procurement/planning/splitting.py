"""化整为零检查: whether a year's purchases of one category add up to what needs an open tender (R-TENDER-15).

Pure. The fiscal year (财政年度) is the calendar year. A purchase by open tender never counts; one whose other method
was approved is shown but not counted, as the regulation's article 28 leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class YearPurchase:
    """One purchase of the year: what is bought, for how many yuan, when, and how.

    `is_open` says that it is an open tender, `is_approved` that its other method was approved (批准采用其他方式).
    """

    key: str
    title: str
    category: str
    amount: Decimal
    on: date
    is_open: bool
    is_approved: bool = False

    @property
    def counts(self) -> bool:
        """Whether its amount is added up."""
        return not self.is_open and not self.is_approved


@dataclass(frozen=True)
class YearSum:
    """What adds up in one category and year, oldest first; `threshold` in yuan."""

    category: str
    year: int
    purchases: tuple[YearPurchase, ...]
    threshold: Decimal

    @property
    def total(self) -> Decimal:
        """The sum of what counts, in yuan."""
        return sum((one.amount for one in self.purchases if one.counts), Decimal(0))

    @property
    def counted(self) -> int:
        """How many purchases count."""
        return sum(one.counts for one in self.purchases)

    @property
    def is_split(self) -> bool:
        """Whether several purchases together exceed the threshold: bought in parts what needs an open tender."""
        return self.counted > 1 and self.total > self.threshold

    @property
    def left(self) -> Decimal:
        """How much more can be bought by other methods this year, never below zero."""
        return max(self.threshold - self.total, Decimal(0))


def year_sum(purchases: Iterable[YearPurchase], *, category: str, year: int, threshold: Decimal) -> YearSum:
    """Return what was bought in this category and fiscal year other than by open tender."""
    of_year = {
        one.key: one for one in purchases if one.category == category and one.on.year == year and not one.is_open
    }
    ordered = sorted(of_year.values(), key=lambda one: (one.on, one.key))
    return YearSum(category, year, tuple(ordered), threshold)
