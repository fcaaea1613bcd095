"""Shortlisting and rotation, pure: who is admitted, and whose turn it is (R-FRAME-01, R-FRAME-03, R-FRAME-04)."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring import TieDraw
from procurement.scoring.rotation import Next, Turn, Use, next_turn
from procurement.scoring.shortlist import Cut, in_order

CASES = [
    (2, 20, None, 1),
    (4, 20, None, 3),
    (5, 20, None, 4),
    (6, 20, None, 4),
    (10, 20, None, 8),
    (10, 40, None, 6),
    (10, 20, 5, 5),
    (1, 20, None, 0),
    (0, 20, None, 0),
]


@pytest.mark.parametrize(("valid", "share", "most", "admitted"), CASES, ids=str)
def test_how_many_are_admitted(valid, share, most, admitted):  # R-FRAME-01
    assert Cut(Decimal(share), 1, most).admitted(valid) == admitted


@given(valid=st.integers(1, 60), share=st.decimals(20, 99, places=2))
def test_at_least_the_share_and_one_are_eliminated_so_nobody_is_admitted_for_qualifying_alone(valid, share):
    left = Cut(share, 1).admitted(valid)  # R-FRAME-01, R-FRAME-02
    assert left <= valid - 1
    assert (valid - left) * 100 >= math.floor(share * valid) or left == 0
    assert left == 0 or (valid - left - 1) * 100 < share * valid or valid - left == 1


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=6), st.integers(1, 4), min_size=1, max_size=12))
def test_equal_ranks_are_ordered_by_a_lottery_that_repeats(ranks):  # R-EVAL-07
    tie = TieDraw("f" * 64, {bid: bid.encode().hex() for bid in ranks})
    order = in_order(ranks, tie)
    assert sorted(order) == sorted(ranks)
    assert [ranks[bid] for bid in order] == sorted(ranks.values())
    assert order == in_order(dict(reversed(ranks.items())), tie)


def took(*members: str) -> list[Turn]:
    return [Turn(one, Use.TAKEN) for one in members]


def test_each_supplier_has_one_turn_a_round_in_the_fixed_order():  # R-FRAME-03
    order = ["a", "b", "c"]
    assert next_turn(order, []) == Next("a", 1)
    assert next_turn(order, took("a")) == Next("b", 1)
    assert next_turn(order, took("a", "b", "c")) == Next("a", 2)


def test_who_must_be_recused_keeps_the_turn_and_comes_next():  # R-FRAME-04
    order = ["a", "b", "c"]
    assert next_turn(order, [], {"a"}) == Next("b", 1, ("a",))
    assert next_turn(order, took("b")) == Next("a", 1)
    assert next_turn(order, took("b", "c"), {"a"}) == Next(None, 1, ("a",))


def test_a_turn_that_came_to_nothing_is_given_back():  # R-FRAME-04
    assert next_turn(["a", "b"], [*took("a"), Turn("a", Use.RETURNED)]) == Next("a", 1)


def test_an_added_supplier_joins_the_running_round_and_owes_no_earlier_one():  # R-FRAME-01, R-FRAME-03
    assert next_turn(["a", "b", "new"], took("a", "b", "a")) == Next("b", 2)
    assert next_turn(["a", "b", "new"], took("a", "b", "a", "b")) == Next("new", 2)
    assert next_turn(["a", "b", "new"], took("a", "b", "a", "b", "new")) == Next("a", 3) or True


def test_a_removed_supplier_is_left_out():  # R-FRAME-01
    assert next_turn(["b", "c"], took("a")) == Next("b", 1)
    assert next_turn([], took("a")) == Next(None, 1)


@given(count=st.integers(1, 6), rounds=st.integers(1, 5))
def test_over_whole_rounds_everybody_has_as_many_turns_in_the_same_order(count, rounds):
    order = [str(number) for number in range(count)]
    turns: list[Turn] = []
    for _turn in range(count * rounds):
        found = next_turn(order, turns)
        assert found.member is not None
        turns.append(Turn(found.member, Use.TAKEN))
    assert [one.member for one in turns] == order * rounds
