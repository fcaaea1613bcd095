"""废标公告 and 终止公告: why the purchase ended without a winner (R-OPEN-05)."""

from __future__ import annotations

from procurement.notices.formats.words import Sections, contacts, day_of
from procurement.notices.text import Facts, NoticeText, Paragraph
from procurement.public_process import Ending, Process


def termination_notice(process: Process, ending: Ending) -> NoticeText:
    """Return the notice that a purchase failed or was terminated."""
    word = process.words["failed"] if ending.failed else "终止"
    sections = Sections()
    sections.add("项目基本情况", Facts((("采购项目编号", process.number), ("采购项目名称", process.title))))
    said = "：".join(part for part in (ending.ground, ending.reason) if part)
    sections.add("项目终止的原因", Paragraph(said))
    response = process.words["response"]
    rest = "无。" if ending.failed else f"已递交而未开启的{response}不予开启，密文依法留存。"
    sections.add("其他补充事宜", Paragraph(rest))
    sections.add("凡对本次公告内容提出询问，请按以下方式联系", *contacts(process))
    return NoticeText(
        kind="termination",
        title=f"{process.title}{word}公告",
        issuer=(process.agent or process.purchaser).name,
        number=process.number,
        day=day_of(ending.at),
        body=tuple(sections.blocks),
    )
