"""公共服务项目验收结果公告 (R-CONTRACT-02)."""

from __future__ import annotations

from procurement.notices.formats.words import Sections, day, day_of, signatories, span, yuan
from procurement.notices.text import Facts, NoticeText, Paragraph
from procurement.public_process import Acceptance, Process, PublicContract


def acceptance_notice(process: Process, contract: PublicContract, acceptance: Acceptance) -> NoticeText:
    """Return the notice of what the acceptance of a contract's services came to."""
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
                ("服务内容", contract.content or process.title),
                ("服务要求", "见合同"),
                ("服务期限", span(contract.begins_on, contract.ends_on)),
                ("合同金额", yuan(contract.amount)),
            )
        ),
    )
    sections.add("验收日期", Paragraph(day(acceptance.held_on) if acceptance.held_on else day_of(acceptance.at)))
    group = "、".join(acceptance.members) or "见验收书"
    if acceptance.users:
        group += f"；邀请服务对象{acceptance.users}人参与"
    sections.add("验收组成员", Paragraph(group))
    verdict = "验收合格。" if acceptance.passed else "验收不合格。"
    sections.add("验收意见", Paragraph(f"{verdict}{acceptance.summary}"))
    sections.add("其他补充事宜", Paragraph("无。"))
    return NoticeText(
        kind="acceptance",
        title=f"{contract.title}验收结果公告",
        issuer=process.purchaser.name,
        number=process.number,
        day=day_of(acceptance.at),
        body=tuple(sections.blocks),
    )
