"""What a final still lacks (R-AGENCY-11): never too little, never out of order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grading.report_path import PathFacts, missing_for_final, step_of
from grading.states import Party, PathStep

facts = st.builds(
    PathFacts,
    has_draft=st.booleans(),
    waits_for=st.lists(st.sampled_from(Party), unique=True).map(tuple),
    unanswered=st.lists(st.integers(1, 9), unique=True).map(tuple),
    is_answered=st.booleans(),
    is_reviewed=st.none() | st.booleans(),
    has_final=st.just(value=False),
)


def test_the_way_step_by_step():
    assert step_of(PathFacts()) is PathStep.DRAFT
    asked = PathFacts(has_draft=True, waits_for=tuple(Party))
    assert step_of(asked) is PathStep.COMMENTS
    assert step_of(PathFacts(has_draft=True, unanswered=(1, 3))) is PathStep.COMMENTS
    assert step_of(PathFacts(has_draft=True, is_answered=True)) is PathStep.REVIEW
    assert step_of(PathFacts(has_draft=True, is_answered=True, is_reviewed=False)) is PathStep.REVIEW
    assert step_of(PathFacts(has_draft=True, is_answered=True, is_reviewed=True)) is PathStep.FINAL
    assert step_of(PathFacts(has_final=True)) is PathStep.DONE


def test_every_gap_is_named_with_its_rule():
    found = missing_for_final(PathFacts(has_draft=True, waits_for=(Party.UNIT,), unanswered=(2, 5)))
    words = [str(one.reason) for one in found]
    assert any("项目单位" in one for one in words)
    assert any("2、5" in one for one in words)
    assert any("内部审核" in one for one in words)
    assert {one.rule_id for one in found} == {"R-AGENCY-11"}


@given(facts)
def test_nothing_is_missing_exactly_when_the_final_is_next(one):
    complete = one.has_draft and one.is_answered and not one.unanswered and not one.waits_for and one.is_reviewed
    assert (missing_for_final(one) == []) == bool(complete)
    if complete:
        assert step_of(one) is PathStep.FINAL
