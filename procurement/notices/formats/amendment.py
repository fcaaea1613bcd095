"""更正公告: what an amendment changed, before and after (R-TENDER-05)."""

from __future__ import annotations

from procurement.notices.formats.words import Sections, contacts, day_of, moment
from procurement.notices.text import Facts, NoticeText, Paragraph, Table
from procurement.public_process import Process, PutOff, Version


def amendment_notice(process: Process, version: Version) -> NoticeText:
    """Return the notice of an amendment."""
    sections = Sections()
    sections.add("项目基本情况", Facts(_original(process)))
    sections.add(
        "更正信息",
        Facts((("更正事项", "采购文件"),)),
        *([_changes(version)] if version.changes else []),
        Facts((("更正日期", day_of(version.at)),)),
    )
    why = f"更正原因：{version.reason.rstrip('。')}。" if version.reason else ""
    rest = f"更正后的{process.words['document']}为第{version.number}版，其余内容不变。"
    sections.add("其他补充事宜", Paragraph(f"{why}{rest}"))
    sections.add("凡对本次公告内容提出询问，请按以下方式联系", *contacts(process))
    number = version.number - 1
    return NoticeText(
        kind="amendment",
        title=f"{process.title}更正公告（第{number}次）",
        issuer=(process.agent or process.purchaser).name,
        number=process.number,
        day=day_of(version.at),
        body=tuple(sections.blocks),
    )


def put_off_notice(process: Process, one: PutOff, standing: str) -> NoticeText:
    """Return the notice that the opening was put off; `standing` is when it was to be before."""
    sections = Sections()
    sections.add("项目基本情况", Facts(_original(process)))
    sections.add(
        "更正信息",
        Facts((("更正事项", "采购公告"),)),
        Table(("更正内容", "更正前", "更正后"), ((f"{process.words['opening']}时间", standing, moment(one.until)),)),
        Facts((("更正日期", day_of(one.at)),)),
    )
    said = f"更正原因：{one.reason.rstrip('。')}。截止时间不变，已递交的{process.words['response']}继续密封保存。"
    sections.add("其他补充事宜", Paragraph(said))
    sections.add("凡对本次公告内容提出询问，请按以下方式联系", *contacts(process))
    return NoticeText(
        kind="amendment",
        title=f"{process.title}延期{process.words['opening']}公告",
        issuer=(process.agent or process.purchaser).name,
        number=process.number,
        day=day_of(one.at),
        body=tuple(sections.blocks),
    )


def _original(process: Process) -> tuple[tuple[str, str], ...]:
    named = (("原公告的采购项目编号", process.number), ("原公告的采购项目名称", process.title))
    return (*named, ("首次公告日期", day_of(process.versions[0].at))) if process.versions else named


def _changes(version: Version) -> Table:
    return Table(("更正内容", "更正前", "更正后"), tuple((one.what, one.before, one.after) for one in version.changes))
