"""Majorities over requirements: R-EVAL-03, R-COMM-11."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from procurement.scoring.conformity import tally, unmet

KEYS = ("a", "b", "c")
sheets = st.lists(st.fixed_dictionaries({key: st.booleans() for key in KEYS}), min_size=1, max_size=9)


def test_three_members_who_each_miss_another_requirement_make_no_majority():
    judgements = [{key: key != missed for key in KEYS} for missed in ("a", "b", "c", "", "")]
    assert unmet(KEYS, judgements) == []
    assert tally("a", judgements) == (4, 1)


def test_half_is_no_majority_for_a_requirement():
    assert unmet(KEYS, [{"a": True}, {"a": False}]) == ["a"]
    assert unmet(KEYS, []) == []


@given(sheets)
def test_every_requirement_stands_for_itself_and_one_more_vote_for_it_never_fells_it(judgements):
    fallen = unmet(KEYS, judgements)
    assert fallen == [key for key in KEYS if key in unmet([key], judgements)]
    better = unmet(KEYS, [*judgements, dict.fromkeys(KEYS, True)])
    assert set(better) <= set(fallen)
