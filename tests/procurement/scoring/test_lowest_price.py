"""The lowest price that meets the need wins (R-EVAL-01, R-NEG-02, R-NEG-04)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring import PRICE_ALONE, Offer, Sheet, by_price, check_sheets, score_bids

prices = st.decimals(min_value=1, max_value=10**6, places=2, allow_nan=False, allow_infinity=False)
offers = st.lists(prices, min_size=1, max_size=8).map(
    lambda found: [Offer(f"b{number}", price) for number, price in enumerate(found)]
)


def test_the_lowest_is_first_and_equals_share_a_rank():
    found = by_price([Offer("a", Decimal(9)), Offer("b", Decimal(7)), Offer("c", Decimal(9)), Offer("d", Decimal(12))])
    assert [(offer.bid, rank) for offer, rank in found] == [("b", 1), ("a", 2), ("c", 2), ("d", 4)]


def test_a_small_firm_s_deduction_counts_in_the_evaluation_price():
    found = by_price([Offer("large", Decimal(95)), Offer("small", Decimal(100), deduction=Decimal(10))])
    assert [offer.bid for offer, _rank in found] == ["small", "large"]


@given(offers)
def test_it_is_a_ranking_whatever_order_the_offers_come_in(found):
    ranked = by_price(found)
    assert by_price(list(reversed(found))) == ranked
    assert [offer.price for offer, _rank in ranked] == sorted(offer.price for offer in found)
    assert ranked[0][1] == 1


@given(offers, st.integers(min_value=1, max_value=3))
def test_scoring_with_the_price_alone_puts_the_lowest_first(found, members):
    sheets = [Sheet(f"m{number}", {}) for number in range(members)]
    assert check_sheets(PRICE_ALONE, [one.bid for one in found], sheets) == []
    scored = score_bids(PRICE_ALONE, found, sheets)
    assert [one.bid for one in scored] == [offer.bid for offer, _rank in by_price(found)]
    assert all(one.merit == 0 for one in scored)
