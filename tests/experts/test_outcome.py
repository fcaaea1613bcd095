from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experts.outcome import Mark, NoSheets, is_quorum, judge
from experts.states import Outcome
from experts.terms import Terms

RULES = Terms((), 0, pass_from=Decimal(80), return_below=Decimal(60), vetoes_one_in=3, quorum_of_three=2)


def marks(*points, vetoes=0, majors=0):
    return [Mark(Decimal(str(one)), place < vetoes, place < majors) for place, one in enumerate(points)]


@pytest.mark.parametrize(
    ("given_marks", "average", "outcome"),
    [
        (marks(80, 80, 80, 80, 80), "80.00", Outcome.PASS),
        (marks(79.5, 80, 80, 80, 80), "79.90", Outcome.REVISE),
        (marks(100, 100, 100, 100, 100, vetoes=1), "100.00", Outcome.REVISE),
        (marks(95, 95, 95, 95, 95, majors=1), "95.00", Outcome.REVISE),
        (marks(60, 60, 60, 60, 60), "60.00", Outcome.REVISE),
        (marks(59.5, 60, 60, 60, 60), "59.90", Outcome.RETURN),
        (marks(90, 90, 90, 90, 90, vetoes=2), "90.00", Outcome.RETURN),
        (marks(90, 90, 90, vetoes=1), "90.00", Outcome.RETURN),
        (marks(90, 90, 90, 90, 90, 90, 90, vetoes=2), "90.00", Outcome.REVISE),
    ],
)
def test_thresholds(given_marks, average, outcome):
    verdict = judge(given_marks, RULES)
    assert (verdict.average, verdict.outcome) == (Decimal(average), outcome)


@pytest.mark.parametrize(
    ("locked", "size", "enough"), [(3, 5, False), (4, 5, True), (4, 7, False), (5, 7, True), (6, 9, True)]
)
def test_quorum_is_two_of_three(locked, size, enough):
    assert is_quorum(locked, size, RULES) is enough


def test_nothing_scored_has_no_outcome():
    with pytest.raises(NoSheets):
        judge([], RULES)


points = st.decimals(0, 100, places=1)


@given(st.lists(st.tuples(points, st.booleans(), st.booleans()), min_size=1, max_size=9), st.randoms())
def test_the_order_of_sheets_does_not_matter(rows, random):
    given_marks = [Mark(*row) for row in rows]
    shuffled = list(given_marks)
    random.shuffle(shuffled)
    assert judge(given_marks, RULES) == judge(shuffled, RULES)


@given(st.lists(st.tuples(points, st.booleans(), st.booleans()), min_size=1, max_size=9))
def test_a_veto_more_never_helps(rows):
    order = [Outcome.RETURN, Outcome.REVISE, Outcome.PASS]
    before = judge([Mark(*row) for row in rows], RULES).outcome
    after = judge([Mark(p, is_veto=True, has_major=m) for p, _v, m in rows], RULES).outcome
    assert order.index(after) <= order.index(before)
