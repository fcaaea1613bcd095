"""单一来源采购公示 (R-NEG-03): what the format asks for before a single source is bought from."""

from __future__ import annotations

from procurement.notices.formats.words import Sections, contacts, day, day_of, yuan
from procurement.notices.text import Facts, NoticeText, Paragraph
from procurement.public_process import Process, SoleSource


def single_source_notice(process: Process, sole: SoleSource) -> NoticeText:
    """Return the announcement of a single source."""
    sections = Sections()
    sections.add(
        "项目信息",
        Facts(
            (
                ("采购人", process.purchaser.name),
                ("项目名称", process.title),
                ("拟采购的货物或服务的说明", sole.requirement),
                ("拟采购的货物或服务的预算金额", yuan(sole.budget)),
                ("采用单一来源采购方式的原因及说明", f"{sole.ground}：{sole.reason}"),
            )
        ),
    )
    supplier = [("名称", sole.supplier.name), ("地址", sole.supplier.address)]
    sections.add("拟定供应商信息", Facts(tuple((name, value) for name, value in supplier if value)))
    sections.add("公示期限", Paragraph(f"{day_of(sole.at)}至{day(sole.until)}"))
    who = "任何供应商、单位或者个人对采用单一来源采购方式有异议的"
    sections.add("其他补充事宜", Paragraph(f"{who}，可以在公示期内以书面形式反馈给采购人，并同时抄送财政部门。"))
    sections.add("联系方式", *contacts(process))
    sections.add("附件", Paragraph(f"专业人员论证意见：{sole.opinion}"))
    return NoticeText(
        kind="single-source",
        title=f"{process.title}单一来源采购公示",
        issuer=(process.agent or process.purchaser).name,
        number=process.number,
        day=day_of(sole.at),
        body=tuple(sections.blocks),
    )
