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


def merits_of(scheme: Scheme, offers: Sequence[Offer], sheets: Sequence[Sheet]) -> dict[str, Decimal]:
    """Return each bid's quality points: the exact mean over members of each member's sum, rounded once.

    Raises NotScorable while a sheet is incomplete, out of range, or objective points differ (R-EVAL-05).
    """
    faults = check_sheets(scheme, [offer.bid for offer in offers], sheets)
    if faults or not sheets:
        raise NotScorable(faults)
    merits = {}
    for offer in offers:
        # sums of decimals are exact here, so that only one division a bid needs a fraction
        total = sum((sum(sheet.points.get(offer.bid, {}).values(), Decimal(0)) for sheet in sheets), Decimal(0))
        merits[offer.bid] = rounded(Fraction(total) / len(sheets), scheme.places)
    return merits


def score_bids(scheme: Scheme, offers: Sequence[Offer], sheets: Sequence[Sheet]) -> list[BidScore]:
    """Return the scores in rank order, without the bids that fall below the scheme's minimum.

    The total is the sum of two printed figures; the benchmark price is the lowest of the bids that remain (R-PRICE-01).
    Raises NotScorable while the sheets are not fit to be added up.
    """
    merits = merits_of(scheme, offers, sheets)
    remaining = [offer for offer in offers if scheme.minimum is None or merits[offer.bid] >= scheme.minimum]
    if not remaining:
        return []
    prices = price_points(
        {offer.bid: offer.evaluated for offer in remaining}, scheme.price_weight, places=scheme.places
    )
    totals = {offer.bid: merits[offer.bid] + prices[offer.bid] for offer in remaining}
    return [
        BidScore(offer.bid, merits[offer.bid], prices[offer.bid], totals[offer.bid], place)
        for offer, place in rank(remaining, totals)
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
