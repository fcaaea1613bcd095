"""采购公告 (招标公告, 磋商公告 …) from the frozen record (R-TENDER-02)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from procurement.notices.formats.words import Sections, contacts, day, day_of, moment, yuan
from procurement.notices.text import Facts, NoticeText, Paragraph, Table
from procurement.public_process import Process, Version

TENDERS = frozenset({"open-tender", "invited-tender"})
RESERVED = {
    "whole": "本项目专门面向中小企业采购",
    "part": "预留部分份额面向中小企业采购，以联合体或者分包落实",
}


def tender_notice(process: Process, version: Version) -> NoticeText:
    """Return the notice of this version of the documents."""
    record, words = version.record, process.words
    deadline = datetime.fromisoformat(record["deadline"]) if record.get("deadline") else None
    title = str(record.get("title") or process.title)
    documents = record.get("documents") or {}
    sections = Sections()
    until = f"，并于{moment(deadline)}前递交{words['response']}" if deadline else ""
    opening = f"{title}项目的潜在{words['bidder']}应在本平台获取{words['document']}{until}。"
    sections.add("项目基本情况", Facts(_basics(process, record, title)), _lots(record))
    sections.add("申请人的资格要求", Paragraph("\n".join(_qualifications(record))))
    sections.add(f"获取{words['document']}", Facts(_documents(record, documents, version.at, process.url)))
    if deadline is not None:
        _handing_in(sections, process, deadline, str(record.get("opening_place") or "本平台"))
    sections.add("公告期限", Paragraph(_period(record)))
    sections.add("其他补充事宜", Paragraph(_more(record)))
    asking = "对本次招标提出询问" if process.method in TENDERS else "凡对本次采购提出询问"
    sections.add(f"{asking}，请按以下方式联系", *contacts(process))
    return NoticeText(
        kind="tender",
        title=f"{title}{words['notice']}",
        issuer=(process.agent or process.purchaser).name,
        number=process.number,
        day=day_of(version.at),
        body=(Paragraph(f"项目概况：{opening}"), *sections.blocks),
    )


def _basics(process: Process, record: Mapping[str, Any], title: str) -> tuple[tuple[str, str], ...]:
    ceiling, until = record.get("ceiling"), record.get("service_until")
    rows = [
        ("项目编号", process.number),
        ("项目名称", title),
        ("采购方式", process.method_name),
        ("预算金额", yuan(Decimal(record["budget"]))),
        ("最高限价", yuan(Decimal(ceiling)) if ceiling else "以预算金额为限"),
        ("采购需求", str(record.get("requirement") or "见采购文件")),
        ("合同履行期限", f"至{day(date.fromisoformat(until))}" if until else "见采购文件"),
        ("本项目是否接受联合体投标", "接受，须附联合体协议"),
    ]
    return tuple(rows)


def _qualifications(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the three kinds of conditions that the format asks for."""
    yield "1.满足《中华人民共和国政府采购法》第二十二条规定。"
    small = record.get("small_firms") or {}
    reserved = RESERVED.get(str(small.get("reservation") or "none"), "")
    reason = str(small.get("reason") or "").rstrip("。")
    yield f"2.落实政府采购政策需满足的资格要求：{reserved or '无'}{f'（{reason}）' if reserved and reason else ''}。"
    own = [f"（{number}）{one}" for number, one in enumerate(record.get("qualifications") or (), 1)]
    yield f"3.本项目的特定资格要求：{'；'.join(one.rstrip('。；') for one in own) or '无'}。"


def _handing_in(sections: Sections, process: Process, deadline: datetime, place: str) -> None:
    """Add where and when bids come in and are opened: one section for a tender, two for the other methods."""
    words, way = process.words, ("递交方式", "在本平台密封递交，截止前任何人不能阅看")
    at = moment(deadline)
    if process.method in TENDERS:
        title = f"提交{words['response']}截止时间、{words['opening']}时间和地点"
        sections.add(title, Facts((("截止时间", at), (f"{words['opening']}时间", at), ("地点", place), way)))
        return
    sections.add(f"{words['response']}提交", Facts((("截止时间", at), ("地点", "本平台"), way)))
    sections.add("开启", Facts((("时间", at), ("地点", place))))


def _lots(record: Mapping[str, Any]) -> Table:
    return Table(
        ("包号", "标的名称", "被评价的项目", "预算（元）"),
        tuple(
            (
                str(lot["position"]),
                str(lot["title"]),
                "、".join(str(project["name"]) for project in lot.get("projects", ())),
                yuan(Decimal(lot["budget"])).removesuffix("元"),
            )
            for lot in record.get("lots", ())
        ),
        frozenset({3}),
    )


def _documents(
    record: Mapping[str, Any], documents: Mapping[str, Any], published: datetime, url: str
) -> tuple[tuple[str, str], ...]:
    until = documents.get("until")
    rows = [
        ("时间", f"{day_of(published)}至{day(date.fromisoformat(until))}" if until else f"自{day_of(published)}起"),
        ("地点", url),
        ("方式", str(documents.get("place") or "在本平台下载")),
        ("售价", "0元"),
    ]
    deposit = Decimal(str(record.get("deposit") or 0))
    return (*rows, ("投标保证金", yuan(deposit) if deposit else "不收取"))


def _period(record: Mapping[str, Any]) -> str:
    notice = record.get("notice") or {}
    if not notice.get("until") or notice["from"] == notice["until"]:
        return "自本公告发布之日起。"
    first, last = (day(date.fromisoformat(notice[name])) for name in ("from", "until"))
    return f"自本公告发布之日起计算，{first}至{last}。"


def _more(record: Mapping[str, Any]) -> str:
    scored = [one for one in record.get("criteria", ()) if one.get("maximum") is not None]
    parts = [f"{one['title']}{_points(one['maximum'])}分" for one in scored]
    if Decimal(str(record.get("price_weight") or 0)):
        parts.append(f"价格{_points(record['price_weight'])}分")
    said = f"评审因素：{'、'.join(parts)}。" if parts else ""
    return f"{said}采购文件由发布时冻结的记录生成，任何符合资格条件的供应商都可以参加，不以入库或者评级为条件。"


def _points(value: Any) -> str:
    return format(Decimal(str(value)).normalize(), "f")
