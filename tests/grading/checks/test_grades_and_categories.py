"""grade-band, grade-missing, wrong-category, missing-section, malformed-number: both sides."""

from __future__ import annotations

import pytest

from grading.facts.bands import bands_in

TABLE = [
    ["一级指标", "三级指标", "分值", "得分"],
    ["决策", "立项", "15", "13.20"],
    ["过程", "执行", "25", "21.50"],
    ["产出", "数量", "25", "24.00"],
    ["效益", "影响", "35", "30.10"],
    ["合计", "", "100", "88.80"],
]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("综合评价得分89.40分，评价等级为“优”。", ["良"]),
        ("综合评价得分89.40分，评价等级为“良”。", []),
        ("项目最终得分90.00分，绩效评级为优秀。", []),
        ("项目最终得分59.99分，绩效评级为“中”。", ["差"]),
        (
            "项目总得分89.96分。得分90（含）—100分为优、80（含）—90分为良、60（含）—80分为中、60分以下为差，绩效等级为“良”。",
            [],
        ),
    ],
)
def test_a_grade_is_held_against_the_band_of_its_score(findings_of, sentence, expected):
    assert [finding.expected for finding in findings_of([sentence], code="grade-band")] == expected


def test_the_reports_own_bands_count(findings_of):
    own = "评价等级分为四档：85分（含）以上为优，75（含）—85分为良，60（含）—75分为中，60分以下为差。"
    assert findings_of([own, "项目综合得分86.20分，评价等级为“优”。"], code="grade-band") == []
    found = findings_of([own, "项目综合得分84.20分，评价等级为“优”。"], code="grade-band")
    assert [(f.stated, f.expected) for f in found] == [("优", "良")]


@pytest.mark.parametrize(
    ("text", "lowers"),
    [
        ("90（含）—100分为优、80（含）—90分为良、60（含）—80分为中、60分以下为差", [90, 80, 60, 0]),
        ("优（90-100分）、良（80-89分）、中（60-79分）、差（60分以下）", [90, 80, 60, 0]),
        ("S≥90为优秀，90＞S≥80为良好，80＞S≥60为合格，S＜60为不合格", [90, 80, 60, 0]),
    ],
)
def test_bands_are_read_in_the_usual_wordings(text, lowers):
    assert [int(band.lower) for band in bands_in(text)] == lowers


def test_two_places_of_one_wrong_grade_make_one_finding_with_both_quotes(findings_of):
    found = findings_of(
        ["项目综合得分88.80分，等级为“优”。", "根据评分结果，项目综合得分88.80分，评价等级为“优”。"],
        [TABLE],
        code="grade-band",
    )
    assert len(found) == 1
    assert [item.paragraph for item in found[0].evidence] == [0, 1]


def test_a_score_without_a_grade_and_a_grade_without_a_score_are_asked_about(findings_of):
    assert [f.stated for f in findings_of(["经综合评价，项目综合得分88.80分。"], code="grade-missing")] == [
        "得分88.80分"
    ]
    assert [f.stated for f in findings_of(["经综合评价，项目评价等级为“良”。"], code="grade-missing")] == ["良"]
    assert findings_of(["项目综合得分88.80分，评价等级为“良”。"], code="grade-missing") == []


def test_an_indicators_score_is_no_total(findings_of):
    texts = ["立项依据充分性：分值3分，依据齐全，评价得分3.00分。", "产出指标共25分，评价得分24.00分。"]
    assert findings_of(texts, code="grade-missing") == []


def test_a_sentence_with_another_categorys_figures_is_found(findings_of):
    texts = ["四、绩效评价指标分析", "（四）项目效益情况", "产出指标共35分，评价得分30.10分，得分率86.00%。"]
    found = findings_of(texts, [TABLE])
    assert [(f.code, f.stated, f.expected) for f in found] == [("wrong-category", "产出", "效益")]
    assert found[0].evidence[0].quote == "产出指标共35分，评价得分30.10分，得分率86.00%"


def test_a_sentence_that_shares_only_its_weight_with_another_category_is_silent(findings_of):
    texts = [
        "（二）项目过程情况",
        "过程指标权重25分，得21.50分，得分率86.00%。",
        "（三）项目产出情况",
        "产出指标权重25分，得24.00分，得分率96.00%。",
    ]
    assert findings_of(texts, [TABLE]) == []


def test_a_categorys_wrong_score_in_the_text_is_a_score_sum(findings_of):
    found = findings_of(["（三）项目产出情况", "产出指标共25分，评价得分24.60分。"], [TABLE])
    assert [(f.code, f.stated, f.expected) for f in found] == [("score-sum", "得分24.60分", "24.00")]


FULL = [
    "一、基本情况",
    "项目于2024年实施，覆盖全区各镇，资金由区级安排。",
    "二、绩效评价工作开展情况",
    "评价组制定方案并完成现场核查工作。",
    "三、综合评价情况及评价结论",
    "项目综合得分88.80分，评价等级为“良”。",
    "四、绩效评价指标分析",
    "决策方面，立项依据充分，程序规范完整。",
    "五、主要经验及做法、存在的问题及原因分析",
    "部分站点台账不全，原因是人手不足、责任不清。",
    "六、有关建议",
    "建议补充人手并明确责任，按季抽查台账。",
]


def test_a_full_outline_is_silent(findings_of):
    assert findings_of(FULL, code="missing-section") == []


@pytest.mark.parametrize(("head", "name"), [(8, "存在的问题及原因分析"), (10, "有关建议"), (0, "基本情况")])
def test_an_absent_section_is_found(findings_of, head, name):
    found = findings_of(FULL[:head] + FULL[head + 2 :], code="missing-section")
    assert [(f.expected, f.severity.value) for f in found] == [(name, "warning")]


def test_an_empty_section_is_found(findings_of):
    found = findings_of(FULL[:9] + FULL[10:], code="missing-section")
    assert [f.stated for f in found] == ["五、主要经验及做法、存在的问题及原因分析"]


def test_a_text_without_an_outline_is_not_called_incomplete(findings_of):
    assert findings_of(["项目综合得分88.80分，评价等级为“良”。"], code="missing-section") == []


@pytest.mark.parametrize("text", ["支出7,00.0,77万元", "安排1,23.45元", "资金12.34.56万元"])
def test_a_figure_that_is_no_number_is_a_finding(findings_of, text):
    assert len(findings_of([text], code="malformed-number")) == 1


@pytest.mark.parametrize(
    "text", ["支出7,000.77万元", "见2.1.3节", "2024.12.31前", "第1,2,3项", "１，２３４.５６万元", "宁财绩〔2021〕3号"]
)
def test_lists_dates_and_numbers_are_no_broken_figures(findings_of, text):
    assert findings_of([text], code="malformed-number") == []
