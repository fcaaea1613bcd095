"""What reports of other houses taught: forms, lists, totals and names, each beside its look-alike."""

from __future__ import annotations

import pytest

from tests.grading.conftest import table_of

FORM = [
    ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["年度资金总额", "", "1840.53", "2000.58", "1793.66", "10", "89.66%", "8.97"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
    ["产出指标", "数量指标", "改造小区数量", "≥12个", "12个", "50", "50.00", ""],
    ["效益指标", "社会效益指标", "投诉处置及时率", "≥95%", "96.20%", "30", "30.00", ""],
    ["满意度指标", "满意度指标", "居民满意度", "≥90%", "92.10%", "10", "10.00", ""],
    ["总分", None, None, None, None, "100", "98.97", ""],
]


def test_the_ministry_s_form_counts_the_points_for_the_execution_rate(findings_of, make_report):
    from grading.facts.indicators import read_indicators

    table = read_indicators(table_of(FORM))
    assert [leaf.name for leaf in table.leaves][:2] == ["预算执行率", "改造小区数量"]
    assert findings_of(["说明。"], [FORM]) == []
    wrong = [[*row] for row in FORM]
    wrong[1][7] = "9.97"
    assert "score-sum" in [one.code for one in findings_of(["说明。"], [wrong])]
    bare = [*FORM[:6], ["总分", None, None, None, None, "90", "90.00", ""]]
    assert findings_of(["说明。"], [bare]) == []


@pytest.mark.parametrize(("stated", "found"), [("2000.58", 0), ("2000.68", 1), ("2150.00", 0)])
def test_the_text_s_budget_against_the_total_of_a_fund_table(findings_of, stated, found):
    texts = [f"项目全年预算{stated}万元，全年执行1793.66万元。"]
    assert len(findings_of(texts, [FORM], code="fact-conflict")) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全年执行数中，乔木修剪146.01万元、草坪养护759.39万元、病虫害防治665.75万元、设施维修456.64万元。", 0),
        ("全年执行数中，乔木修剪143.01万元、草坪养护759.39万元、病虫害防治665.75万元、设施维修456.64万元。", 1),
        ("主要支出有乔木修剪146.01万元、草坪养护759.39万元、病虫害防治465.75万元。", 0),
    ],
)
def test_a_list_whose_total_stands_in_another_sentence(findings_of, text, found):
    texts = ["项目实际支出2027.79万元。", text]
    assert len(findings_of(texts, code="money-sum")) == found


def test_budget_and_spending_of_one_row_may_be_near_each_other(findings_of):
    rows = [["内容", "预算（万元）", "支出（万元）"], ["甲", "278.64", "277.64"], ["乙", "120.00", "118.35"]]
    rows.append(["合计", "398.64", "395.99"])
    assert findings_of(["甲项支出277.64万元。", "其中甲项支出277.64万元。"], [rows], code="fact-conflict") == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("上年决算支出1,000.00万元，同比增长16.10%。", 0),
        ("上年决算支出1,000.00万元，同比增长16.70%。", 1),
        ("上年决算支出1,000.00万元，同比增长7.30%。", 0),
    ],
)
def test_growth_over_last_year_s_figure_in_the_sentence_after(findings_of, sentence, found):
    texts = [f"本年决算支出1,161.00万元。{sentence}"]
    assert len(findings_of(texts, code="growth-rate")) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024年度农贸市场升级改造项目由某区商务委员会组织实施。", 1),
        ("2024年度示范项目由某区商务委员会组织实施。", 0),
        ("借鉴邻区做法，农贸市场升级改造项目由商务部门组织实施。", 0),
        ("该类项目由各单位分别实施，其他基础设施建设项目由主管部门实施。", 0),
    ],
)
def test_the_project_that_a_sentence_names(findings_of, text, found):
    assert len(findings_of([text], code="entity-name")) == found


def test_a_category_that_opens_its_paragraph(findings_of):
    rows = [
        ["一级指标", "三级指标", "分值", "得分"],
        *[["履职效能", f"重点工作{n}完成率", "10", "9.00"] for n in range(4)],
        *[["管理效率", f"支出进度{n}控制率", "10", "8.00"] for n in range(4)],
        *[["社会评价", f"公众满意度{n}", "10", "10.00"] for n in range(2)],
        ["合计", None, "100", "88.00"],
    ]
    text = "1.履职效能。该指标分值40分，评价得分36.00分，得分率90.00%。"
    assert findings_of([text], [rows], code="wrong-category") == []
    wrong = text.replace("履职效能", "社会评价")
    assert [one.expected for one in findings_of([wrong], [rows], code="wrong-category")] == ["履职效能"]
    assert findings_of(["1.支出进度。该指标分值10分，评价得分8.00分。"], [rows]) == []


def test_a_problem_of_stock_phrases_stays_one_with_its_number(findings_of):
    body = ["一、基本情况", "概况。", "二、存在的问题", "1.机制不够完善。", "2.管理有待加强。", "三、建议", "整改。"]
    assert len(findings_of(body, code="vague-problem")) == 1


def test_sections_told_under_other_names_are_not_missing(findings_of):
    heads = ["一、基本情况", "二、综合得分情况", "三、存在问题", "四、改进措施"]
    told = [
        "评价组发放问卷300份。",
        "产出指标分值30分，得分28.50分，得分率95.00%。",
        "有3份巡查台账缺失，责任人不明。",
        "应补齐台账并明确责任人。",
    ]
    texts = [line for pair in zip(heads, told, strict=True) for line in pair]
    assert findings_of(texts, code="missing-section") == []
    assert len(findings_of([*texts[:1], "项目于年初设立，年末完成。", *texts[2:]], code="missing-section")) == 1


CHECKED = [
    ["核查对象", "台账数", "核实数", "核实率"],
    *([f"第{number}组", "31", verified, rate] for number, (verified, rate) in enumerate(
        (("30", "96.77%"), ("31", "100.00%"), ("30", "96.77%"), ("31", "100.00%"), ("30", "96.77%")), start=1
    )),
    ["第6组", "17", "16", "94.12%"],
    ["合计", "172", "168", "97.67%"],
]  # fmt: skip


def test_a_rate_of_two_columns_is_no_share_of_a_base_that_most_rows_happen_to_have(findings_of):
    assert findings_of(["说明。"], [CHECKED]) == []
    wrong = [[*row] for row in CHECKED]
    wrong[6][3] = "94.72%"
    assert [one.stated for one in findings_of(["说明。"], [wrong])] == ["94.72%"]
