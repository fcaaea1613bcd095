"""评标报告: the evaluation report with every part the order asks for, and which of them is still empty (R-EVAL-08)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.errors import Refusal
from core.i18n import Text, _, _l
from core.money import format_amount
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.unit_of_work import UnitOfWork
from procurement.models import CommitteeSeat, Tender
from procurement.queries.collusion import CollusionView, collusion_of
from procurement.queries.standings import Standings, seats_of, standings_of
from procurement.services.collusion_report import collusion_lines
from procurement.services.concluding import LotResult, results_of
from procurement.services.conformity_table import conformity_blocks
from procurement.states import GONE, CriterionKind, Evaluation, InquiryStanding, Outcome, SeatCategory

RULE = "R-EVAL-08"


@dataclass(frozen=True)
class ReportPart:
    """One part of the report; `lacks` says in words what it still misses."""

    title: Text
    blocks: Sequence[Block]
    lacks: Text | None = None


def report_parts(uow: UnitOfWork, tender: Tender) -> list[ReportPart]:
    """Return the parts in the order of the order's article, in the reader's language."""
    standings = standings_of(uow, tender)
    results = results_of(uow, tender, standings)
    seats = seats_of(uow, tender, recused=True)
    return [
        _notice_part(tender),
        _people_part(standings),
        _method_part(tender),
        _opening_part(standings),
        _review_part(standings),
        _result_part(results),
        _other_part(standings, seats, collusion_of(uow, tender)),
        _signature_part(standings.seats),
    ]


def report_warnings(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return which mandatory parts are still empty; they warn and do not stop the award (the rule is not confirmed)."""
    return [
        Refusal(_l("评标报告“%(part)s”：%(lacks)s", part=one.title, lacks=one.lacks), rule_id=RULE)
        for one in report_parts(uow, tender)
        if one.lacks is not None
    ]


