"""Every further class on both sides: what must be found, and the look-alikes that must stay silent (FINDINGS.md)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.checks.outside import other_reports
from grading.checks.registry import Context, run_all
from grading.facts.collect import gather
from grading.reading.approved import ApprovedIndicator
from tests.grading.conftest import report_of, table_of

CASES = [
    # percent-of
    ("percent-of", "合同约定，尾款为合同价500.00万元的30%，即160.00万元。", ["150.00万元"]),
    ("percent-of", "合同约定，尾款为合同价500.00万元的30%，即150.00万元。", []),
    ("percent-of", "实际支出466.40万元，占预算500.00万元的93.28%。", []),
    ("percent-of", "实际支出466.40万元，占预算500.00万元的39.28%。", ["196.40万元"]),
    ("percent-of", "首付款不超过合同价500.00万元的30%，实际支付120.00万元。", []),
    ("percent-of", "完成改造118家，占计划120家的98.33%。", []),
    ("percent-of", "补助标准为设备投资额的30%，2024年补助120.00万元。", []),
    # growth-rate
    ("growth-rate", "2023年项目支出2,714.35万元，2024年支出2,962.47万元，较上年增长9.14%。", []),
    ("growth-rate", "2023年项目支出2,714.35万元，2024年支出2,962.47万元，较上年增长19.14%。", ["9.14%"]),
    ("growth-rate", "支出2,962.47万元，较2023年的2,714.35万元增长9.41%。", ["9.14%"]),
    ("growth-rate", "服务人数由1,200人增加到1,500人，增长25%。", []),
    ("growth-rate", "服务人数由1,200人增加到1,500人，增长52%。", ["25.00%"]),
    ("growth-rate", "支出由500.00万元下降至450.00万元，下降10.00%。", []),
    ("growth-rate", "支出较上年增长9.14%，服务1,200人。", []),
    ("growth-rate", "合格率较上年提高3.20个百分点，共检查1,200家、合格1,100家。", []),
    # paid-used
    ("paid-used", "区财政局累计拨付资金500.00万元，项目单位实际使用480.00万元。", ["480.00万元"]),
    ("paid-used", "区财政局累计拨付资金500.00万元，项目单位实际使用480.00万元，差额为工程质保金。", []),
    ("paid-used", "区财政局累计拨付资金500.00万元，项目单位实际使用500.00万元。", []),
    # survey
    ("survey", "共发放问卷900份，收回872份，有效问卷846份，有效率97.02%。", []),
    ("survey", "共发放问卷900份，收回872份，有效问卷864份，有效率97.02%。", ["99.08%"]),
    ("survey", "共发放问卷900份，收回972份。", ["≤900"]),
    ("survey", "共发放问卷900份，收回872份，回收率96.89%，有效问卷846份，有效率94.00%。", []),
    ("survey", "共发放问卷900份，回收872份，回收率106.89%。", ["≤100%"]),
    (
        "survey",
        "不满意的原因（多选，62人作答）：异味35人，占56.45%；维修不及时28人，占45.16%；堵塞17人，占27.42%。",
        [],
    ),
    (
        "survey",
        "不满意的原因（多选，62人作答）：异味35人，占56.45%；维修不及时28人，占54.16%；堵塞17人，占27.42%。",
        ["45.16%"],
    ),
    # period
    ("period", "现场评价阶段为2025年4月28日至4月23日。", ["不早于起期"]),
    ("period", "现场评价阶段为2025年4月28日至5月23日。", []),
    ("period", "评价期间为2024年1月至2024年12月。", []),
    ("period", "政策执行期为2024年至2021年。", ["不早于2024年"]),
    ("period", "政策执行期为2021—2024年。", []),
    ("period", "实施期为2023年11月1日至2024年2月28日。", []),
    # unit
    (
        "unit",
        "项目实际支出1,012.38亿元。年初预算1,150.00万元，拨付1,012.38万元，其中人员300.50万元。",
        ["1,012.38万元"],
    ),
    ("unit", "支出1,012.38万元（10,123,800.00元），单位成本4.63元/吨，上年4.80元/吨。", []),
    ("unit", "单位成本4.63万元/吨，目标不超过4.80元/吨，上年为4.75元/吨。支出1,012.38万元。", ["4.63元"]),
    ("unit", "全市财政收入8,541.10亿元。本项目预算1,150.00万元。", []),
    # independence
    ("independence", "评价机构派员参加了单位自评工作组，协助编制自评报告。", ["评价机构应独立于被评价单位"]),
    ("independence", "评价机构未参与单位自评工作，与项目无利害关系。", []),
    ("independence", "评价机构在单位自评报告基础上开展复核。", []),
]


@pytest.mark.parametrize(("code", "text", "expected"), CASES)
def test_a_sentence_is_found_or_rightly_left_alone(findings_of, code, text, expected):
    assert [one.expected for one in findings_of([text], code=code)] == expected


def test_a_paragraph_that_stands_twice_is_found(findings_of):
    text = "32个项目点中有7个未能在开学前完工，1个设备采购合同到货延期，运动场地改造少完成1片，主要原因是前期论证不足。"
    body = ["一、基本情况", "项目概况。", "二、存在的问题", f"1.{text}", "2.资金审核不够严格。", text]
    assert [one.stated for one in findings_of(body, code="repeated-text")] == [text[:40]]


def test_the_abstract_s_words_in_the_body_and_forms_of_annexes_are_no_repetition(findings_of):
    text = "项目总体完成较好，年度任务全部完成，资金使用合规，服务对象满意度达到预期目标，但过程管理仍有改进空间。"
    assert findings_of(["摘要", text, "一、基本情况", "概况。", "二、结论", text], code="repeated-text") == []
    annexes = ["一、基本情况", "概况。", "附件1：居民问卷", text, "附件2：企业问卷", text]
    assert findings_of(annexes, code="repeated-text") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("无。", True),
        ("制度建设有待完善，工作水平有待进一步提高。", True),
        ("抽查发现2笔付款审核资料不全，涉及金额3.60万元。", False),
        ("补助资金核拨细则未制定，资金审核依据不足。", False),
    ],
)
def test_problems_that_say_nothing_are_found(findings_of, words, found):
    body = ["一、基本情况", "概况。", "二、存在的问题及原因分析", words, "三、有关建议", "完善制度。"]
    assert bool(findings_of(body, code="vague-problem")) is found


def scored(*rows):
    """A score table from (name, weight, target, actual, note, score)."""
    head = ["一级指标", "三级指标", "分值", "目标值", "实际值", "评分说明", "得分"]
    return table_of([head, *(["产出", *row] for row in rows)])


GOOD = ("完成及时性", "10", "100%", "100%", "按期完成，得满分", "10.00")
ALSO = ("工程验收合格率", "10", "≥95%", "97.20%", "达到目标，得满分", "10.00")


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("受益群众满意度", "10", "≥90%", "88.20%", "满意度88.20%，得满分", "10.00"), True),
        (("受益群众满意度", "10", "≥90%", "88.20%", "未达到目标，按比例得9.80分", "9.80"), False),
        (("受益群众满意度", "10", "≥90%", "88.20%", "因疫情停办两期，经批复调整目标，不扣分", "10.00"), False),
        (("维修及时率", "10", "≥90%", "96.00%", "已完成", "9.00"), False),
        (("维修及时率", "10", "≥90%", "96.00%", "完成情况良好，达到目标", "9.00"), True),
        (("单位处理成本", "10", "≤5.00元/吨", "4.63元/吨", "低于控制标准，得满分", "10.00"), False),
        (("单位处理成本", "10", "≤5.00元/吨", "5.63元/吨", "符合要求，得满分", "10.00"), True),
        (("巡检次数", "10", "≥1200次", "3600次", "目标设置过低，扣1分", "9.00"), False),
    ],
)
def test_points_must_follow_target_and_result(findings_of, row, found):
    assert bool(findings_of(["说明。"], [scored(GOOD, ALSO, row)], code="target-score")) is found


def test_a_lower_completion_may_not_earn_more_in_proportion(findings_of):
    rows = (
        ("改造企业数量", "10", "228家", "219家", "完成率96.05%，按比例得9.61分", "9.61"),
        ("诊断企业数量", "10", "212家", "190家", "完成率89.62%，按比例得9.90分", "9.90"),
    )
    found = findings_of(["说明。"], [scored(GOOD, *rows)], code="score-monotone")
    assert [one.expected for one in found] == ["8.96"]
    assert findings_of(["说明。"], [scored(GOOD, rows[0])], code="score-monotone") == []


def test_a_target_copied_as_result_is_found_and_a_result_that_equals_it_is_not(findings_of):
    copied = ("课桌椅更新数量", "10", "≥2197套", "≥2197套", "得满分", "10.00")
    equal = ("设备购置数量", "10", "620台（套）", "620台（套）", "得满分", "10.00")
    found = findings_of(["说明。"], [scored(GOOD, copied, equal)], code="actual-copies-target")
    assert [one.stated for one in found] == ["≥2197套"]


def test_points_in_the_text_are_held_against_the_table(findings_of):
    texts = ["完成及时性：分值10分，按期完成，得9.00分。", "工程验收合格率：分值10分，达到目标，得10.00分。"]
    found = findings_of(texts, [scored(GOOD, ALSO)], code="fact-conflict")
    assert [(one.stated[:8], one.expected) for one in found] == [("得9.00分", "10.00")]


def test_a_slip_in_a_repeated_figure_is_found_and_other_years_are_not(findings_of):
    texts = [
        "项目完成校舍维修改造36,480平方米。",
        "全年完成校舍维修改造36,840平方米，验收合格。",
        "校舍维修改造面积36,840平方米已全部交付。",
    ]
    assert [one.stated for one in findings_of(texts, code="fact-conflict")] == ["36,480平"]
    texts[0] = "2023年完成校舍维修改造36,480平方米。"
    assert findings_of(texts, code="fact-conflict") == []


def test_a_problem_whose_indicator_has_full_marks_is_found(findings_of):
    body = [
        "一、基本情况",
        "概况。",
        "二、存在的问题",
        "工程验收合格率存在不足，抽查发现2项资料缺失。",
        "三、建议",
        "整改。",
    ]
    assert len(findings_of(body, [scored(GOOD, ALSO)], code="problem-score")) == 1
    body[3] = "工程验收合格率存在不足，“完成及时性”指标因此扣1分。"
    assert findings_of(body, [scored(GOOD, ALSO)], code="problem-score") == []


def test_a_title_or_header_of_another_kind_of_document_is_found(findings_of):
    texts = ["评价机构：某会计师事务所", *["本次绩效评价按照委托开展。"] * 6]
    assert findings_of(texts, code="document-kind", title="某区2024年度示范项目绩效评价报告") == []
    found = findings_of(texts, code="document-kind", title="某区2024年度示范项目专项审计报告")
    assert [one.expected for one in found] == ["绩效评价报告"]


def test_another_project_s_name_is_found_and_a_former_name_of_the_unit_is_not(findings_of):
    title = "某区2024年度农村生活污水处理设施运行维护项目绩效评价报告"
    texts = [
        "项目名称：某区2024年度农村生活污水处理设施运行维护项目",
        "由区生态环境局负责组织实施高标准农田管护与提升项目。",
    ]
    assert len(findings_of(texts, code="entity-name", title=title)) == 1
    texts[1] = "由区生态环境局负责组织实施农村生活污水处理设施运行维护项目。2019年机构改革前为某区环境保护局。"
    assert findings_of(texts, code="entity-name", title=title) == []


APPROVED = (
    ApprovedIndicator("完成及时性", "产出", Decimal(10), "100%"),
    ApprovedIndicator("工程验收合格率", "产出", Decimal(12), "≥98%"),
    ApprovedIndicator("受益群众满意度", "效益", Decimal(10), "≥90%"),
)


def test_indicators_are_held_against_the_approved_ones():
    facts = gather(report_of(["说明。"], [scored(GOOD, ALSO)]))
    found = list(run_all(Context(facts, APPROVED), ["indicator-mismatch"]))
    assert [(one.stated, one.expected) for one in found] == [("10", "12"), ("≥95%", "≥98%"), ("", "受益群众满意度")]
    same = (APPROVED[0], replace(APPROVED[1], weight=Decimal(10), target="不低于95%"))
    assert list(run_all(Context(facts, same), ["indicator-mismatch"])) == []
    assert list(run_all(Context(facts), ["indicator-mismatch"])) == []


def test_a_passage_of_another_report_is_found_and_a_template_is_not():
    passage = (
        "抽查发现东片区4座设施因管网改造停运，运维单位仍按全额申请运维费，主管部门未按合同约定扣减，反映出付款审核与现场巡检记录脱节，"
        "下一步应当建立停运报备和费用核减制度，并由第三方按月复核。"
    )
    method = "评价遵循科学公正、统筹兼顾的原则，综合运用比较法、因素分析法和公众评判法，按照定量优先、定量与定性相结合的思路开展，评价标准以计划标准为主。"
    own = report_of([passage, method])
    other = report_of(["概况。", passage, method], title="某县2023年度道路养护项目绩效评价报告")
    others = [report_of([method, "其他。"], title=f"报告{number}") for number in range(3)]
    found = list(run_all(Context(gather(own), (), (other, *others)), ["recycled-text"]))
    assert [one.stated for one in found] == [passage[:60]]
    assert list(run_all(Context(gather(own), (), tuple(others)), ["recycled-text"])) == []
    assert other_reports([own, other], own) == (other,)
