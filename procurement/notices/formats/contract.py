"""合同公告 (条例 art. 50, R-CONTRACT-01)."""

from __future__ import annotations

from procurement.notices.formats.words import Sections, day, day_of, signatories, span, yuan
from procurement.notices.text import Facts, NoticeText, Paragraph
from procurement.public_process import Process, PublicContract


def contract_notice(process: Process, contract: PublicContract) -> NoticeText:
    """Return the notice of a contract."""
    sections = Sections()
    sections.add("合同编号", Paragraph(contract.number))
    sections.add("合同名称", Paragraph(contract.title))
    sections.add("项目编号", Paragraph(process.number))
    sections.add("项目名称", Paragraph(process.title))
    sections.add("合同主体", signatories(process, contract.supplier))
    sections.add(
        "合同主要信息",
        Facts(
            (
                ("主要标的名称", contract.content or f"{process.title}"),
                ("规格型号（或服务要求）", "见合同"),
                ("主要标的数量", "1项"),
                ("主要标的单价", yuan(contract.amount)),
                ("合同金额", yuan(contract.amount)),
                ("履约期限、地点等简要信息", span(contract.begins_on, contract.ends_on)),
                ("采购方式", process.method_name),
            )
        ),
    )
    sections.add("合同签订日期", Paragraph(day(contract.signed_on)))
    sections.add("合同公告日期", Paragraph(day_of(contract.at)))
    sections.add("其他补充事宜", Paragraph("无。"))
    return NoticeText(
        kind="contract",
        title=f"{contract.title.removesuffix('合同')}合同公告",
        issuer=process.purchaser.name,
        number=process.number,
        day=day_of(contract.at),
        body=tuple(sections.blocks),
    )
