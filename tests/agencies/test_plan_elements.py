"""The twelve elements of a plan (R-AGENCY-08): what counts as there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agencies.plan_elements import DERIVED, Known, Written, missing, standings
from agencies.states import PlanElement

EVERYTHING = Known(leads=1, members=3, milestones=8, indicators=20, with_standard=20, is_submitted=True)
texts = st.text(alphabet=" 评价a\n", max_size=4)
written = st.dictionaries(st.sampled_from(PlanElement), st.builds(Written, texts, texts))


def test_there_are_twelve():
    assert len(PlanElement) == 12
    assert len(standings({}, Known(), has_file=False)) == 12


def test_nothing_is_there_at_first():
    assert missing(standings({}, Known(), has_file=False)) == list(PlanElement)


def test_indicators_and_standards_come_from_the_submitted_system_alone():
    typed = {one: Written("写了") for one in PlanElement}
    draft = Known(members=1, milestones=8, indicators=20, with_standard=20, is_submitted=False)
    assert missing(standings(typed, draft, has_file=False)) == [PlanElement.INDICATORS, PlanElement.STANDARDS]
    partly = Known(members=1, milestones=8, indicators=20, with_standard=19, is_submitted=True)
    assert missing(standings(typed, partly, has_file=False)) == [PlanElement.STANDARDS]
    assert missing(standings(typed, EVERYTHING, has_file=False)) == []


def test_a_place_counts_only_where_there_is_a_file():
    placed = {one: Written(place="第 3 页") for one in PlanElement}
    assert missing(standings(placed, EVERYTHING, has_file=True)) == []
    assert missing(standings(placed, EVERYTHING, has_file=False)) == [one for one in PlanElement if one not in DERIVED]


@given(written, st.booleans())
def test_white_space_is_nothing_and_writing_more_never_takes_away(words, has_file):
    found = standings(words, EVERYTHING, has_file=has_file)
    for one in found:
        if one.element not in DERIVED:
            said = words.get(one.element, Written())
            assert one.is_there == bool(said.body.strip() or (has_file and said.place.strip()))
    more = {one: Written("内容") for one in PlanElement}
    assert missing(standings({**words, **more}, EVERYTHING, has_file=has_file)) == []