def evaluation_report_pdf(uow: UnitOfWork, tender: Tender) -> bytes:
    """Return the report as an official paper; it is Chinese whatever the reader's language."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    with force_locale("zh"):
        parts = report_parts(uow, tender)
        body: list[Block] = []
        for number, one in enumerate(parts):
            body.append(Heading(f"{'一二三四五六七八九十'[number]}、{one.title}"))
            body += one.blocks
            if one.lacks is not None:
                body.append(Paragraph(_("（本部分待补：%(lacks)s）", lacks=one.lacks)))
        return build_pdf(
            OfficialDocument(
                kind="notice",
                issuer=_("评标委员会"),
                number=tender.number,
                title=_("%(title)s评标报告", title=tender.title),
                body=body,
                signatory=_("评标委员会"),
                date=_day(tender.evaluated_at or uow.now),
                record_hash=tender.record_hash or "",
                sealed=False,
            )
        )


def _notice_part(tender: Tender) -> ReportPart:
    medium = tender.external_notice_url
    lines = [
        _("采购项目：%(title)s（采购编号：%(number)s）。", title=tender.title, number=tender.number),
        _("采购人：%(name)s。采购方式：%(method)s。", name=tender.purchaser.name, method=tender.method.label),
        _(
            "公告媒体：%(medium)s；公告时间：%(at)s。",
            medium=medium or _("未登记"),
            at=_moment(tender.external_notice_at or tender.published_at),
        ),
        _("开标时间：%(at)s；开标地点：%(place)s。", at=_moment(tender.opened_at), place=tender.opening_place or "—"),
    ]
    lacks = None if medium and tender.opening_place else _l("未登记指定媒体公告网址或者开标地点")
    return ReportPart(_l("公告和开标情况"), [Paragraph(line) for line in lines], lacks)


def _people_part(standings: Standings) -> ReportPart:
    bidders = Table(
        head=[_("序号"), _("投标人"), _("包")],
        rows=[[str(n), one.bid.bidder.name, one.bid.lot.title] for n, one in enumerate(standings.bids, 1)],
        widths=(1, 5, 5),
        caption=_("投标人名单"),
    )
    members = Table(
        head=[_("姓名"), _("工作单位"), _("身份"), _("产生方式")],
        rows=[
            [
                seat.name + (_("（组长）") if seat.is_chair else ""),
                seat.employer,
                str(seat.category.label),
                f"{seat.source.label} {seat.draw_number}",
            ]
            for seat in standings.seats
        ],
        widths=(3, 5, 2, 4),
        caption=_("评标委员会成员名单"),
    )
    return ReportPart(_l("投标人和评标委员会名单"), [bidders, members])


def _method_part(tender: Tender) -> ReportPart:
    if tender.evaluation is Evaluation.LOWEST_PRICE:
        words = _(
            "采用最低评标价法，不评分：响应全部实质性要求的，按价格扣除后的评审价由低到高排列，评审价相同的并列。"
        )
        return ReportPart(_l("评标方法和标准"), [Paragraph(words)])
    scored = [one for one in tender.criteria if one.kind is not CriterionKind.SUBSTANTIVE]
    rows = [[one.title, str(one.kind.label), format(one.maximum or 0, "f"), one.description or "—"] for one in scored]
    rows.append([_("价格"), _("低价优先法"), format(tender.price_weight, "f"), _("评标基准价÷评审价×价格权值")])
    return ReportPart(
        _l("评标方法和标准"),
        [
            Paragraph(
                _(
                    "采用综合评分法，满分100分。商务技术分为各成员评分的算术平均；"
                    "得分相同的按投标报价由低到高排列，得分且投标报价相同的并列。"
                )
            ),
            Table(
                head=[_("评审因素"), _("类型"), _("分值"), _("评分标准")],
                rows=rows,
                widths=(4, 2, 1, 5),
                numeric=frozenset({2}),
            ),
        ],
        None if scored else _l("没有评分项"),
    )


def _opening_part(standings: Standings) -> ReportPart:
    rows = [
        [
            one.bid.bidder.name,
            _moment(one.bid.arrived_at),
            format_amount(one.bid.price) if one.bid.price is not None else _("无法开启"),
        ]
        for one in standings.bids
    ]
    return ReportPart(
        _l("开标记录"),
        [
            Table(
                head=[_("投标人"), _("递交时间"), _("开标一览表报价（元）")],
                rows=rows,
                widths=(5, 4, 3),
                numeric=frozenset({2}),
            )
        ],
    )


def _review_part(standings: Standings) -> ReportPart:
    invalid = [one for one in standings.bids if one.outcome is not Outcome.VALID]
    blocks: list[Block] = [
        Paragraph(
            _(
                "共%(all)s家投标人，其中有效投标%(valid)s家，无效投标%(invalid)s家。",
                all=len(standings.bids),
                valid=len(standings.bids) - len(invalid),
                invalid=len(invalid),
            )
        )
    ]
    if invalid:
        blocks.append(
            Table(
                head=[_("投标人"), _("结论"), _("原因")],
                rows=[[one.bid.bidder.name, str(one.outcome.label), str(one.reason) or "—"] for one in invalid],
                widths=(4, 3, 6),
                caption=_("无效投标及原因"),
            )
        )
    blocks += conformity_blocks(standings)
    unexplained = [one for one in invalid if not str(one.reason)]
    return ReportPart(_l("评审情况和无效投标原因"), blocks, _l("有无效投标没有写明原因") if unexplained else None)


def _result_part(results: Sequence[LotResult]) -> ReportPart:
    blocks: list[Block] = []
    for result in results:
        if not result.ranked:
            blocks.append(Paragraph(_("%(lot)s：有效投标人不足，本包不推荐中标候选人。", lot=result.lot.title)))
            continue
        blocks.append(_ranking_table(result))
        blocks += [
            Paragraph(
                _(
                    "%(bidder)s的商务技术分%(merit)s分，低于采购文件规定的最低分，不参加排序。",
                    bidder=standing.bid.bidder.name,
                    merit=merit,
                )
            )
            for standing, merit in result.below
        ]
        if result.drawn:
            order = "、".join(one.bid.bidder.name for one in result.drawn)
            blocks.append(Paragraph(_("得分且报价相同的并列，随机抽取的次序为：%(order)s。", order=order)))
    lacks = None if any(one.ranked for one in results) else _l("没有推荐中标候选人")
    return ReportPart(_l("评标结果和中标候选人排序"), blocks, lacks)


def _ranking_table(result: LotResult) -> Table:
    """Return the ranking: with its points, or with the prices alone where only they decide."""
    named = [[str(one.score.rank), one.bid.bidder.name, format_amount(one.offer.price)] for one in result.ranked]
    head = [_("排序"), _("投标人"), _("报价（元）")]
    if result.lot.tender.evaluation is Evaluation.LOWEST_PRICE:
        rows = [[*row, format_amount(one.offer.evaluated)] for row, one in zip(named, result.ranked, strict=True)]
        return Table(
            head=[*head, _("评审价（元）")],
            rows=rows,
            widths=(1, 5, 3, 3),
            numeric=frozenset({0, 2, 3}),
            caption=result.lot.title,
        )
    scores = [one.score for one in result.ranked]
    rows = [[*row, str(one.merit), str(one.price), str(one.total)] for row, one in zip(named, scores, strict=True)]
    return Table(
        head=[*head, _("商务技术分"), _("价格分"), _("总分")],
        rows=rows,
        widths=(1, 5, 3, 2, 2, 2),
        numeric=frozenset({0, 2, 3, 4, 5}),
        caption=result.lot.title,
    )


def _other_part(standings: Standings, seats: Sequence[CommitteeSeat], signs: CollusionView) -> ReportPart:
    names = {one.bid.id: one.bid.bidder.name for one in standings.bids}
    lines = [*_correction_lines(standings, names), *_letter_lines(standings, names), *collusion_lines(signs)]
    for bid_id, review in standings.reviews.items():
        lines.append(
            _(
                "异常低价审查（%(bidder)s）：原因：%(ground)s；过程：%(course)s；依据：%(basis)s；结论：%(conclusion)s。",
                bidder=names[bid_id],
                ground=review.ground,
                course=review.course,
                basis=review.basis,
                conclusion=review.conclusion,
            )
        )
    gone = [seat for seat in seats if seat.state in GONE]
    if gone:
        words = "、".join(f"{seat.name}（{seat.state.label}）" for seat in gone)
        lines.append(_("评标委员会成员更换：%(names)s，其评审意见不计。", names=words))
    return ReportPart(
        _l("其他需要说明的情况"),
        [Paragraph(line) for line in lines] or [Paragraph(_("无报价修正、澄清和成员更换。"))],
        _l("还有串通投标提示没有认定") if signs.unjudged else None,
    )


def _correction_lines(standings: Standings, names: Mapping[uuid.UUID, str]) -> list[str]:
    """Return corrected prices and price deductions, one sentence each (R-PRICE-04, R-PRICE-05)."""
    lines = [
        _(
            "报价修正（%(bidder)s）：开标一览表%(stated)s元，修正为%(corrected)s元；%(why)s；投标人%(answer)s。",
            bidder=names[bid_id],
            stated=format_amount(one.stated),
            corrected=format_amount(one.corrected),
            why=one.explanation,
            answer=_("已签字确认") if one.confirmed else _("未确认，投标无效"),
        )
        for bid_id, one in standings.prices.corrections.items()
    ]
    lines += [
        _(
            "价格扣除（%(bidder)s）：%(percent)s%%，扣除后的价格只用于计算价格分，合同价仍为投标报价。",
            bidder=names[bid_id],
            percent=format(one.percent, "f"),
        )
        for bid_id, one in standings.prices.deductions.items()
    ]
    return lines


def _letter_lines(standings: Standings, names: Mapping[uuid.UUID, str]) -> list[str]:
    """Return the committee's letters and the bidders' answers (R-EVAL-04)."""
    return [
        _(
            "%(kind)s（%(bidder)s）：问：%(question)s；答：%(answer)s。",
            kind=letter.kind.label,
            bidder=names[bid_id],
            question=letter.question,
            answer=letter.answer or InquiryStanding.LAPSED.label,
        )
        for bid_id, letters in standings.prices.inquiries.items()
        for letter in letters
    ]


def _signature_part(seats: Sequence[CommitteeSeat]) -> ReportPart:
    rows = [
        [
            seat.name,
            str(seat.category.label),
            _moment(seat.signed_at),
            seat.dissent or (_("同意") if seat.signed_at else _("未签署，视为同意")),
        ]
        for seat in sorted(seats, key=lambda one: (not one.is_chair, one.category is SeatCategory.PURCHASER))
    ]
    unsigned = [seat for seat in seats if seat.signed_at is None]
    return ReportPart(
        _l("评标委员会成员签字和不同意见"),
        [
            Table(
                head=[_("成员"), _("身份"), _("签字时间"), _("评审意见")],
                rows=rows,
                widths=(2, 2, 3, 6),
            ),
            Paragraph(_("对评审报告有异议而未签署不同意见并说明理由的，视为同意评审报告。")),
        ],
        _l("还有成员没有签字") if unsigned else None,
    )


def _day(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else "—"
