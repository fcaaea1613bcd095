"""合同公告 (条例 art. 50, R-CONTRACT-01)."""

from __future__ import annotations

from procurement.notices.formats.words import Sections, day, day_of, yuan
from procurement.notices.text import Facts, NoticeText, Paragraph
from procurement.public_process import Party, Process, PublicContract


def contract_notice(process: Process, contract: PublicContract) -> NoticeText:
    """Return the notice of a contract."""
    sections = Sections()
    sections.add("合同编号", Paragraph(contract.number))
    sections.add("合同名称", Paragraph(contract.title))
    sections.add("项目编号", Paragraph(process.number))
    sections.add("项目名称", Paragraph(process.title))
    sections.add(
        "合同主体",
        Facts((*_party("采购人（甲方）", process.purchaser), *_party("供应商（乙方）", contract.supplier))),
    )
    begins, ends = contract.begins_on, contract.ends_on
    period = "".join([f"{day(begins)}起" if begins else "", f"至{day(ends)}" if ends else ""]) or "见合同"
    sections.add(
        "合同主要信息",
        Facts(
            (
                ("主要标的名称", contract.content or f"{process.title}"),
                ("服务要求", "见合同"),
                ("合同金额", yuan(contract.amount)),
                ("履约期限", period),
                ("采购方式", process.method_name),
            )
        ),
    )
    sections.add("合同签订日期", Paragraph(day(contract.signed_on)))
    sections.add("合同公告日期", Paragraph(day_of(contract.at)))
    sections.add("其他补充事宜", Paragraph("无。"))
    return NoticeText(
        kind="contract",
        title=f"{contract.title}合同公告",
        issuer=process.purchaser.name,
        number=process.number,
        day=day_of(contract.at),
        body=tuple(sections.blocks),
    )


def _party(title: str, party: Party) -> tuple[tuple[str, str], ...]:
    rows = [(title, party.name), ("地址", party.address), ("联系方式", party.telephone)]
    return tuple((name, value) for name, value in rows if value)
