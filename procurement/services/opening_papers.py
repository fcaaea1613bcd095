"""The record of an opening, of bids (开标记录) or final offers, as a printed paper from it alone (R-OPEN-07)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from core.clock import SHANGHAI
from core.i18n import _, heading
from core.money import format_amount, format_capital
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import Record
from core.unit_of_work import UnitOfWork
from procurement.method_words import MethodWords
from procurement.methods import SealedPart, fewest_rule, words_of
from procurement.models import Tender
from procurement.states import ShareResult


def opening_record_pdf(uow: UnitOfWork, tender: Tender, record: Record) -> bytes:
    """Return the record of a closed opening: course, bidders present, every sheet read out, objections, signatures.

    The final offers of a consultation are opened with no supplier present, so that its record has no objections.
    """
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    english = uow.actor.language == "en"
    closed = datetime.fromisoformat(record["session"]["closed_at"]).astimezone(SHANGHAI)
    return build_pdf(
        OfficialDocument(
            kind="notice",
            issuer=tender.purchaser.name,
            number=tender.number,
            title=_("%(title)s%(opening)s记录", title=tender.title, opening=_opening(tender, record)),
            body=[
                *_course(tender, record),
                *_sheets(tender, record),
                *_unopened(tender, record, english=english),
                *([] if _is_final(record) else _objections(words_of(tender), record)),
                *_signatures(words_of(tender), record),
            ],
            signatory=tender.purchaser.name,
            date=str(closed.date()) if english else f"{closed.year}年{closed.month}月{closed.day}日",
            record_hash=record["digests"]["record"],
            sealed=False,
            language="en" if english else "zh",
        )
    )


def _is_final(record: Record) -> bool:
    return record.get("part") == SealedPart.FINAL_OFFER.value


def _opening(tender: Tender, record: Record) -> str:
    return _("最后报价开启") if _is_final(record) else str(words_of(tender).opening)


def _course(tender: Tender, record: Record) -> list[Block]:
    session, places, words = record["session"], record["keyholders"], words_of(tender)
    opening, closing = _opening(tender, record), _("最后报价截止") if _is_final(record) else words.closing
    rows = [
        (_("采购编号"), tender.number),
        (heading(_("%(closing)s时间", closing=closing)), _clock(record["tender"]["deadline"])),
        (_("宣布%(opening)s", opening=opening), _clock(session["begun_at"])),
        (_("全部开启完毕"), _clock(session["finished_at"])),
        (_("主持人"), session["presided_by"]),
    ]
    if not _is_final(record):
        absent = _("未参加%(opening)s、视同认可其结果的%(bidder)s", opening=opening, bidder=words.bidder)
        rows[2:2] = [(heading(_("%(opening)s地点", opening=opening)), tender.opening_place or "—")]
        rows += [
            (_("开启会结束"), _clock(session["closed_at"])),
            (_("签到的%(bidder)s", bidder=words.bidder), "、".join(session["present"]) or _("无")),
            (absent, "、".join(session["accepting"]) or _("无")),
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
        Heading(_("一、开启经过")),
        Table((_("事项"), _("内容")), rows, widths=(1, 2)),
        Paragraph(
            _("密封文件由下列密钥持有人先后解封，须有%(needed)s人到场（R-KEY-01）。", needed=record["tender"]["needed"])
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
        words = _("开启曾延期至%(until)s：%(reason)s。", until=_clock(one["until"]), reason=one["reason"])
        blocks.append(Paragraph(words))
    return blocks


def _sheets(tender: Tender, record: Record) -> list[Block]:
    """Every 开标一览表 that was read out, or price that was opened, by lot and in order of arrival."""
    words_for = words_of(tender)
    title = _("二、最后报价") if _is_final(record) else _("二、%(sheet)s", sheet=words_for.sheet)
    blocks: list[Block] = [Heading(title)]
    for lot in record["lots"]:
        if lot["outcome"] != "opened":
            words = _(
                "第%(position)s包“%(title)s”%(bidder)s不足%(fewest)s家，未开启（%(rule)s）。",
                bidder=words_for.bidder,
                rule=fewest_rule(tender),
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
        head = (_("序号"), heading(words_for.bidder), _("报价（元）"), _("服务完成日期"), _("主要条款"))
        caption = _("第%(position)s包　%(title)s", **_named(lot))
        blocks.append(Table(head, rows, widths=(0.5, 2, 1.8, 1.2, 2), caption=caption))
    return blocks


def _further(sheet: dict[str, Any]) -> list[str]:
    """What else an opening sheet says, word for word."""
    known = ("price", "price_words", "currency", "service_until", "terms")
    return [f"{name}：{value}" for name, value in sorted(sheet.items()) if name not in known and value]


def _unopened(tender: Tender, record: Record, *, english: bool) -> list[Block]:
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
    head = (heading(words_of(tender).bidder), _("原因"), _("逐次解封的结果"), _("密封文件校验值（前16位）"))
    return [Heading(_("无法开启的密封文件")), Table(head, rows, widths=(1.4, 1.4, 2.4, 1.2))]


def _objections(words: MethodWords, record: Record) -> list[Block]:
    rows = [
        (one["by"], f"{one['text']}（{_clock(one['raised_at'])}）", f"{one['answer']}（{_clock(one['answered_at'])}）")
        for one in record["session"]["objections"]
    ]
    blocks: list[Block] = [Heading(_("三、异议和答复"))]
    if not rows:
        return [*blocks, Paragraph(_("%(bidder)s没有提出异议（R-OPEN-03）。", bidder=heading(words.bidder)))]
    return [*blocks, Table((heading(words.bidder), _("异议"), _("当场答复")), rows, widths=(1, 2, 2))]


def _signatures(words: MethodWords, record: Record) -> list[Block]:
    signed = [(name, "") for name in (record["session"]["presided_by"], *record["session"]["present"])]
    if _is_final(record):
        title, who = _("三、签字"), _("主持人")
    else:
        title, who = _("四、签字"), _("主持人和到场的%(bidder)s代表", bidder=words.bidder)
    return [Heading(title), Table((who, _("签字")), signed, widths=(1, 1))]


def _named(lot: dict[str, Any]) -> dict[str, Any]:
    return {"position": lot["position"], "title": lot["title"]}


def _clock(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
