"""验收结果公告 (R-CONTRACT-02)."""

from __future__ import annotations

from procurement.notices.formats.words import Sections, contacts, day_of, yuan
from procurement.notices.text import Facts, NoticeText, Paragraph
from procurement.public_process import Acceptance, Process, PublicContract


def acceptance_notice(process: Process, contract: PublicContract, acceptance: Acceptance) -> NoticeText:
    """Return the notice of what the acceptance of a contract's services came to."""
    sections = Sections()
    sections.add(
        "项目基本情况",
        Facts(
            (
                ("项目编号", process.number),
                ("项目名称", process.title),
                ("合同编号", contract.number),
                ("供应商", contract.supplier.name),
                ("合同金额", yuan(contract.amount)),
            )
        ),
    )
    sections.add("验收日期", Paragraph(day_of(acceptance.at)))
    sections.add("验收结论", Paragraph("验收合格。" if acceptance.passed else "验收不合格。"))
    sections.add("验收意见", Paragraph(acceptance.summary or "无。"))
    sections.add("凡对本次公告内容提出询问，请按以下方式联系", *contacts(process))
    return NoticeText(
        kind="acceptance",
        title=f"{contract.title}验收结果公告",
        issuer=process.purchaser.name,
        number=process.number,
        day=day_of(acceptance.at),
        body=tuple(sections.blocks),
    )
