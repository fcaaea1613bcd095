"""最低评标价法: among the offers that meet every requirement the lowest price wins (R-EVAL-01, R-NEG-02, R-NEG-04)."""

from __future__ import annotations

from collections.abc import Sequence

from procurement.scoring.criteria import FULL, Scheme
from procurement.scoring.ranking import Offer

PRICE_ALONE = Scheme((), FULL)
"""Scoring by price alone as a scheme: nothing is scored, the price weighs everything. It ranks as `by_price` does."""


def by_price(offers: Sequence[Offer]) -> list[tuple[Offer, int]]:
    """Return the offers with their ranks, the lowest evaluation price first, then the lower price offered.

    Equal offers share a rank and the next one skips (1, 1, 3); among them the documents' method decides, or a draw.
    """
    ordered = sorted(offers, key=lambda offer: (offer.evaluated, offer.price, offer.bid))
    ranks: list[tuple[Offer, int]] = []
    for number, offer in enumerate(ordered, start=1):
        last = ranks[-1] if ranks else None
        same = last is not None and (last[0].evaluated, last[0].price) == (offer.evaluated, offer.price)
        ranks.append((offer, last[1] if last is not None and same else number))
    return ranks
