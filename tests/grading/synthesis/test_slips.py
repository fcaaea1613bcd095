"""Each slip breaks what it says, and only a slip does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.synthesis import CODES, inject, make_report
from grading.synthesis.decoys import add_decoys
from grading.synthesis.planting import NotPlantable, decimal_of, slip_digit
from grading.triage.features import CODES as CLASSES


def planted(code: str, count: int = 6):
    found = []
    for seed in range(80):
        rng = np.random.default_rng(seed)
        report = make_report(rng, pages=6)
        try:
            found.append((report, inject(rng, report, code)))
        except NotPlantable:
            continue
        if len(found) == count:
            break
    assert found, code
    return found


def test_slips_belong_to_the_classes_of_the_checker() -> None:
    assert set(CODES) <= set(CLASSES)
    assert len(set(CODES)) == len(CODES)
    assert set(CLASSES) - set(CODES) == {"recycled-text", "indicator-mismatch"}


@pytest.mark.parametrize("code", CODES)
def test_slip_changes_the_text_and_quotes_what_stands_there(code: str) -> None:
    for report, slip in planted(code):
        assert slip.code == code
        assert slip.report.text != report.text
        if code != "missing-section":
            assert slip.quote in slip.report.text
            assert slip.stated in slip.report.text
        assert slip.stated != slip.expected


@pytest.mark.parametrize(
    "code",
    [
        "weight-sum",
        "percent-of",
        "growth-rate",
        "count-sum",
        "money-sum",
        "period",
        "entity-name",
        "malformed-number",
        "document-kind",
    ],
)
def test_slip_without_ripple_changes_one_place_only(code: str) -> None:
    for report, slip in planted(code):
        before, after = report.text.split("\n"), slip.report.text.split("\n")
        assert len(before) == len(after)
        assert sum(left != right for left, right in zip(before, after, strict=True)) == 1


def test_score_sum_breaks_the_sum_of_the_leaves() -> None:
    for _, slip in planted("score-sum", 12):
        keys = {
            slot.key: decimal_of(slot.text)
            for slot in slip.report.slots
            if slot.key.startswith("leaf.")
            and slot.key.endswith(".score")
            and slot.row >= 0
            and slip.report.blocks[slot.block].part == "scores"
        }
        (total,) = {slot.text for slot in slip.report.find("total.body")}
        assert sum(keys.values()) != decimal_of(total)


def test_weight_sum_breaks_the_hundred() -> None:
    for _, slip in planted("weight-sum"):
        weights = {
            slot.key: decimal_of(slot.text)
            for slot in slip.report.slots
            if slot.key.startswith("leaf.")
            and slot.key.endswith(".weight")
            and slip.report.blocks[slot.block].part == "scores"
        }
        assert sum(weights.values()) == 101


def test_score_over_weight_ripples_into_every_sum() -> None:
    for _, slip in planted("score-over-weight"):
        assert any(leaf.score > leaf.weight for leaf in slip.report.facts.leaves)
        assert {slot.text for slot in slip.report.find("total.body")} == {f"{slip.report.facts.total:.2f}"}


def test_grade_missing_leaves_no_grade() -> None:
    for _, slip in planted("grade-missing"):
        assert not [slot for slot in slip.report.slots if slot.key.startswith("grade.")]
        assert slip.report.find("total.body")


def test_wrong_category_names_another_category_than_its_heading() -> None:
    for _, slip in planted("wrong-category"):
        wrong = [
            slot
            for place in range(4)
            for slot in slip.report.find(f"cat.{place}.name")
            if slot.text != ("决策", "过程", "产出", "效益")[place]
        ]
        assert [slot.text for slot in wrong] == [slip.stated]


def test_missing_section_leaves_no_text_below_its_heading() -> None:
    for report, slip in planted("missing-section"):
        assert len(slip.report.blocks) < len(report.blocks)
        heads = [place for place, block in enumerate(slip.report.blocks) if block.text == slip.quote]
        assert all(slip.report.blocks[place + 1].level == 1 for place in heads)


def test_repeated_text_stands_twice() -> None:
    for _, slip in planted("repeated-text"):
        assert sum(block.text == slip.stated for block in slip.report.blocks) == 2


def test_survey_slip_breaks_order_share_or_mean() -> None:
    for report, slip in planted("survey", 8):
        assert sum(a.text != b.text for a, b in zip(report.slots, slip.report.slots, strict=True)) == 1


def test_slots_keep_pointing_at_their_text_after_a_change() -> None:
    for code in ("money-sum", "malformed-number", "repeated-text", "missing-section", "grade-band", "unit"):
        for _, slip in planted(code, 3):
            for slot in slip.report.slots:
                block = slip.report.blocks[slot.block]
                text = block.text if slot.row < 0 else block.rows[slot.row][slot.column]
                assert text[slot.start : slot.start + len(slot.text)] == slot.text


def test_unknown_class_is_refused_with_a_sentence() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(NotPlantable, match="recycled-text"):
        inject(rng, make_report(rng, pages=5), "recycled-text")


def test_decoys_leave_every_figure_of_the_report_as_it_was() -> None:
    rng = np.random.default_rng(4)
    report = make_report(rng, pages=6)
    after = add_decoys(rng, report, 6)
    assert {text for _, text in after.decoys} <= {block.text for block in after.blocks}
    if after.facts == report.facts:
        assert [slot.text for slot in after.slots] == [slot.text for slot in report.slots]


@given(st.integers(0, 2**31), st.decimals(min_value="0.01", max_value="99999.99", places=2))
def test_digit_slip_changes_one_digit_and_keeps_the_length(seed: int, value) -> None:
    text = f"{value:,.2f}"
    after = slip_digit(np.random.default_rng(seed), text)
    assert len(after) == len(text)
    assert sum(left != right for left, right in zip(text, after, strict=True)) == 1
    assert decimal_of(after) != decimal_of(text)
