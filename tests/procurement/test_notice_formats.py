"""The designated formats: every kind says what it must, and its three forms say the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.pdf.layout import build_pdf
from procurement.notices import Facts, Heading, NoticeText, Paragraph, Table
from procurement.notices.formats import (
    acceptance_notice,
    amendment_notice,
    complaint_notice,
    contract_notice,
    intention_notice,
    put_off_notice,
    result_notice,
    single_source_notice,
    tender_notice,
    termination_notice,
)
from procurement.notices.paper import official
from procurement.public_process import ComplaintOutcome, Ending, Intention, Party, SoleSource
from tests.procurement.test_ocds_mapping import after, whole_process

WORDS = {
    "document": "招标文件",
    "response": "投标文件",
    "bidder": "投标人",
    "winner": "中标人",
    "notice": "招标公告",
    "result_notice": "中标结果公告",
    "opening": "开标",
    "closing": "投标截止",
    "failed": "废标",
    "won": "中标",
}
PROCESS = whole_process(words=WORDS, contact="沈经办", telephone="021-60000001")
FIRST, SECOND = PROCESS.versions
SOLE = SoleSource(
    at=after(0),
    until=date(2026, 1, 12),
    supplier=Party("s", "唯一评价有限公司", address="春申路1号"),
    requirement="既有评价系统的数据复核服务",
    budget=Decimal(520000),
    ground="只能从唯一供应商处采购",
    reason="原始数据接口为其专有",
    opinion="三名专家一致认为具有唯一性",
)
COMPLAINT = ComplaintOutcome(
    at=after(40),
    tender_number=PROCESS.number,
    tender_title=PROCESS.title,
    number="TS-2026-001",
    authority=Party("a", "澄湖区财政局"),
    complainant=Party("c", "未中标评价有限公司", address="路9号"),
    respondent=PROCESS.purchaser,
    suppliers=(Party("w", "投标机构0"),),
    matter="中标人业绩不实",
    findings="经查，业绩合同真实",
    outcome="驳回投诉：缺乏事实依据，投诉事项不成立。",
)


def every_kind() -> dict[str, NoticeText]:
    return {
        "tender": tender_notice(PROCESS, FIRST),
        "amendment": amendment_notice(PROCESS, SECOND),
        "put off": put_off_notice(PROCESS, PROCESS.put_off[0], "2026年1月25日09点00分（北京时间）"),
        "result": result_notice(PROCESS, PROCESS.result, period_days=1, challenge_days=7),
        "failed": termination_notice(PROCESS, Ending(after(20), True, "两家", "投标人不足法定家数")),
        "terminated": termination_notice(PROCESS, Ending(after(5), False, "资金调整")),
        "intention": intention_notice(PROCESS.purchaser, PROCESS.number, PROCESS.intention),
        "contract": contract_notice(PROCESS, PROCESS.contracts[0]),
        "acceptance": acceptance_notice(PROCESS, PROCESS.contracts[0], PROCESS.acceptances[1]),
        "single source": single_source_notice(replace(PROCESS, method="single-source"), SOLE),
        "complaint": complaint_notice(COMPLAINT),
    }


def headings(text: NoticeText) -> list[str]:
    return [block.text for block in text.body if isinstance(block, Heading)]


def cells(text: NoticeText) -> list[str]:
    """Every piece of words that the notice says."""
    found = []
    for block in text.body:
        if isinstance(block, Heading | Paragraph):
            found += block.text.splitlines()
        elif isinstance(block, Facts):
            found += [value for row in block.rows for value in row]
        else:
            found += [*block.head, *(cell for row in block.rows for cell in row)]
    return found


@pytest.mark.parametrize("kind", every_kind())
def test_record_text_and_paper_say_the_same(kind):
    text = every_kind()[kind]
    again = NoticeText.of(json.loads(json.dumps(text.record(), ensure_ascii=False)))
    assert again == text
    plain = text.plain()
    paper = official(text, "ab" * 32)
    printed = json.dumps([str(vars(block)) for block in paper.body], ensure_ascii=False)
    for words in cells(text):
        assert words in plain
        assert words in printed
    assert plain.startswith(text.title)
    assert "None" not in plain


def test_a_paper_is_a_pdf_and_always_the_same_one():
    document = official(every_kind()["result"], "ab" * 32)
    assert build_pdf(document) == build_pdf(document)
    assert build_pdf(document).startswith(b"%PDF")


def test_the_tender_notice_has_the_sections_of_the_format():
    text = every_kind()["tender"]
    assert text.title == "社区卫生绩效评价采购招标公告"
    assert headings(text) == [
        "一、项目基本情况",
        "二、申请人的资格要求",
        "三、获取招标文件",
        "四、提交投标文件截止时间、开标时间和地点",
        "五、公告期限",
        "六、其他补充事宜",
        "七、对本次招标提出询问，请按以下方式联系",
    ]
    said = text.plain()
    for needed in (
        "CHCG-2026-001",
        "180,000.00元",
        "2026年1月25日09点00分（北京时间）",
        "具有独立承担民事责任的能力",
        "沈经办",
    ):
        assert needed in said


def test_the_result_notice_names_winner_amount_code_address_and_experts():
    said = every_kind()["result"].plain()
    for needed in ("投标机构0", "150,000.10元", "路0号", "评审专家甲、评审专家乙", "1个工作日", "第2包"):
        assert needed in said
    assert "R-AWARD-03" not in said


def test_self_selected_experts_are_marked():
    result = replace(PROCESS.result, committee=("*韩立群", "宋知远"), chosen_by_purchaser=True)
    assert "自行选定" in result_notice(PROCESS, result, period_days=1, challenge_days=7).plain()  # R-COMM-04


def test_the_amendment_shows_before_and_after():
    text = every_kind()["amendment"]
    table = next(block for block in text.body if isinstance(block, Table))
    assert table.rows == (("截止时间", "甲", "乙"),)
    assert text.title.endswith("（第1次）")


def test_an_ending_says_ground_and_reason():
    assert "投标人不足法定家数：两家" in every_kind()["failed"].plain()
    assert every_kind()["failed"].title.endswith("废标公告")
    assert every_kind()["terminated"].title.endswith("终止公告")


def test_an_agent_issues_and_stands_beside_the_purchaser():
    text = tender_notice(replace(PROCESS, agent=Party("g", "公正采购代理公司", telephone="021-5")), FIRST)
    assert text.issuer == "公正采购代理公司"
    assert "2.采购代理机构信息\n名称：公正采购代理公司" in text.plain()


def test_the_intention_says_what_when_and_how_much():
    one = Intention(after(0), "评价服务", "评价三个项目", Decimal(180000), date(2026, 3, 1))
    said = intention_notice(PROCESS.purchaser, "", one).plain()
    for needed in ("2026年3月", "评价三个项目", "180,000.00元", "以相关采购公告和采购文件为准"):
        assert needed in said


def test_a_purchase_without_a_deadline_still_has_a_notice():
    record = {name: value for name, value in FIRST.record.items() if name not in ("deadline", "opening_place")}
    said = tender_notice(PROCESS, replace(FIRST, record=record)).plain()
    assert "截止时间" not in said


@pytest.mark.parametrize(
    ("kind", "sections"),
    [
        (
            "result",
            "项目编号 项目名称 中标信息 主要标的信息 评审专家名单 代理服务收费标准及金额 公告期限 其他补充事宜 ASK 附件",
        ),
        ("amendment", "项目基本情况 更正信息 其他补充事宜 凡对本次公告内容提出询问，请按以下方式联系"),
        ("put off", "项目基本情况 更正信息 其他补充事宜 凡对本次公告内容提出询问，请按以下方式联系"),
        ("terminated", "项目基本情况 项目终止的原因 其他补充事宜 凡对本次公告内容提出询问，请按以下方式联系"),
        (
            "contract",
            "合同编号 合同名称 项目编号 项目名称 合同主体 合同主要信息 合同签订日期 合同公告日期 其他补充事宜",
        ),
        (
            "acceptance",
            "合同编号 合同名称 项目编号 项目名称 合同主体 合同主要信息 验收日期 验收组成员 验收意见 其他补充事宜",
        ),
        ("single source", "项目信息 拟定供应商信息 公示期限 其他补充事宜 联系方式 附件"),
        ("complaint", "项目编号 项目名称 相关当事人 基本情况 处理依据及结果 其他补充事宜"),
    ],
)
def test_every_kind_has_the_sections_of_its_designated_format_in_order(kind, sections):
    """R-NOTICE-01: what is pasted into the designated medium has the headings its forms ask for."""
    found = [heading.partition("、")[2] for heading in headings(every_kind()[kind])]
    assert found == sections.replace("ASK", "凡对本次公告内容提出询问，请按以下方式联系").split()


def test_other_methods_hand_in_and_open_in_two_sections():
    words = {**WORDS, "document": "磋商文件", "response": "响应文件", "notice": "竞争性磋商公告"}
    text = tender_notice(replace(PROCESS, method="competitive-consultation", words=words), FIRST)
    assert [one.partition("、")[2] for one in headings(text)] == [
        "项目基本情况",
        "申请人的资格要求",
        "获取磋商文件",
        "响应文件提交",
        "开启",
        "公告期限",
        "其他补充事宜",
        "凡对本次采购提出询问，请按以下方式联系",
    ]


def test_a_result_that_replaces_another_says_whose_award_fell_and_why():
    result = replace(PROCESS.result, replaced=("第1包原甲机构不再中标：书面放弃中标。",))
    assert "第1包原甲机构不再中标" in result_notice(PROCESS, result, period_days=1, challenge_days=7).plain()


def test_who_may_not_be_named_stands_with_the_number_only():
    hidden = replace(COMPLAINT, complainant=Party("TS-2026-001", "TS-2026-001"))
    assert "未中标评价有限公司" not in complaint_notice(hidden).plain()
