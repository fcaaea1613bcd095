"""Single wrong digits in tables and text, each beside a look-alike that must stay silent."""

from __future__ import annotations

import pytest

from tests.grading.conftest import table_of

OPTIONS = [
    ["选项", "小计", "比例"],
    ["A.短视频平台", "96", "7.22%"],
    ["B.公众号", "444", "33.38%"],
    ["C.报纸", "16", "1.20%"],
    ["D.其他", "762", "57.29%"],
    ["本题有效填写人次", "1330", ""],
]
PAYMENTS = [
    ["设备", "单价（万元）", "数量", "金额（万元）"],
    ["水泵", "2.50", "4", "10.00"],
    ["阀门", "0.80", "12", "9.60"],
    ["电缆", "1.25", "20", "25.00"],
    ["仪表", "3.10", "5", "15.50"],
]
RATES = [
    ["年度", "2021", "2022", "2023", "合计"],
    ["应收", "77", "65", "92", "234"],
    ["实收", "6", "31", "36", "73"],
    ["占比", "7.79%", "47.69%", "39.13%", "31.20%"],
]
BLOCKS = [
    ["子项目", "年度", "支出（万元）", "资金占比（%）"],
    ["竞赛", "2021", "605.00", "8.12"],
    ["竞赛", "2022", "1770.00", "23.74"],
    ["竞赛", "2023", "2185.00", "29.31"],
    ["竞赛", "2024", "2895.00", "38.83"],
    ["竞赛", "小计", "7455.00", "100.00"],
    ["基地", "2021", "1600.00", "36.28"],
    ["基地", "2023", "910.00", "20.63"],
    ["基地", "2024", "1900.00", "43.08"],
    ["基地", "小计", "4410.00", "100.00"],
]
LEFT = [
    ["资金（万元）", "预算", "支出", "结余"],
    ["人员经费", "320.50", "310.20", "10.30"],
    ["公用经费", "88.40", "80.15", "8.25"],
    ["项目经费", "512.00", "498.70", "13.30"],
]


def changed(rows, row, column, text):
    """The rows with one cell changed."""
    return [[text if (r, c) == (row, column) else cell for c, cell in enumerate(line)] for r, line in enumerate(rows)]


@pytest.mark.parametrize(
    ("rows", "cell", "code", "expected"),
    [
        (OPTIONS, (2, 2, "33.88%"), "survey", "33.38%"),
        (OPTIONS, (4, 1, "742"), "survey", "55.79%"),
        (OPTIONS, (5, 1, "1030"), "survey", "1330"),
        (PAYMENTS, (2, 3, "9.80"), "money-sum", "9.60"),
        (PAYMENTS, (3, 2, "26"), "money-sum", "32.50"),
        (RATES, (3, 2, "47.89%"), "percent-of", "47.69%"),
        (RATES, (2, 4, "76"), "percent-of", "32.48%"),
        (BLOCKS, (3, 3, "79.31"), "percent-of", "29.31%"),
        (BLOCKS, (9, 3, "400.00"), "percent-of", "99.99%"),
        (LEFT, (2, 3, "8.75"), "money-sum", "8.25"),
    ],
)
def test_a_wrong_digit_in_a_line_that_is_worked_out_of_others(findings_of, rows, cell, code, expected):
    found = findings_of(["说明。"], [changed(rows, *cell)])
    assert (code, expected) in [(one.code, one.expected) for one in found]
    assert findings_of(["说明。"], [rows]) == []


def test_lines_that_only_happen_to_fit_once_say_nothing(findings_of):
    rows = [
        ["街道", "设施数", "人口", "面积"],
        ["甲街道", "12", "30", "42"],
        ["乙街道", "25", "41", "58"],
        ["丙街道", "18", "37", "49"],
    ]
    assert findings_of(["说明。"], [rows]) == []


def test_several_answers_may_be_given_without_a_common_sum(findings_of):
    rows = [
        ["选项", "人次", "比例"],
        ["提高标准", "75", "69.44%"],
        ["简化流程", "54", "50.00%"],
        ["加强宣传", "51", "47.22%"],
        ["其他", "2", "1.85%"],
        ["有效填写人次", "108", ""],
    ]
    assert findings_of(["说明。"], [rows]) == []
    assert [one.expected for one in findings_of(["说明。"], [changed(rows, 3, 2, "41.22%")])] == ["47.22%"]


