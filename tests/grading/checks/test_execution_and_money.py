"""execution-rate, money-sum and count-sum: both sides."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grading.checks.registry import Context, one_digit_apart, run_all
from grading.facts.collect import gather
from tests.grading.conftest import report_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("调整后预算3,148.60万元，实际支出2,962.47万元，预算执行率为94.09%。", []),
        ("调整后预算3,148.60万元，实际支出2,962.47万元，预算执行率为90.87%。", ["94.09%"]),
        ("年初预算3,260.00万元，调整后预算3,148.60万元，实际支出2,962.47万元，预算执行率为90.87%。", []),
        ("项目预算200万元，实际支出66.86万元，预算执行率100%。", ["33.43%"]),
        ("项目预算2000000元，实际支出66.86万元，预算执行率33.43%。", []),
        ("预算执行率不低于95%。项目预算200万元，实际支出100万元。", []),
        ("到位资金500.00万元，实际支出481.70万元，执行率９６.３４％。", []),
    ],
)
def test_a_stated_rate_is_held_against_the_amounts_of_its_sentence(findings_of, text, expected):
    assert [finding.expected for finding in findings_of([text], code="execution-rate")] == expected


def test_another_lawful_base_keeps_an_unnamed_one_silent(findings_of):
    texts = [
        "项目年初预算1,150.00万元，调整后预算1,085.50万元。",
        "截至年底，项目实际支出1,012.38万元，预算执行率为93.26%。",
    ]
    assert findings_of(texts, code="execution-rate") == []


def test_a_rate_counted_on_a_named_budget_must_fit_that_budget(findings_of):
    texts = [
        "项目年初预算1,150.00万元，调整后预算1,085.50万元。",
        "项目实际支出1,012.38万元。按年初预算计算，预算执行率为93.26%。",
    ]
    assert [f.expected for f in findings_of(texts, code="execution-rate")] == ["88.03%"]


ROWS = [
    ["支出内容", "年初预算", "调整后预算", "实际支出", "执行率"],
    ["设施运维", "800.00", "768.00", "742.16", "96.64%"],
    ["水质检测", "70.00", "66.50", "63.42", "95.37%"],
    ["合计", "870.00", "834.50", "805.58", "96.53%"],
]


def test_rates_in_a_table_are_checked_row_by_row(findings_of):
    assert findings_of(tables=[ROWS]) == []
    wrong = [*ROWS[:2], ["水质检测", "70.00", "66.50", "63.42", "93.37%"], ROWS[3]]
    found = findings_of(tables=[wrong])
    assert [(f.code, f.stated, f.expected) for f in found] == [("execution-rate", "93.37%", "95.37%")]
    assert found[0].evidence[0].row == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("实际支出1012.38万元，其中运维费742.16万元、维修费148.90万元、检测费63.42万元、电费57.90万元。", []),
        (
            "实际支出1012.38万元，其中运维费742.16万元、维修费184.90万元、检测费63.42万元、电费57.90万元。",
            ["1,048.38万元"],
        ),
        (
            "实际支出1012.38万元（10,123,800.00元），其中运维费742.16万元、维修费184.90万元、检测费63.42万元、电费57.90万元。",
            ["1,048.38万元"],
        ),
        ("总投资1.2亿元，其中中央补助8000万元、地方配套4000万元。", []),
        ("安排资金7908.83万元，其中省级4204.8万元、市级3704万元。", []),
        ("总支出1000.00万元，其中人员经费300.00万元、公用经费200.00万元。", []),
        ("预算215.55万元，其中筛查补助203.55万元（按11,500人、98元/人测算），宣传培训12.00万元。", []),
        ("补助资金2263万元，其中东区1153万元、西区800万元、北区300万元。", ["2,253万元"]),
    ],
)
def test_parts_after_the_word_for_of_which_must_add(findings_of, text, expected):
    assert [finding.expected for finding in findings_of([text], code="money-sum")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("覆盖学校23所，其中小学14所、初中6所、九年一贯制学校3所。", []),
        ("覆盖学校23所，其中小学14所、初中6所、九年一贯制学校4所。", ["24所"]),
        ("共有职工200人，其中男性120人、女性80人，党员50人。", []),
        ("共有职工200人，其中高级职称20人。", []),
    ],
)
def test_counts_after_of_which_must_add(findings_of, text, expected):
    assert [finding.expected for finding in findings_of([text], code="count-sum")] == expected


NESTED = [
    ["子项", "年度", "预算（万元）", "支出（万元）"],
    ["补贴", "2023", "100.00", "90.00"],
    ["^", "2024", "200.00", "180.00"],
    ["^", "小计", "300.00", "270.00"],
    ["奖励", "2023", "/", "/"],
    ["^", "2024", "50.50", "50.50"],
    ["^", "小计", "50.50", "50.50"],
    ["总计", None, "350.50", "320.50"],
]


def test_subtotals_and_totals_of_a_table_are_told_apart(findings_of):
    assert findings_of(tables=[NESTED]) == []


def test_a_total_row_that_does_not_add_is_found(findings_of):
    wrong = [*NESTED[:7], ["总计", None, "350.50", "325.50"]]
    found = findings_of(tables=[wrong])
    assert [(f.code, f.stated) for f in found] == [("money-sum", "325.50")]


def test_rows_marked_of_which_are_not_counted_twice(findings_of):
    rows = [
        ["项目", "金额（万元）"],
        ["人员支出", "60.00"],
        ["其中：津贴", "20.00"],
        ["公用支出", "40.00"],
        ["合计", "100.00"],
    ]
    assert findings_of(tables=[rows]) == []


def test_columns_that_do_not_add_by_nature_are_silent(findings_of):
    rows = [
        ["类别", "数量（套）", "单价（元）", "金额（元）"],
        ["桌", "10", "300.00", "3000.00"],
        ["椅", "20", "100.00", "2000.00"],
        ["合计", "30", "166.67", "5000.00"],
    ]
    assert findings_of(tables=[rows]) == []


def test_a_cell_merged_over_rows_leaves_the_sum_open(findings_of):
    rows = [["名称", "金额（万元）"], ["甲", "5"], ["乙", "^"], ["丙", "10"], ["合计", "20"]]
    assert findings_of(tables=[rows]) == []


@given(st.lists(st.integers(100_00, 9_999_99), min_size=3, max_size=6), st.data())
def test_one_wrong_digit_in_any_listed_part_is_found_and_the_right_list_is_silent(cents, data):
    values = [Decimal(value) / 100 for value in cents]

    def findings(parts):
        listed = "、".join(f"第{'甲乙丙丁戊己'[i]}类{part:.2f}万元" for i, part in enumerate(parts))
        report = report_of([f"项目实际支出{sum(values):.2f}万元，其中{listed}。"])
        return list(run_all(Context(gather(report)), ["money-sum"]))

    assert findings(values) == []
    index = data.draw(st.integers(0, len(values) - 1))
    digits = list(f"{values[index]:.2f}")
    place = data.draw(st.sampled_from([i for i, char in enumerate(digits) if char.isdigit() and i > 0]))
    digits[place] = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    slipped = [*values[:index], Decimal("".join(digits)), *values[index + 1 :]]
    assume(all(sum(slipped[:count]) != sum(values) for count in range(2, len(values))))
    assert len(findings(slipped)) == 1


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("184.90", "148.90", True),
        ("10.00", "10.01", True),
        ("12.30", "13.40", False),
        ("100.00", "10.00", True),
        ("5.00", "5.00", False),
    ],
)
def test_slips_of_typing_are_one_digit_or_two_exchanged(left, right, expected):
    assert one_digit_apart(Decimal(left), Decimal(right), 2) is expected
