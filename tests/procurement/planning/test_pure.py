"""Splitting, method proposal, levels of approval and limits of lots: examples and properties, without a database."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.planning.levels import Substitution, level_needed, level_of
from procurement.planning.proposal import Thresholds, propose
from procurement.planning.splitting import YearPurchase, year_sum
from procurement.scoring.lot_limits import ContradictoryRanking, LotRanking, lot_winners
from procurement.states import Method

AMOUNTS = st.decimals(min_value=1, max_value=5_000_000, places=2)
THRESHOLDS = Thresholds(2026, Decimal(4_000_000), Decimal(1_000_000))


def bought(key, amount, *, on=date(2026, 3, 1), category="evaluation", is_open=False, is_approved=False):
    return YearPurchase(str(key), f"采购{key}", category, Decimal(amount), on, is_open, is_approved)


def summed(purchases, threshold=4_000_000):
    return year_sum(purchases, category="evaluation", year=2026, threshold=Decimal(threshold))


PURCHASES = st.lists(
    st.builds(
        bought,
        key=st.uuids(),
        amount=AMOUNTS,
        on=st.dates(date(2025, 6, 1), date(2027, 6, 1)),
        category=st.sampled_from(["evaluation", "audit"]),
        is_open=st.booleans(),
        is_approved=st.booleans(),
    ),
    max_size=12,
)


def test_purchases_of_one_category_that_together_pass_the_threshold_are_split():
    """R-TENDER-15: three of 1.4 million by other methods exceed 4 million; open, approved and other years do not count."""
    parts = [bought(one, 1_400_000, on=date(2026, one, 5)) for one in (1, 4, 9)]
    assert summed(parts).is_split
    assert summed(parts).total == Decimal(4_200_000)
    assert not summed(parts[:2]).is_split
    assert summed(parts[:2]).left == Decimal(1_200_000)
    assert not summed([*parts[:2], bought(9, 1_400_000, is_open=True)]).is_split
    assert not summed([*parts[:2], bought(9, 1_400_000, is_approved=True)]).is_split
    assert not summed([*parts[:2], bought(9, 1_400_000, on=date(2025, 12, 31))]).is_split
    assert not summed([*parts[:2], bought(9, 1_400_000, category="audit")]).is_split


def test_a_single_purchase_above_the_threshold_is_no_splitting():
    assert not summed([bought(1, 9_000_000)]).is_split


def test_exactly_the_threshold_is_not_above_it():
    assert not summed([bought(1, 2_000_000), bought(2, 2_000_000)]).is_split


@given(PURCHASES, AMOUNTS)
def test_the_sum_is_what_counts_and_order_does_not_matter(purchases, threshold):
    found, turned = summed(purchases, threshold), summed(purchases[::-1], threshold)
    assert found == turned
    assert found.total == sum((one.amount for one in found.purchases if one.counts), Decimal(0))
    assert all(one.category == "evaluation" and one.on.year == 2026 and not one.is_open for one in found.purchases)
    assert found.left == max(threshold - found.total, Decimal(0))


@given(PURCHASES, AMOUNTS, AMOUNTS)
def test_one_purchase_more_never_mends_splitting_and_a_higher_threshold_never_causes_it(purchases, amount, threshold):
    before = summed(purchases, threshold)
    after = summed([*purchases, bought("more", amount)], threshold)
    assert after.is_split or not before.is_split
    assert before.is_split or not summed(purchases, threshold + amount).is_split


@pytest.mark.parametrize(
    ("amount", "catalogue", "already", "method", "rule_id"),
    [
        (180_000, False, 0, Method.BELOW_LIMIT, "R-BELOW-01"),
        (999_999.99, False, 0, Method.BELOW_LIMIT, "R-BELOW-01"),
        (1_000_000, False, 0, Method.CONSULTATION, "R-NEG-01"),
        (180_000, True, 0, Method.CONSULTATION, "R-NEG-01"),
        (4_000_000, False, 0, Method.OPEN_TENDER, "R-THR-01"),
        (180_000, False, 3_900_000, Method.OPEN_TENDER, "R-TENDER-15"),
        (100_000, False, 3_900_000, Method.BELOW_LIMIT, "R-BELOW-01"),
    ],
)
def test_the_method_follows_amount_catalogue_thresholds_and_the_years_sum(amount, catalogue, already, method, rule_id):
    found = propose(Decimal(str(amount)), in_catalogue=catalogue, thresholds=THRESHOLDS, already=Decimal(already))
    assert (found.method, found.rule_id) == (method, rule_id)
    assert str(found.reason)


@given(AMOUNTS, AMOUNTS, st.booleans(), st.decimals(min_value=0, max_value=9_000_000, places=2))
def test_more_money_never_leads_to_a_less_open_method(one, other, in_catalogue, already):
    order = [Method.BELOW_LIMIT, Method.CONSULTATION, Method.OPEN_TENDER]
    small, large = sorted((one, other))
    found = [
        order.index(propose(amount, in_catalogue=in_catalogue, thresholds=THRESHOLDS, already=already).method)
        for amount in (small, large)
    ]
    assert found == sorted(found)


LIMITS = (Decimal(500_000), Decimal(4_000_000))
HEAD, DEPUTY, CHIEF = (uuid.UUID(int=one) for one in (1, 2, 3))
OWN = {HEAD: 1, DEPUTY: 2, CHIEF: 3}
AWAY = Substitution(CHIEF, HEAD, date(2026, 5, 1), date(2026, 5, 10))


def test_levels_follow_the_amount():
    """R-SEC-02.levels: up to and including the limit."""
    assert [level_needed(Decimal(one), LIMITS) for one in (1, 500_000, "500000.01", 4_000_000, "4000000.01")] == [
        1, 1, 2, 2, 3,
    ]  # fmt: skip


def test_a_substitute_has_the_level_of_the_absent_on_these_days_only():
    assert level_of(HEAD, OWN, [AWAY], date(2026, 5, 1)) == (3, CHIEF)
    assert level_of(HEAD, OWN, [AWAY], date(2026, 5, 10)) == (3, CHIEF)
    assert level_of(HEAD, OWN, [AWAY], date(2026, 4, 30)) == (1, None)
    assert level_of(HEAD, OWN, [AWAY], date(2026, 5, 11)) == (1, None)
    assert level_of(DEPUTY, OWN, [AWAY], date(2026, 5, 5)) == (2, None)


def test_a_substitutes_substitute_gains_nothing():
    further = Substitution(HEAD, uuid.UUID(int=9), date(2026, 5, 1), date(2026, 5, 10))
    assert level_of(uuid.UUID(int=9), OWN, [AWAY, further], date(2026, 5, 5)) == (1, HEAD)


@given(st.integers(0, 400), st.sampled_from([HEAD, DEPUTY, CHIEF]))
def test_a_substitution_never_takes_a_level_away(days, person):
    day = date(2026, 1, 1) + timedelta(days=days)
    assert level_of(person, OWN, [AWAY], day)[0] >= OWN[person]


BIDDERS = st.lists(st.sampled_from("ABCDEFG"), unique=True, max_size=7).map(tuple)
RANKINGS = st.lists(BIDDERS, max_size=8).map(
    lambda lots: [LotRanking(number, ranked) for number, ranked in enumerate(lots, start=1)]
)


def test_a_bidder_that_has_won_enough_is_passed_over():
    found = lot_winners([LotRanking(2, ("A", "B")), LotRanking(1, ("A", "C")), LotRanking(3, ("A",))], 1)
    assert [(one.lot, one.winner, one.passed_over) for one in found] == [
        (1, "A", ()),
        (2, "B", ("A",)),
        (3, None, ("A",)),
    ]


def test_without_a_limit_the_first_wins_every_lot():
    found = lot_winners([LotRanking(1, ("A", "B")), LotRanking(2, ("A", "B"))], None)
    assert [one.winner for one in found] == ["A", "A"]


@given(RANKINGS, st.one_of(st.none(), st.integers(1, 4)))
def test_no_winner_is_above_the_limit_and_nobody_better_was_free(rankings, most):
    found = lot_winners(rankings, most)
    won: dict[str, int] = {}
    for one, ranking in zip(found, rankings, strict=True):
        free = [bidder for bidder in ranking.ranked if most is None or won.get(bidder, 0) < most]
        assert one.winner == (free[0] if free else None)
        assert set(one.passed_over).isdisjoint(free)
        if one.winner:
            won[one.winner] = won.get(one.winner, 0) + 1
    assert most is None or all(count <= most for count in won.values())


@given(RANKINGS, st.integers(1, 4))
def test_the_order_in_which_lots_are_given_does_not_matter(rankings, most):
    assert lot_winners(rankings, most) == lot_winners(rankings[::-1], most)


@pytest.mark.parametrize(
    ("rankings", "most", "error"),
    [
        ([LotRanking(1, ("A", "A"))], 1, ContradictoryRanking),
        ([LotRanking(1, ("A",)), LotRanking(1, ("B",))], 1, ContradictoryRanking),
        ([LotRanking(1, ("A",))], 0, ValueError),
    ],
)
def test_contradictions_are_refused(rankings, most, error):
    with pytest.raises(error):
        lot_winners(rankings, most)
