"""异常低价投标审查: the numeric triggers of 财库〔2026〕2号 (R-ALP-01)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.records import Fault

RULE = "R-ALP-01"
MOST = Decimal(65)


class LowBidTest(enum.StrEnum):
    """Which trigger starts the review; the fourth, the committee's own judgement, is theirs to give."""

    MEAN = "mean"
    NEXT_LOWEST = "next_lowest"
    CEILING = "ceiling"
    JUDGEMENT = "judgement"


@dataclass(frozen=True)
class LowBidThresholds:
    """The triggers in percent; the document may raise each up to 65, never lower it."""

    mean: Decimal = Decimal(50)
    next_lowest: Decimal = Decimal(50)
    ceiling: Decimal = Decimal(45)

    def check(self) -> list[Fault]:
        """Return each threshold that lies outside 50-65, 50-65 and 45-65."""
        least = LowBidThresholds()
        return [
            Fault(
                RULE,
                name,
                f"异常低价审查标准应在 {getattr(least, name)}%–{MOST}% 之间。",
                f"The threshold must lie between {getattr(least, name)}% and {MOST}%.",
            )
            for name in ("mean", "next_lowest", "ceiling")
            if not getattr(least, name) <= getattr(self, name) <= MOST
        ]


@dataclass(frozen=True)
class LowBid:
    """One trigger that one bid sets off: its price as an exact share of what it is measured against."""

    bid: str
    test: LowBidTest
    share: Fraction
    reference: Fraction


def low_bids(
    prices: Mapping[str, Decimal],
    budget: Decimal,
    ceiling: Decimal | None = None,
    thresholds: LowBidThresholds | None = None,
) -> list[LowBid]:
    """Return every trigger set off among the bids that passed conformity; prices in yuan as bid.

    A price equal to a threshold does not trigger. Where no ceiling is set the budget is the ceiling. The mean is over
    all bids that passed, the one examined included; the next-lowest is the second price in ascending order.
    """
    limits = thresholds or LowBidThresholds()
    if not prices:
        return []
    ordered = sorted(Fraction(price) for price in prices.values())
    references = [(LowBidTest.MEAN, sum(ordered, Fraction(0)) / len(ordered), limits.mean)]
    if len(ordered) > 1:
        references.append((LowBidTest.NEXT_LOWEST, ordered[1], limits.next_lowest))
    references.append((LowBidTest.CEILING, Fraction(budget if ceiling is None else ceiling), limits.ceiling))
    return [
        LowBid(bid, test, Fraction(price) / reference, reference)
        for bid, price in sorted(prices.items())
        for test, reference, percent in references
        if Fraction(price) * 100 < reference * Fraction(percent)
    ]
