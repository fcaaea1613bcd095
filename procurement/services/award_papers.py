"""The award notice and the letter each bidder gets, as official papers (R-AWARD-03, R-COMM-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.clock import SHANGHAI
from core.i18n import _
from core.money import format_capital
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import is_sealed, open_part
from core.unit_of_work import UnitOfWork
from procurement.contracting.clauses import figure
from procurement.models import Award, Bid, Tender
from procurement.queries.award_procedure import replaced_awards
from procurement.queries.standings import BidStanding, Standings
from procurement.states import SeatCategory, SeatSource


def award_notice_pdf(uow: UnitOfWork, tender: Tender, awards: Sequence[Award], standings: Standings) -> bytes:
    """Return the result notice: winners, amounts, main items, ranking and the committee's names."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    return build_pdf(
        OfficialDocument(
            kind="notice",
            issuer=tender.purchaser.name,
            number=tender.number,
            title=_("%(title)s中标结果公告", title=tender.title),
            body=_notice_body(uow, tender, awards, standings),
            signatory=tender.purchaser.name,
            date=chinese_date(uow),
            record_hash=public_hash(awards[0]),
            contact=_(
                "联系人：%(name)s　电话：%(telephone)s", name=tender.contact_name, telephone=tender.contact_telephone
            ),
        )
    )


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
            body=[Paragraph(line) for line in letter_lines(tender, won, standing)],
            signatory=tender.purchaser.name,
            date=chinese_date(uow),
            record_hash=public_hash(won) if won else (tender.record_hash or ""),
        )
    )


def letter_lines(tender: Tender, won: Award | None, standing: BidStanding) -> list[str]:
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
            _("请自本通知书发出之日起30日内，按照采购文件和贵单位投标文件的约定签订合同（R-CONTRACT-01）。"),
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
    lines.append(_("贵单位对结果有异议的，可以自结果公告期限届满之日起七个工作日内，以书面形式向采购人提出质疑。"))
    return lines


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


def _notice_body(uow: UnitOfWork, tender: Tender, awards: Sequence[Award], standings: Standings) -> list[Block]:
    bids = {str(one.bid.id): one.bid for one in standings.bids}
    projects = "、".join(project.name for lot in tender.lots for project in lot.projects)
    blocks: list[Block] = [
        Heading(_("一、项目情况")),
        Paragraph(_("采购编号：%(number)s。采购方式：%(method)s。", number=tender.number, method=tender.method.label)),
        Paragraph(_("主要标的：%(projects)s的绩效评价服务。", projects=projects)),
        Heading(_("二、中标结果")),
        Table(
            head=[_("包"), _("中标人"), _("中标金额（元）")],
            rows=[[f"{one.lot.position} {one.lot.title}", one.bid.bidder.name, figure(one.amount)] for one in awards],
            widths=(3, 5, 3),
            numeric=frozenset({2}),
        ),
        Heading(_("三、有效投标人排序")),
    ]
    blocks += [_ranking(one, bids) for one in awards]
    blocks += [
        Paragraph(_("%(lot)s的确定理由：%(reason)s。", lot=one.lot.title, reason=reason.rstrip("。")))
        for one in awards
        if (reason := str(one.public_record["award"].get("reason") or ""))
    ]
    blocks += [
        Paragraph(
            _("原中标人%(agency)s不再中标：%(reason)s。", agency=one.bid.bidder.name, reason=one.superseded_reason)
        )
        for one in replaced_awards(uow, tender)
    ]
    members = "、".join(
        seat.name
        + (_("（采购人代表）") if seat.category is SeatCategory.PURCHASER else "")
        + (_("（自行选定）") if seat.source is SeatSource.SELF_SELECTED else "")
        for seat in standings.seats
    )
    days = uow.house.rules.whole("R-AWARD-03", "days", on=uow.today)
    return [
        *blocks,
        Heading(_("四、评审专家名单")),
        Paragraph(members),
        Heading(_("五、公告期限")),
        Paragraph(_("自本公告发布之日起%(days)s个工作日。", days=days)),
        Paragraph(_("本公告所依据的评标记录可以下载并独立验算，记录校验值见页脚。")),
    ]


def _ranking(award: Award, bids: Mapping[str, Bid]) -> Table:
    prices = {one["bid"]: Decimal(one["price"]) for one in award.public_record["offers"]}
    return Table(
        head=[_("排序"), _("投标人"), _("投标报价（元）"), _("价格分")],
        rows=[
            [
                str(score["rank"]),
                bids[score["bid"]].bidder.name,
                figure(prices.get(score["bid"], Decimal(0))),
                score["price"],
            ]
            for score in award.public_record["scores"]
        ],
        widths=(1, 5, 3, 2),
        numeric=frozenset({0, 2, 3}),
        caption=award.lot.title,
    )


def chinese_date(uow: UnitOfWork) -> str:
    """Return today as official papers write it."""
    local = uow.now.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"
