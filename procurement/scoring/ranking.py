"""汇总与排序: totals from the members' sheets and the price, and the order of the candidates (R-EVAL-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.scoring.criteria import Scheme
from procurement.scoring.deductions import evaluation_price
from procurement.scoring.price import price_points, rounded
from procurement.scoring.sheets import Sheet, check_sheets


class NotScorable(Exception):
    """Sheets that may not be added up yet; carries their faults."""

    def __init__(self, faults: Sequence[object]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in faults))


@dataclass(frozen=True)
class Offer:
    """A bid that passed qualification and conformity: its price in yuan and its lawful deduction in percent."""

    bid: str
    price: Decimal
    deduction: Decimal = Decimal(0)

    @property
    def evaluated(self) -> Decimal:
        """Return the evaluation price."""
        return evaluation_price(self.price, self.deduction)


@dataclass(frozen=True)
class BidScore:
    """One bid's printed figures: mean of the members' points, price points, their sum, the rank (ties share one)."""

    bid: str
    merit: Decimal
    price: Decimal
    total: Decimal
    rank: int


def score_bids(scheme: Scheme, offers: Sequence[Offer], sheets: Sequence[Sheet]) -> list[BidScore]:
    """Return the scores in rank order.

    The merit is the exact mean over members of each member's sum, rounded once; the total is the sum of two printed
    figures. Raises NotScorable while a sheet is incomplete, out of range, or objective points differ (R-EVAL-05).
    """
    faults = check_sheets(scheme, [offer.bid for offer in offers], sheets)
    if faults or not sheets:
        raise NotScorable(faults)
    prices = price_points({offer.bid: offer.evaluated for offer in offers}, scheme.price_weight, places=scheme.places)
    merits = {
        offer.bid: rounded(
            sum(
                (Fraction(points) for sheet in sheets for points in sheet.points.get(offer.bid, {}).values()),
                Fraction(0),
            )
            / len(sheets),
            scheme.places,
        )
        for offer in offers
    }
    totals = {offer.bid: merits[offer.bid] + prices[offer.bid] for offer in offers}
    return [
        BidScore(offer.bid, merits[offer.bid], prices[offer.bid], totals[offer.bid], place)
        for offer, place in rank(offers, totals)
    ]


def rank(offers: Sequence[Offer], totals: dict[str, Decimal]) -> list[tuple[Offer, int]]:
    """Return the offers with their ranks: higher total first, then the lower bid price, then parallel (R-EVAL-07).

    Parallel bids share a rank and the next one skips (1, 1, 3); among them the tender document's method decides, or
    a draw. They are listed by bid id, which gives none of them anything.
    """
    ordered = sorted(offers, key=lambda offer: (-totals[offer.bid], offer.price, offer.bid))
    ranks: list[tuple[Offer, int]] = []
    for number, offer in enumerate(ordered, start=1):
        last = ranks[-1] if ranks else None
        same = last is not None and (totals[last[0].bid], last[0].price) == (totals[offer.bid], offer.price)
        ranks.append((offer, last[1] if last is not None and same else number))
    return ranks
