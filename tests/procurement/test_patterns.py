"""Recurring patterns: counts and exact chances (pure)."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from procurement.patterns import Purchase, patterns, tail

NAMES = st.sampled_from("xyz")


@st.composite
def purchases(draw):
    found = []
    for number in range(draw(st.integers(0, 8))):
        bidders = draw(st.sets(st.sampled_from("abc"), min_size=1))
        winner = draw(st.sampled_from(sorted(bidders)))
        experts = draw(st.sets(NAMES, min_size=1))
        found.append(
            Purchase(
                str(number), frozenset(experts), frozenset(bidders), frozenset({winner}), draw(st.sampled_from("op"))
            )
        )
    return found


@given(st.integers(1, 12), st.data())
def test_the_tail_is_a_probability_that_falls_with_the_count(total, data):
    first, second = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    chances = [tail(total, first, second, k) for k in range(min(first, second) + 2)]
    assert chances[0] == 1
    assert chances[-1] == 0
    assert chances == sorted(chances, reverse=True)
    assert [tail(total, second, first, k) for k in range(len(chances))] == chances


def test_a_worked_example():
    assert tail(10, 4, 3, 3) == Fraction(comb(4, 3), comb(10, 3))


@given(purchases())
def test_patterns_count_what_is_there_in_any_order(given_purchases):
    found = patterns(given_purchases)
    assert found == patterns(list(reversed(given_purchases)))
    for one in found:
        assert 2 <= one.together == len(one.purchases) <= min(one.first, one.second) <= one.total
        assert 0 < one.chance <= one.adjusted <= 1
        assert one.expected == Fraction(one.first * one.second, one.total)
    assert [one.chance for one in found] == sorted(one.chance for one in found)


def test_who_bids_often_is_not_suspected_for_it():
    always = [Purchase(str(k), frozenset("x"), frozenset("a"), frozenset("a"), "o") for k in range(6)]
    (pair,) = [one for one in patterns(always) if one.kind == "expert-agency"]
    assert pair.chance == 1


def test_a_pair_that_only_wins_together_stands_first():
    rows = [
        Purchase(str(k), frozenset("x" if k < 4 else "y"), frozenset("ab"), frozenset("a" if k < 4 else "b"), f"o{k}")
        for k in range(8)
    ]
    first = patterns(rows)[0]
    assert (first.kind, first.together, first.chance) == ("expert-agency", 4, Fraction(1, 70))
