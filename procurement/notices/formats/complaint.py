"""投诉处理结果公告 (R-REMEDY-03), issued by the finance authority."""

from __future__ import annotations

from procurement.notices.formats.words import Sections, day_of
from procurement.notices.text import Facts, NoticeText, Paragraph
from procurement.public_process import ComplaintOutcome, Party


def complaint_notice(outcome: ComplaintOutcome) -> NoticeText:
    """Return the notice of what was decided about a complaint."""
    sections = Sections()
    sections.add("项目编号", Paragraph(outcome.tender_number))
    sections.add("项目名称", Paragraph(outcome.tender_title))
    sections.add(
        "相关当事人",
        Facts(
            (
                *_party("投诉人", outcome.complainant),
                *_party("被投诉人", outcome.respondent),
                *(row for one in outcome.suppliers for row in _party("相关供应商", one)),
            )
        ),
    )
    sections.add("基本情况", Paragraph(f"投诉事项：{outcome.matter}"))
    sections.add("处理依据及结果", Paragraph(f"{outcome.findings}\n{outcome.outcome}"))
    rights = "对本决定不服的，可以依法申请行政复议或者向人民法院提起行政诉讼。"
    sections.add("其他补充事宜", Paragraph(rights))
    return NoticeText(
        kind="complaint-result",
        title=f"{outcome.tender_title}投诉处理结果公告",
        issuer=outcome.authority.name,
        number=outcome.number,
        day=day_of(outcome.at),
        body=tuple(sections.blocks),
    )


def _party(title: str, party: Party) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in ((title, party.name), ("地址", party.address)) if value)
