"""中标（成交）结果公告: winners, amounts, main items and the experts' names (R-AWARD-03, R-COMM-04, R-COMM-12)."""

from __future__ import annotations

from datetime import date

from procurement.notices.formats.words import Sections, contacts, day, day_of, yuan
from procurement.notices.text import Block, Facts, NoticeText, Paragraph, Table
from procurement.public_process import Process, Result

SOLE = "single-source"


def result_notice(process: Process, result: Result, *, period_days: int, challenge_days: int) -> NoticeText:
    """Return the result notice.

    `period_days` are the working days it stands (R-AWARD-03), `challenge_days` those to challenge the result after
    them (R-REMEDY-02).
    """
    words, sections = process.words, Sections()
    sections.add("项目编号", Paragraph(process.number))
    sections.add("项目名称", Paragraph(process.title))
    sections.add(f"{words['won']}信息", *_winners(process, result))
    sections.add("主要标的信息", *_items(process, result))
    experts = "、".join(result.committee) or "本项目未组成评审专家组。"
    if result.chosen_by_purchaser:
        experts += "（带“*”者为采购人自行选定）"
    whose = "单一来源采购人员" if process.method == SOLE else "评审专家"
    sections.add(f"{whose}名单", Paragraph(experts))
    fee = "采购人自行组织，不收取代理服务费。" if process.agent is None else process.agent_fee or "见采购文件。"
    sections.add("代理服务收费标准及金额", Paragraph(fee))
    sections.add("公告期限", Paragraph(f"自本公告发布之日起{period_days}个工作日。"))
    sections.add("其他补充事宜", Paragraph(_more(result, challenge_days)))
    sections.add("凡对本次公告内容提出询问，请按以下方式联系", *contacts(process))
    sections.add("附件", Paragraph(f"{words['document']}及评审公开记录，在本平台的结果页面下载。"))
    return NoticeText(
        kind="result",
        title=f"{process.title}{words['result_notice']}",
        issuer=(process.agent or process.purchaser).name,
        number=process.number,
        day=day_of(result.at),
        body=tuple(sections.blocks),
    )


def _winners(process: Process, result: Result) -> list[Block]:
    won = process.words["won"]
    table = Table(
        ("包号", "供应商名称", "统一社会信用代码", "供应商地址", f"{won}金额"),
        tuple(
            (one.lot, one.supplier.name, one.supplier.uscc or "—", one.supplier.address or "—", yuan(one.amount))
            for one in result.winners
        ),
        frozenset({4}),
    )
    return [table] if result.winners else [Paragraph("各包均未产生结果。")]


def _items(process: Process, result: Result) -> list[Block]:
    record = process.versions[-1].record if process.versions else {}
    wanted = {one.lot for one in result.winners}
    until = record.get("service_until")
    rows = tuple(
        (
            str(lot["position"]),
            "、".join(f"{project['name']}绩效评价" for project in lot.get("projects", ())) or str(lot["title"]),
            "被评价项目的绩效评价和评价报告",
            "见采购文件",
            f"至{day(date.fromisoformat(until))}" if until else "见采购文件",
            "见采购文件",
        )
        for lot in record.get("lots", ())
        if str(lot["position"]) in wanted
    )
    if not rows:
        return [Facts((("名称", f"{process.title}"),))]
    return [Table(("包号", "名称", "服务范围", "服务要求", "服务时间", "服务标准"), rows)]


def _more(result: Result, challenge_days: int) -> str:
    said = "".join(f"第{lot}包有效供应商不足法定家数，本包废标。" for lot in result.failed_lots)
    reasons = "".join(f"第{one.lot}包确定理由：{one.reason.rstrip('。')}。" for one in result.winners if one.reason)
    who = "供应商认为结果使自己的权益受到损害的"
    remedy = f"{who}，可以自公告期限届满之日起{challenge_days}个工作日内，以书面形式提出质疑。"
    return f"{''.join(result.replaced)}{said}{reasons}{remedy}"
