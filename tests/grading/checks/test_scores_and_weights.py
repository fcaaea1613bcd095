"""score-sum, weight-sum, score-over-weight and score-rate: found, and silent on what is right."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.checks.registry import Context, run_all
from grading.facts.collect import gather
from tests.grading.conftest import report_of

HEAD = ["一级指标", "二级指标", "三级指标", "分值", "评分标准", "得分"]


def table(
    scores=("4.00", "5.50", "8.00", "9.25"),
    subtotals=("9.50", "17.25"),
    total=("30", "26.75"),
    weights=("5", "6", "9", "10"),
):
    rows = [HEAD]
    rows += [
        ["决策（11分）", "项目立项", "立项依据", weights[0], "有依据得满分", scores[0]],
        ["^", "^", "立项程序", weights[1], "缺一项扣1分", scores[1]],
    ]
    rows += [["小计", None, None, "11", "", subtotals[0]]]
    rows += [
        ["产出（19分）", "产出数量", "巡检次数", weights[2], "按比例", scores[2]],
        ["^", "产出质量", "合格率", weights[3], "按比例", scores[3]],
    ]
    rows += [["小计", None, None, "19", "", subtotals[1]], ["合计", None, None, total[0], "", total[1]]]
    return rows


def codes(findings):
    return [finding.code for finding in findings]


def test_a_consistent_score_table_is_silent(findings_of):
    assert findings_of(tables=[table()]) == []


def test_a_subtotal_that_is_not_its_childrens_sum_is_found_once_and_quoted(findings_of):
    found = findings_of(tables=[table(subtotals=("9.80", "17.25"), total=("30", "27.05"))])
    assert codes(found) == ["score-sum"]
    assert (found[0].stated, found[0].expected) == ("9.80", "9.50")
    assert found[0].evidence[0].quote == "9.80"
    assert (found[0].evidence[0].table, found[0].evidence[0].row) == (0, 3)
    assert found[0].message["zh"]
    assert found[0].message["en"]


def test_a_total_that_is_not_the_sum_of_its_subtotals_is_found(findings_of):
    found = findings_of(tables=[table(total=("30", "27.75"))])
    assert [(f.code, f.stated, f.expected) for f in found] == [("score-sum", "27.75", "26.75")]


def test_a_headline_score_other_than_the_tables_total_is_found(findings_of):
    found = findings_of(["经综合评价，项目综合得分26.57分。"], [table()], code="score-sum")
    assert [(f.stated, f.expected) for f in found] == [("得分26.57分", "26.75")]
    assert findings_of(["经综合评价，项目综合得分26.75分。"], [table()], code="score-sum") == []


def test_scores_printed_to_different_precision_are_compared_at_the_coarser(findings_of):
    assert findings_of(tables=[table(total=("30", "26.8"))], code="score-sum") == []


def test_weights_that_miss_their_parent_are_found(findings_of):
    found = findings_of(tables=[table(weights=("5", "6", "8", "10"))], code="weight-sum")
    assert {(f.stated, f.expected) for f in found} == {("19", "18"), ("产出（19分）", "18")}


def test_weights_relative_to_each_parent_are_silent(findings_of):
    rows = [HEAD]
    rows += [["决策", "立项", "依据", "40", "", "40"], ["^", "^", "程序", "60", "", "50"]]
    rows += [
        ["产出", "数量", "次数", "30", "", "30"],
        ["^", "^", "面积", "70", "", "60"],
        ["合计", None, None, "100", "", ""],
    ]
    assert findings_of(tables=[rows], code="weight-sum") == []


def test_a_score_above_its_weight_is_found_and_a_full_score_is_silent(findings_of):
    found = findings_of(
        tables=[table(scores=("5.20", "5.50", "8.00", "9.25"), subtotals=("10.70", "17.25"), total=("30", "27.95"))]
    )
    assert [(f.code, f.stated) for f in found] == [("score-over-weight", "5.20")]
    assert findings_of(tables=[table(scores=("5.00", "4.50", "8.00", "9.25"))], code="score-over-weight") == []


def test_a_negative_score_is_found(findings_of):
    found = findings_of(tables=[table(scores=("-1.00", "5.50", "8.00", "9.25"))], code="score-over-weight")
    assert [f.stated for f in found] == ["-1.00"]


SUMMARY = [
    ["一级指标", "决策", "产出", "合计"],
    ["分值", "11", "19", "30"],
    ["得分", "9.50", "17.25", "26.75"],
    ["得分率", "86.36%", "90.79%", "89.17%"],
]


def test_a_summary_table_turned_on_its_side_is_read(findings_of):
    assert findings_of(tables=[SUMMARY, table()]) == []


def test_a_wrong_score_rate_is_found(findings_of):
    wrong = [*SUMMARY[:3], ["得分率", "86.36%", "97.09%", "89.17%"]]
    found = findings_of(tables=[wrong, table()])
    assert [(f.code, f.stated, f.expected) for f in found] == [("score-rate", "97.09%", "90.79%")]


def test_a_summary_score_other_than_the_sum_of_the_indicators_is_found(findings_of):
    wrong = [SUMMARY[0], SUMMARY[1], ["得分", "9.00", "17.75", "26.75"], ["得分率", "81.82%", "93.42%", "89.17%"]]
    plain = [row for row in table() if row[0] != "小计"]
    found = findings_of(tables=[wrong, plain], code="score-sum")
    assert {(f.stated, f.expected) for f in found} == {("9.00", "9.50"), ("17.75", "17.25")}


def test_columns_in_another_order_are_read_alike(findings_of):
    order = [5, 3, 0, 1, 2, 4]
    rows = [
        [row[i] for i in order]
        for row in [[c or "" for c in row] for row in table(total=("30", "27.75")) if row[0] != "小计"]
    ]
    rows = [["^" if cell == "^" else cell for cell in row] for row in rows]
    found = findings_of(tables=[rows], code="score-sum")
    assert [(f.stated, f.expected) for f in found] == [("27.75", "26.75")]


@given(
    st.lists(st.tuples(st.integers(2, 12), st.integers(0, 100)), min_size=4, max_size=14),
    st.integers(0, 10**6),
)
def test_any_one_changed_score_in_a_table_with_a_total_is_found_and_none_else(pairs, pick):
    weights = [weight for weight, _ in pairs]
    scores = [(Decimal(weight) * share / 100).quantize(Decimal("0.01")) for weight, share in pairs]
    rows = [["一级指标", "三级指标", "分值", "得分"]]
    rows += [["产出", f"指标甲{i}", str(w), str(s)] for i, (w, s) in enumerate(zip(weights, scores, strict=True))]
    rows += [["合计", "", str(sum(weights)), str(sum(scores))]]
    assert list(run_all(Context(gather(report_of(tables=[rows]))), ["score-sum"])) == []
    at = pick % len(scores) + 1
    rows[at][3] = str(Decimal(rows[at][3]) + Decimal("0.37"))
    found = list(run_all(Context(gather(report_of(tables=[rows]))), ["score-sum"]))
    assert [(f.stated, f.expected) for f in found] == [(str(sum(scores)), f"{sum(scores) + Decimal('0.37'):,.2f}")]


@pytest.mark.parametrize("label", ["加分项", "附加分"])
def test_bonus_rows_may_exceed_their_weight(findings_of, label):
    rows = [
        ["一级指标", "三级指标", "分值", "得分"],
        ["产出", "数量", "50", "45"],
        ["产出", label, "0", "3"],
        ["合计", "", "50", "48"],
    ]
    assert findings_of(tables=[rows], code="score-over-weight") == []
