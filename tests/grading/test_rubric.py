"""Rubrics as data: what ships holds, levels and deductions come to the points they say, versions compare."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import Words
from grading.finding_words import CLASSES
from grading.rating_spread import UnitTerms, distance, far_off, looks_retaliatory
from grading.rubric import (
    Dimension,
    NotApplicable,
    RequiredPart,
    Upheld,
    faults_of,
    parts_cost,
    proposals_of,
    unseen,
)
from grading.rubric_differences import rubric_differences
from grading.rubric_files import HOUSE, from_data, shipped, to_data
from grading.states import PartState

PRESENT = shipped()[HOUSE]


@pytest.mark.parametrize("version", sorted(shipped()))
def test_every_rubric_that_ships_holds_and_survives_being_kept(version):
    rubric = shipped()[version]
    assert rubric.total == 100
    assert faults_of(rubric) == []
    assert from_data(to_data(rubric)) == rubric
    assert {code for line in rubric.quality for one in line.errors for code in one.codes} <= set(CLASSES)
    assert all(line.name.en and line.note.en for line in rubric.quality)


def test_the_default_proposes_in_the_first_three_dimensions_only_and_describes_every_level():
    assert [line.key for line in PRESENT.quality if line.proposes] == ["form", "content", "data"]
    assert all(level.anchor.zh and level.anchor.en for line in PRESENT.quality for level in line.levels)
    assert all(line.levels for line in PRESENT.quality)


def test_the_per_error_sheet_shows_forty_points_and_marks_the_rest():
    sheet = shipped()["annex8"]
    assert sum(line.full for line in sheet.quality if line.seen) == 40
    assert [line.key for line in unseen(sheet)] == ["unseen"]
    prices = {line.key: line.points for one in sheet.quality for line in one.errors}
    assert (prices["arithmetic"], prices["twice"], prices["unclear"]) == (Decimal("0.3"), 1, Decimal("0.5"))
    assert sheet.line("cover").parts[0].points == Decimal("0.4")


def test_a_proposal_names_its_findings_and_is_capped():
    errors = [Upheld(place, "score-sum", "error") for place in (1, 2)] + [Upheld(3, "score-sum", "warning")]
    found = {one.key: one for one in proposals_of(PRESENT, errors)}
    assert found["data-sum"].points == 2
    assert found["data-sum"].findings == (1, 2)
    assert found["data-doubt"].points == Decimal("0.5")
    many = proposals_of(PRESENT, [Upheld(place, "score-sum", "error") for place in range(90)])
    assert sum(one.points for one in many if one.dimension == "data") == 15


def test_an_absent_part_is_proposed_once_and_a_repeated_one_as_an_error():
    sheet = shipped()["annex8"]
    found = proposals_of(
        sheet, [Upheld(1, "missing-section", "warning", "work"), Upheld(2, "repeated-text", "warning")]
    )
    assert [(one.key, one.points) for one in found] == [("chapters-part-work", 1), ("chapters-twice", 1)]


@given(st.lists(st.tuples(st.sampled_from(sorted(CLASSES)), st.sampled_from(["error", "warning"])), max_size=60))
def test_proposals_never_exceed_the_cap_and_name_no_finding_twice(rows):
    upheld = [Upheld(place, code, severity) for place, (code, severity) in enumerate(rows)]
    for rubric in shipped().values():
        found = proposals_of(rubric, upheld)
        named = [place for one in found for place in one.findings]
        assert len(named) == len(set(named))
        for line in rubric.quality:
            taken = sum(one.points for one in found if one.dimension == line.key)
            assert taken <= line.full * rubric.deduct_most
            assert not taken or line.proposes


def test_a_level_fills_in_its_points_and_typed_points_count():
    line = PRESENT.line("problems")
    assert line.points_for(1, None, None) == 12
    assert line.points_for(1, Decimal("12.5"), Decimal(14)) == Decimal("12.5")
    assert line.points_for(2, Decimal(14), Decimal(14)) == 8, "another level chosen, the points left alone"
    assert line.points_for(None, Decimal(3), None) == 3
    assert line.level_at(Decimal("13.49")) == 1


def test_all_or_nothing_knows_no_points_between():
    staff = shipped()["jiading"].line("staff")
    assert staff.points_for(1, Decimal(7), None) == 0
    assert not staff.allows(Decimal(7))
    assert staff.allows(Decimal(15))


@given(st.data())
def test_only_what_is_absent_costs_and_what_does_not_apply_never_does(data):
    line = PRESENT.line(data.draw(st.sampled_from(["form", "content"])))
    states = {part.key: data.draw(st.sampled_from(PartState)) for part in line.parts}
    cost = parts_cost(line, states, frozenset())
    absent = sum(part.points for part in line.parts if states[part.key] is PartState.ABSENT)
    assert cost.points >= absent
    assert cost.points <= line.full
    if PartState.ABSENT not in states.values():
        assert cost.points == 0
    if line.not_applicable is NotApplicable.FULL:
        assert cost.points == absent


def test_points_of_what_does_not_apply_are_spread_over_the_rest():
    content = PRESENT.line("content")
    states = {"basics": PartState.ABSENT, "work": PartState.NOT_APPLICABLE}
    assert parts_cost(content, states, frozenset()).points == 3
    assert parts_cost(replace(content, not_applicable=NotApplicable.FULL), states, frozenset()).points == Decimal("2.5")
    assert parts_cost(content, states, frozenset({"basics"})).points == 0, "a proposal is decided by itself"


def test_faults_stand_at_the_fields_of_the_editor():
    form = PRESENT.quality[0]
    low = replace(form, full=Decimal(9))
    assert [one.field for one in faults_of(replace(PRESENT, quality=(low, *PRESENT.quality[1:])))] == [
        "d6_points",
        "d0_l0_fill",
    ]
    nameless = Dimension(
        "own1", Words("", ""), Words("", ""), Decimal(0), parts=(RequiredPart("a", Words("甲", "A"), Decimal(2)),)
    )
    fields = {one.field for one in faults_of(replace(PRESENT, quality=(*PRESENT.quality, nameless)))}
    assert {"d7_zh", "d7_points"} <= fields


def test_two_versions_are_compared_line_by_line():
    changed = replace(PRESENT.quality[0], full=Decimal(12), levels=())
    after = replace(PRESENT, quality=(changed, *PRESENT.quality[2:]))
    rows = {one.key: one for one in rubric_differences(PRESENT, after)}
    assert (rows["form"].before, rows["form"].after, rows["form"].changed) == (10, 12, ("levels",))
    assert rows["content"].after is None
    assert rows["data"].changed == ()


def test_far_off_is_further_than_the_spread_from_the_median():
    totals = [Decimal(one) for one in (90, 88, 60)]
    assert far_off(totals, Decimal(20)) == [2]
    assert far_off([Decimal(90), Decimal(50)], Decimal(20)) == [], "20 from the median of two is not further"
    assert far_off([Decimal(10)], Decimal(20)) == []
    assert distance(totals) == 30


def test_a_poor_rating_is_marked_only_beside_a_poor_result():
    terms = UnitTerms(Decimal(80), Decimal(60), Decimal(10))
    assert looks_retaliatory(Decimal(72), Decimal(55), [], terms)
    assert looks_retaliatory(Decimal(72), Decimal(75), [Decimal(90), Decimal(86)], terms)
    assert not looks_retaliatory(Decimal(92), Decimal(40), [Decimal(90)], terms)
    assert not looks_retaliatory(None, Decimal(40), [Decimal(90)], terms)
    assert not looks_retaliatory(Decimal(72), Decimal(80), [Decimal(88)], terms)
