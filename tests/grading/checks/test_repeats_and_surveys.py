"""Pasted paragraphs, weighted satisfaction, denied problems and conflicting figures, on both sides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from grading.facts.answers import weights_in
from grading.reading.document import Paragraph
from grading.reading.lines import Line, Margins, mend
from grading.reading.title import title_of
from tests.grading.checks.test_both_sides import ALSO, GOOD, scored
from tests.grading.conftest import table_of

BODY = "抽查的18个村中有5个村的巡护记录缺少签字，2个村的管护台账自6月起没有更新，巡护人员补助仍按全年足额发放，反映出补助发放与履职考核脱节。"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (f"2.管护履职考核流于形式。{BODY}", BODY, True),
        (f"2.管护履职考核流于形式。{BODY}", f"3.补助发放审核不严。{BODY}", True),
        (BODY, f"{BODY}下一步将由镇级按季复核。", True),
        (f"2.管护履职考核流于形式。{BODY}", BODY.replace("，", ","), True),
        (BODY, BODY.replace("18个村中有5个", "31个企业中有9个").replace("管护台账", "生产台账"), False),
        (
            f"巡护记录不全。{BODY[:30]}。",
            f"{BODY[:30]}，其余村记录完整，签字齐全，补助按考核结果发放，未见重复。",
            False,
        ),
    ],
)
def test_a_paragraph_pasted_into_another_is_found(findings_of, first, second, found):
    body = ["一、基本情况", "项目概况。", "二、存在的问题", first, "4.资金审核不够严格。", second]
    assert bool(findings_of(body, code="repeated-text")) is found


def test_text_of_three_places_and_of_abstract_and_body_is_no_repetition(findings_of):
    thrice = ["一、基本情况", BODY, "二、结论", f"1.总体情况。{BODY}", f"2.其他。{BODY}"]
    assert findings_of(thrice, code="repeated-text") == []
    abstract = ["摘要", f"主要问题：{BODY}", "一、基本情况", "概况。", "二、存在的问题", BODY]
    assert findings_of(abstract, code="repeated-text") == []


ACROSS = [["选项", "很满意", "满意", "基本满意", "不满意", "合计"], ["份数", "312", "170", "88", "17", "587"]]
WAYS = (
    "满意度按很满意100分、满意80分、基本满意60分、不满意0分加权计算，居民满意度为{rate}%。",
    "很满意、满意、基本满意、不满意分别赋值1、0.8、0.6、0，经加权平均，居民满意度为{rate}%。",
    "“很满意”“满意”“基本满意”“不满意”分别按100分、80分、60分、0分计分，综合满意度达到{rate}%。",
)


@pytest.mark.parametrize("words", WAYS)
@pytest.mark.parametrize(
    ("rate", "expected"), [("85.32", []), ("85.3", []), ("85.82", ["85.32%"]), ("58.32", ["85.32%"])]
)
@pytest.mark.parametrize("upright", [False, True])
def test_weighted_satisfaction_is_worked_out(findings_of, words, rate, expected, upright):
    rows = [list(row) for row in zip(*ACROSS, strict=True)] if upright else ACROSS
    text = f"发放问卷620份，收回601份，有效问卷587份。{words.format(rate=rate)}"
    assert [one.expected for one in findings_of(["说明。", text], [rows], code="survey")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "有效问卷200份，其中非常满意120份、满意50份、一般20份、不满意10份，按100、80、60、0分赋分加权，满意度88.00%。",
            [],
        ),
        (
            "问卷结果：非常满意120份，满意50份，一般20份，不满意10份。按非常满意100分、满意80分、一般60分、不满意0分计分，满意度为89.00%。",
            ["86.00%"],
        ),
        (
            "问卷结果：非常满意120份，满意50份，一般20份，不满意10份。按非常满意100分、满意80分、一般60分、不满意0分计分，满意度为86.00%。",
            [],
        ),
        ("问卷结果：非常满意120份，满意50份，一般20份，不满意10份，满意率为85.00%。", []),
        (
            "非常满意280份、占70%，满意80份、占20%，一般40份、占10%，满意度95.1%（非常满意100分，满意80分，一般60分）。",
            ["92.0%"],
        ),
        (
            "非常满意120份，满意50份，一般20份，不满意10份。按非常满意100分、满意80分、一般60分、不满意0分计分，目标满意度90.00%，满意度为86.00%。",
            [],
        ),
    ],
)
def test_weighted_satisfaction_of_a_sentence(findings_of, text, expected):
    assert [one.expected for one in findings_of(["说明。", text], code="survey")] == expected


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("非常满意655份、满意120份、一般20份、不满意5份，加权计算", {}),
        (
            "按非常满意（5分）、满意（4分）、一般（3分）、不满意（1分）计分",
            {"满意": Decimal("0.8"), "不满意": Decimal("0.2")},
        ),
        ("满意度目标为90%，按权重5分计分", {}),
    ],
)
def test_weights_of_answers_are_read(text, values):
    found = weights_in(text)
    assert {name: found[name] for name in values} == values
    assert bool(found) is bool(values)


@pytest.mark.parametrize(("share", "expected"), [("53.15%", []), ("35.15%", ["53.15%"]), ("53.16%", ["53.15%"])])
def test_each_share_of_a_table_of_answers_is_worked_out(findings_of, share, expected):
    rows = [*ACROSS, ["占比", share, "28.96%", "14.99%", "2.90%", "100.00%"]]
    assert [one.expected for one in findings_of(["居民问卷调查结果"], [rows], code="survey")] == expected


def test_shares_of_something_else_than_the_answers_are_left_alone(findings_of):
    rows = [*ACROSS, ["占比", "41.05%", "22.37%", "11.58%", "2.24%", "77.24%"]]
    assert findings_of(["居民问卷调查结果"], [rows], code="survey") == []


PAYING = ("资金使用合规性", "10", "合规", "合规", "查阅合同和凭证，手续完整，未发现超进度付款情况", "10.00")


@pytest.mark.parametrize(
    ("problem", "found"),
    [
        ("1.超进度付款未得到纠正。3个标段在验收前已付至合同价的95%，多付42.00万元。", True),
        ("1.资金使用不够规范。2笔会议费从项目资金列支，涉及1.20万元。", True),
        ("1.会议费列支不规范。2笔会议费从项目资金列支，涉及1.20万元。", False),
        ("1.超进度付款苗头。1个标段曾申请提前付款，已整改到位，未予扣分。", False),
        ("1.超进度付款3笔，在“成本控制情况”指标扣2分。", False),
        ("1.未发现超进度付款，但结算资料归档较晚。", False),
    ],
)
def test_a_problem_that_full_marks_deny_is_found(findings_of, problem, found):
    body = ["一、基本情况", "概况。", "二、存在的问题", problem, "三、建议", "整改。"]
    assert bool(findings_of(body, [scored(GOOD, ALSO, PAYING)], code="problem-score")) is found


def test_experience_beside_the_problems_and_annexes_after_them_are_no_problems(findings_of):
    body = [
        "一、基本情况",
        "概况。",
        "二、主要经验及做法、存在的问题",
        "（一）主要经验及做法",
        "以往超进度付款的做法已经改变，今年按工程量支付。",
        "（二）存在的问题",
        "归档较晚，有3份合同缺页。",
        "附件2：访谈记录",
        "超进度付款如何防止？答：由财务科复核。",
    ]
    assert findings_of(body, [scored(GOOD, ALSO, PAYING)], code="problem-score") == []


def test_a_deduction_without_a_reason_is_found_where_the_table_has_no_notes(findings_of):
    head = ["一级指标", "三级指标", "分值", "得分"]
    table = table_of([head, ["过程", "管理制度健全性", "5", "3.50"], ["过程", "预算执行率", "5", "5.00"]])
    problems = ["二、存在的问题", "档案归集较晚，有3份合同缺页。", "三、建议", "整改。"]
    told = ["一、分析", "管理制度健全性：分值5分，已按评分标准核定，评价得分3.50分。", *problems]
    assert len(findings_of(told, [table], code="problem-score")) == 1
    told[1] = "管理制度健全性：分值5分，补助办法未制定，评价得分3.50分。"
    assert findings_of(told, [table], code="problem-score") == []


def test_the_report_s_own_year_sets_no_figure_apart_and_months_do(findings_of):
    texts = [
        "项目全年清理河道淤泥21,402立方米。",
        "2024年全年清理河道淤泥21,502立方米，其中东片区11,000立方米、西片区10,502立方米。",
    ]
    found = findings_of(texts, code="fact-conflict")
    assert [(one.stated[:6], one.expected[:6]) for one in found] == [("21,402", "21,502")]
    texts[1] = "2023年全年清理河道淤泥21,502立方米。"
    assert findings_of(texts, code="fact-conflict") == []
    months = ["3月清理河道淤泥21,402立方米。", "8月清理河道淤泥21,502立方米。"]
    assert findings_of(months, code="fact-conflict") == []
    towns = ["东片区清理河道淤泥21,402立方米。", "西片区清理河道淤泥21,502立方米。"]
    assert findings_of(towns, code="fact-conflict") == []


def test_the_higher_share_for_less_done_is_found_even_where_it_is_little_higher(findings_of):
    def row(name, rate, score):
        return (name, "4", "74个", "70个", f"完成率{rate}%，按比例得{score}分", score)

    two = (row("站点运营数量", "89.19", "3.96"), row("助餐服务数量", "98.03", "3.92"))
    assert [one.expected for one in findings_of(["说明。"], [scored(*two)], code="score-monotone")] == ["3.57"]
    right = (row("站点运营数量", "89.19", "3.57"), row("助餐服务数量", "98.03", "3.92"))
    assert findings_of(["说明。"], [scored(*right)], code="score-monotone") == []


def test_a_title_over_two_lines_keeps_the_kind_of_document_that_it_names():
    margins = Margins(60, 535, 11)
    first = mend(Line("某县2020年度高标准农田管护与提升项目专项", 90, 505, 120, 20, 1), None, margins, fresh=True)
    assert first is not None
    assert mend(Line("审计报告", 257, 337, 150, 20, 1), first, margins, fresh=False) is None
    assert first.text.endswith("项目专项审计报告")
    assert mend(Line("一、基本情况", 240, 360, 180, 20, 1), first, margins, fresh=False) is not None


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["专项审计报告", "项目名称：某县2023年度道路养护项目"], "某县2023年度道路养护项目专项审计报告"),
        (["绩效评价报告", "项目名称：某县2023年度道路养护项目"], "某县2023年度道路养护项目绩效评价报告"),
        (
            ["某县2023年度道路养护项目", "绩效自评报告", "项目名称：道路养护项目"],
            "某县2023年度道路养护项目绩效自评报告",
        ),
    ],
)
def test_a_short_line_with_the_kind_of_document_joins_the_project_s_name(lines, title):
    assert title_of([Paragraph(number, None, text) for number, text in enumerate(lines)]) == title