def test_a_text_that_lists_the_figures_of_the_table_beside_it(findings_of):
    text = "受访者中，57.29%通过其他渠道了解，33.38%通过公众号，7.22%通过短视频平台，1.20%通过报纸。"
    table = table_of(OPTIONS, after=0)
    assert findings_of([text], [table]) == []
    (one,) = findings_of([text.replace("7.22", "7.82")], [table], code="fact-conflict")
    assert (one.stated, one.expected) == ("7.82%", "7.22%")
    other = "受访者中，57.29%通过其他渠道了解，33.38%通过公众号，满意度为95.40%。"
    assert findings_of([other], [table]) == []


def test_a_phrase_that_comes_again_with_another_figure(findings_of):
    texts = [f"{number}．关于{topic}：1330份满意度调查问卷中多数满意。" for number, topic in enumerate("甲乙丙丁", 1)]
    assert findings_of(texts) == []
    texts[2] = texts[2].replace("1330", "1380")
    assert [(one.stated, one.expected) for one in findings_of(texts, code="fact-conflict")] == [("1380份", "1330份")]


@pytest.mark.parametrize(
    ("wrong", "found"), [("13534.50", 1), ("12534.70", 1), ("13,534.70", 0), ("13535", 0), ("9120.30", 0)]
)
def test_a_long_figure_one_digit_from_one_that_stands_often(findings_of, wrong, found):
    texts = ["项目预算13534.70万元。", "财政下达13534.70万元。", "评价涉及13534.70万元。", f"资金总额{wrong}万元。"]
    assert len(findings_of(texts, code="fact-conflict")) == found


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("2021年应发放146项，当年发放49项，及时率为33.56%。", "percent-of", []),
        ("2021年应发放146项，当年发放49项，及时率为33.86%。", "percent-of", ["33.56%"]),
        ("2021年应发放146项，当年发放46项，及时率为33.56%。", "percent-of", ["31.51%"]),
        ("计划补贴101个赛项，实际65个，偏差率为35.64%。", "percent-of", []),
        ("计划补贴107个赛项，实际65个，偏差率为35.64%。", "percent-of", ["39.25%"]),
        ("应发放146项，当年发放49项，群众满意率为91.20%。", "percent-of", []),
        ("预算13534.70万元，实际支出12634.70万元，结余900.00万元。", "money-sum", []),
        ("预算13534.70万元，实际支出12634.70万元，结余908.00万元。", "money-sum", ["900.00万元"]),
        ("下拨1750万元，配套3000万元，赞助15万元，支付3749.95万元，结余1015.05万元。", "money-sum", []),
        ("下拨1750万元，配套7000万元，赞助15万元，支付3749.95万元，结余1015.05万元。", "money-sum", ["5,015.05万元"]),
        (
            "设备共7455.00万元，占55.08%，奖补1669.70万元，占12.34%，基地4410.00万元，占32.58%。",
            "percent-of",
            [],
        ),
        (
            "设备共7455.00万元，占55.08%，奖补1669.70万元，占12.84%，基地4410.00万元，占32.58%。",
            "percent-of",
            ["12.34%"],
        ),
        ("共432题，其中非常满意329题，比较满意94题，无感4题，比较不满意2题，非常不满意3题。", "count-sum", []),
        ("共432题，其中非常满意329题，比较满意64题，无感4题，比较不满意2题，非常不满意3题。", "count-sum", ["402题"]),
    ],
)
def test_rates_balances_and_shares_in_sentences(findings_of, text, code, expected):
    assert [one.expected for one in findings_of([text], code=code)] == expected


def test_points_that_two_tables_state_differently(findings_of):
    names = ["立项依据充分性", "立项程序规范性", "绩效目标合理性", "绩效指标明确性"]
    main = [
        ["一级指标", "三级指标", "分值", "得分"],
        *[["决策", name, "4", "3.00"] for name in names],
        ["产出", "完成数量指标", "84", "80.00"],
        ["合计", None, "100", "92.00"],
    ]
    part = [["指标名称", "权重", "指标得分"], *[[name, "4.00", "3.00"] for name in names]]
    assert findings_of(["说明。"], [main, part], code="fact-conflict") == []
    found = findings_of(["说明。"], [main, changed(part, 2, 2, "2.00")], code="fact-conflict")
    assert [(one.stated, one.expected) for one in found] == [("2.00", "3.00")]
