"""The letter each bidder gets with the result, as an official paper (R-AWARD-03)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.clock import SHANGHAI
from core.i18n import _
from core.money import format_capital
from core.parameters import overrides
from core.pdf import OfficialDocument, Paragraph
from core.records import is_sealed, open_part
from core.unit_of_work import UnitOfWork
from procurement.contracting.clauses import figure
from procurement.models import Award, Bid, Tender
from procurement.queries.standings import BidStanding


def result_letter_pdf(uow: UnitOfWork, tender: Tender, awards: Sequence[Award], standing: BidStanding) -> bytes:
    """Return one bidder's letter: award, or own score and rank, or why the bid fell."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    won = next((one for one in awards if one.lot_id == standing.bid.lot_id), None)
    is_winner = won is not None and won.bid_id == standing.bid.id
    title = _("中标通知书") if is_winner else _("采购结果通知书")
    return build_pdf(
        OfficialDocument(
            kind="letter",
            issuer=tender.purchaser.name,
            number=tender.number,
            title=title,
            addressee=standing.bid.bidder.name,
            body=[Paragraph(line) for line in letter_lines(uow, tender, won, standing)],
            signatory=tender.purchaser.name,
            date=chinese_date(uow),
            record_hash=public_hash(won) if won else (tender.record_hash or ""),
        )
    )


def letter_lines(uow: UnitOfWork, tender: Tender, won: Award | None, standing: BidStanding) -> list[str]:
    """Return what one bidder is told, one sentence group a line; also shown on the bidder's page."""
    lines = [
        _(
            "贵单位参加了“%(title)s”（采购编号：%(number)s）的投标，现将结果通知如下。",
            title=tender.title,
            number=tender.number,
        )
    ]
    if won is None:
        lines.append(_("本包有效投标人不足法定家数，本包废标。"))
    if won is not None and won.bid_id == standing.bid.id:
        lines += [
            _(
                "经评标委员会评审，采购人确定贵单位为中标人，中标金额为人民币%(amount)s元（%(capital)s）。",
                amount=figure(won.amount),
                capital=format_capital(won.amount),
            ),
            _(
                "请自本通知书发出之日起%(days)s日内，按照采购文件和贵单位投标文件的约定签订合同（R-CONTRACT-01）。",
                days=_days(uow, "R-CONTRACT-01", "sign_days"),
            ),
        ]
    elif won is not None:
        lines.append(
            _(
                "中标人为%(winner)s，中标金额为人民币%(amount)s元。",
                winner=won.bid.bidder.name,
                amount=figure(won.amount),
            )
        )
    own = own_score(won, standing.bid) if won else None
    if own is not None:
        lines.append(
            _(
                "贵单位的得分：商务技术分%(merit)s分，价格分%(price)s分，总分%(total)s分，排序第%(rank)s名。",
                merit=own["merit"],
                price=own["price"],
                total=own["total"],
                rank=own["rank"],
            )
        )
    elif won is not None and (fallen := _below_minimum(won, standing.bid)) is not None:
        lines.append(
            _(
                "贵单位的商务技术分%(merit)s分，低于采购文件规定的最低分%(minimum)s分，不参加排序。",
                merit=fallen,
                minimum=won.record["scheme"]["minimum"],
            )
        )
    elif standing.reason:
        lines.append(
            _(
                "贵单位的投标无效（%(outcome)s），原因：%(reason)s。",
                outcome=standing.outcome.label,
                reason=standing.reason,
            )
        )
    if won is not None and own is not None and won.bid_id != standing.bid.id:
        lines.append(_("贵单位未中标的原因：%(reason)s。", reason=why_not(won, own)))
    lines.append(
        _(
            "贵单位对结果有异议的，可以自结果公告期限届满之日起%(days)s个工作日内，以书面形式向采购人提出质疑。",
            days=_days(uow, "R-REMEDY-02", "file_days"),
        )
    )
    return lines


def _days(uow: UnitOfWork, rule_id: str, name: str) -> int:
    return uow.house.rules.whole(rule_id, name, on=uow.today, overrides=overrides(uow))


def why_not(won: Award, own: Mapping[str, Any]) -> str:
    """Return why a scored bid did not win: its rank, or the ground on which the purchaser passed over it."""
    first = next((one for one in won.record["scores"] if one["bid"] == str(won.bid_id)), None)
    reason = str(won.record["award"].get("reason") or "") if isinstance(won.record.get("award"), dict) else ""
    if first is not None and int(own["rank"]) < int(first["rank"]):
        return reason
    return str(_("综合得分排序第%(rank)s名，低于中标人", rank=own["rank"]))


def own_score(award: Award, bid: Bid) -> dict[str, Any] | None:
    """Return one bid's printed figures from the full record, or None where it was not scored."""
    return next((one for one in award.record["scores"] if one["bid"] == str(bid.id)), None)


def _below_minimum(award: Award, bid: Bid) -> str | None:
    """Return the quality points of a bid that fell below the document's minimum."""
    return next((one["merit"] for one in award.record.get("below_minimum", ()) if one["bid"] == str(bid.id)), None)


def own_proof(award: Award, bid: Bid) -> list[dict[str, str]]:
    """Return what a loser needs to check the own sealed figures against the public record: place, value, salt."""
    proofs = []
    for number, one in enumerate(award.record["scores"]):
        if one["bid"] != str(bid.id):
            continue
        for part in ("merit", "total"):
            path = f"/scores/{number}/{part}"
            sealed = award.public_record["scores"][number][part]
            salt = award.record["salts"].get(path, "")
            if is_sealed(sealed) and not open_part(sealed, path, one[part], salt):
                proofs.append({"path": path, "value": str(one[part]), "salt": salt})
    return proofs


def public_hash(award: Award) -> str:
    """Return the digest of the public record that papers and pages cite."""
    return str(award.public_record["digests"]["record"])


def chinese_date(uow: UnitOfWork) -> str:
    """Return today as official papers write it."""
    local = uow.now.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"
