"""What may be contested on a sheet, and what becomes of a task once it is put right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.corrections import Fact, NotACorrection, corrected, correction_of, struck_by, targets_in, veto_of
from grading.grade_record import GradedTask, RecordedLoss, grade_record, tasks_in, verify_grade
from grading.scale import GradeRules, HonestyLoss, Misconduct

RULES = GradeRules()
RATED = {name: {"bureau": [Decimal(80)]} for name in RULES.elements}
LOSS = RecordedLoss(Misconduct("l1", HonestyLoss.MINOR, date(2026, 5, 1), date(2026, 8, 1)), "逾期", "2026-05-01")


def record_of(*tasks, losses=(), rules=RULES):
    return grade_record("甲", 2026, tasks, losses, rules, master_salt="7" * 64)


def task(number="1号", **changes):
    return GradedTask(number, RATED, Decimal(100000), **changes)


def test_a_sheet_offers_every_rating_its_weight_and_the_losses_that_count():
    found = targets_in(record_of(task(), task("2号", veto_reason="伪造数据"), losses=[LOSS]))
    keys = [one.key for one in found]
    assert {one for one in keys if one.startswith("task|1号|")} == {
        *(f"task|1号|{name}" for name in RULES.elements),
        "task|1号|amount",
    }
    assert "task|2号|veto" in keys
    assert keys[-1] == "loss|l1"
    assert found[-1].stated == "−10"


def test_facts_are_offered_only_where_the_rules_reckon_with_them():
    rules = GradeRules(weigh_by="difficulty", urgent=Decimal(2))
    keys = [one.key for one in targets_in(record_of(task(), rules=rules))]
    assert "task|1号|difficulty" in keys
    assert "task|1号|urgent" in keys
    assert "task|1号|amount" not in keys


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_a_corrected_rating_takes_the_place_of_the_ratings_and_the_record_verifies(value):
    record = record_of(task(), task("2号"))
    made = correction_of(record, "task|1号|report", str(value), "补充材料属实")
    again = record_of(*(corrected(one, [made]) for one in tasks_in(record)))
    assert verify_grade(again) == []
    assert Decimal(again["tasks"][0]["corrections"]["report"]["rating"]) == value
    moved = Decimal(again["tasks"][0]["score"]) - Decimal(record["tasks"][0]["score"])
    assert abs(moved - (value - 80) * 35 / 100) <= Decimal("0.01")
    assert again["tasks"][1]["score"] == record["tasks"][1]["score"]


def test_facts_are_put_right_and_the_last_correction_counts():
    rules = GradeRules(weigh_by="difficulty", urgent=Decimal(2))
    record = record_of(task(veto_reason="泄密"), rules=rules)
    made = [
        correction_of(record, "task|1号|difficulty", "complex", "难度大"),
        correction_of(record, "task|1号|difficulty", "simple", "复核"),
        correction_of(record, "task|1号|urgent", "", "确属紧急"),
        correction_of(record, "task|1号|veto", "", "查无此事"),
    ]
    right = corrected(tasks_in(record)[0], made)
    assert (right.difficulty, right.urgent, right.veto_reason) == ("simple", True, None)
    assert corrected(right, [veto_of("1号", "伪造数据")]).veto_reason == "伪造数据"
    assert corrected(tasks_in(record_of(task("别的号")))[0], made).difficulty == "usual"
    assert struck_by([{"loss": "l1", "reason": "误记"}, *made]) == {"l1": "误记"}


@pytest.mark.parametrize("value", ["", "高", "-1", "100.01", "NaN", "Infinity"])
def test_a_figure_that_cannot_be_is_no_correction(value):
    with pytest.raises(NotACorrection):
        correction_of(record_of(task()), "task|1号|report", value, "理由")


@pytest.mark.parametrize(("fact", "value"), [(Fact.AMOUNT, "0"), (Fact.AMOUNT, "很多")])
def test_an_amount_is_a_positive_figure(fact, value):
    with pytest.raises(NotACorrection):
        correction_of(record_of(task()), f"task|1号|{fact}", value, "理由")


@pytest.mark.parametrize("key", ["", "other", "task|无此任务|report", "task|1号|无此项", "loss|l9"])
def test_what_is_on_no_line_of_the_sheet_cannot_be_put_right(key):
    with pytest.raises(LookupError):
        correction_of(record_of(task(), losses=[LOSS]), key, "90", "理由")
