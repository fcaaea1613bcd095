"""The opening record (开标记录) as a printed paper, from the record alone (R-OPEN-03, R-OPEN-07)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from core.clock import SHANGHAI
from core.i18n import _
from core.money import format_amount, format_capital
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import Record
from core.unit_of_work import UnitOfWork
from procurement.models import Opening, Tender
from procurement.states import ShareResult


def opening_record_pdf(uow: UnitOfWork, tender: Tender, opening: Opening) -> bytes:
    """Return the record of a closed opening: course, bidders present, every sheet read out, objections, signatures."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    record: Record = opening.record or {}
    english = uow.actor.language == "en"
    closed = datetime.fromisoformat(record["session"]["closed_at"]).astimezone(SHANGHAI)
    return build_pdf(
        OfficialDocument(
            kind="notice",
            issuer=tender.purchaser.name,
            number=tender.number,
            title=_("%(title)s开标记录", title=tender.title),
            body=[
                *_course(tender, record),
                *_sheets(record),
                *_unopened(record, english=english),
                *_objections(record),
                *_signatures(record),
            ],
            signatory=tender.purchaser.name,
            date=str(closed.date()) if english else f"{closed.year}年{closed.month}月{closed.day}日",
            record_hash=record["digests"]["record"],
            sealed=False,
            language="en" if english else "zh",
        )
    )


def _course(tender: Tender, record: Record) -> list[Block]:
    session, places = record["session"], record["keyholders"]
    rows = [
        (_("采购编号"), tender.number),
        (_("投标截止时间"), _clock(record["tender"]["deadline"])),
        (_("开标地点"), tender.opening_place or "—"),
        (_("宣布开标"), _clock(session["begun_at"])),
        (_("投标全部开启"), _clock(session["finished_at"])),
        (_("开标会结束"), _clock(session["closed_at"])),
        (_("主持人"), session["presided_by"]),
        (_("签到的投标人"), "、".join(session["present"]) or _("无")),
        (_("未参加开标、视同认可开标结果的投标人"), "、".join(session["accepting"]) or _("无")),
    ]
    turns = [
        (
            places[one["keyholder"]]["holder"]["name"],
            places[one["keyholder"]]["fingerprint"][:16],
            _clock(one["given_at"]),
        )
        for one in record["turns"]
    ]
    blocks: list[Block] = [
        Heading(_("一、开标经过")),
        Table((_("事项"), _("内容")), rows, widths=(1, 2)),
        Paragraph(
            _("投标文件由下列密钥持有人先后解封，须有%(needed)s人到场（R-KEY-01）。", needed=record["tender"]["needed"])
        ),
        Table((_("密钥持有人"), _("密钥指纹（前16位）"), _("解封时间")), turns, widths=(1, 1, 1)),
    ]
    for one in session["absences"]:
        words = _(
            "%(name)s不能到场：%(reason)s。%(reporter)s登记，%(confirmer)s于%(at)s核实确认。",
            name=places[one["keyholder"]]["holder"]["name"],
            reason=one["reason"],
            reporter=one["reported_by"],
            confirmer=one["confirmed_by"],
            at=_clock(one["confirmed_at"]),
        )
        blocks.append(Paragraph(words))
    for one in session["postponements"]:
        words = _("开标曾延期至%(until)s：%(reason)s。", until=_clock(one["until"]), reason=one["reason"])
        blocks.append(Paragraph(words))
    return blocks


def _sheets(record: Record) -> list[Block]:
    """Every 开标一览表 that was read out, by lot and in order of arrival."""
    blocks: list[Block] = [Heading(_("二、开标一览表"))]
    for lot in record["lots"]:
        if lot["outcome"] != "opened":
            words = _(
                "第%(position)s包“%(title)s”投标人不足%(fewest)s家，未开启（R-OPEN-04）。",
                fewest=record["tender"]["fewest"],
                **_named(lot),
            )
            blocks.append(Paragraph(words))
            continue
        rows: list[tuple[str, ...]] = []
        for row in (one for one in record["read_out"] if one["lot"] == lot["id"]):
            sheet, amount = row["sheet"], Decimal(row["sheet"]["price"])
            words = "；".join(filter(None, (sheet.get("terms"), *_further(sheet)))) or "—"
            price = f"{format_amount(amount)}\n{format_capital(amount)}"
            rows.append((str(len(rows) + 1), row["bidder"], price, sheet.get("service_until") or "—", words))
        head = (_("序号"), _("投标人"), _("投标报价（元）"), _("服务完成日期"), _("主要条款"))
        caption = _("第%(position)s包　%(title)s", **_named(lot))
        blocks.append(Table(head, rows, widths=(0.5, 2, 1.8, 1.2, 2), caption=caption))
    return blocks


def _further(sheet: dict[str, Any]) -> list[str]:
    """What else an opening sheet says, word for word."""
    known = ("price", "price_words", "currency", "service_until", "terms")
    return [f"{name}：{value}" for name, value in sorted(sheet.items()) if name not in known and value]


def _unopened(record: Record, *, english: bool) -> list[Block]:
    rows = []
    for one in (one for one in record["envelopes"] if one["state"] == "corrupt"):
        failure = one["failure"]
        tried = "；".join(
            f"{attempt['subset']} · {record['keyholders'][attempt['keyholder']]['holder']['name']}："
            f"{ShareResult(attempt['result']).label}（{_clock(attempt['given_at'])}）"
            for attempt in failure["attempts"]
        )
        rows.append((one["bidder"], failure["en"] if english else failure["zh"], tried, one["sha256"][:16]))
    if not rows:
        return []
    head = (_("投标人"), _("原因"), _("逐次解封的结果"), _("密封文件校验值（前16位）"))
    return [Heading(_("无法开启的投标")), Table(head, rows, widths=(1.4, 1.4, 2.4, 1.2))]


def _objections(record: Record) -> list[Block]:
    rows = [
        (one["by"], f"{one['text']}（{_clock(one['raised_at'])}）", f"{one['answer']}（{_clock(one['answered_at'])}）")
        for one in record["session"]["objections"]
    ]
    blocks: list[Block] = [Heading(_("三、开标异议和答复"))]
    if not rows:
        return [*blocks, Paragraph(_("投标人对开标过程和开标记录没有提出异议（R-OPEN-03）。"))]
    return [*blocks, Table((_("投标人"), _("异议"), _("当场答复")), rows, widths=(1, 2, 2))]


def _signatures(record: Record) -> list[Block]:
    signed = [(name, "") for name in (record["session"]["presided_by"], *record["session"]["present"])]
    return [
        Heading(_("四、签字")),
        Table((_("主持人和参加开标的投标人代表"), _("签字")), signed, widths=(1, 1)),
    ]


def _named(lot: dict[str, Any]) -> dict[str, Any]:
    return {"position": lot["position"], "title": lot["title"]}


def _clock(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
