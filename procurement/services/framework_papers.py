"""The papers of a framework agreement: letters, the agreement itself, the summary at its end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.i18n import _
from core.money import format_capital
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import digest, plain
from core.unit_of_work import UnitOfWork
from procurement.contract_basis import in_words
from procurement.contracting.clauses import figure
from procurement.methods import ways_named
from procurement.models import CallOff, Framework, FrameworkMember, FrameworkTerms, Shortlist, Tender
from procurement.queries.frameworks import framework_terms
from procurement.queries.standings import BidStanding
from procurement.services.award_papers import chinese_date


def admission_letter_pdf(uow: UnitOfWork, tender: Tender, rows: Sequence[Shortlist], standing: BidStanding) -> bytes:
    """Return one bidder's letter: admitted, or own score and rank, or why the response fell."""
    row = next((one for one in rows if one.lot_id == standing.bid.lot_id), None)
    is_in = row is not None and any(one["bid"] == str(standing.bid.id) for one in row.record["admitted"])
    return _pdf(
        uow,
        tender,
        "letter",
        _("入围通知书") if is_in else _("征集结果通知书"),
        [Paragraph(line) for line in admission_lines(uow, tender, row, standing)],
        str(row.public_record["digests"]["record"]) if row is not None else tender.record_hash or "",
        addressee=standing.bid.bidder.name,
    )


def admission_lines(uow: UnitOfWork, tender: Tender, row: Shortlist | None, standing: BidStanding) -> list[str]:
    """Return what one bidder is told, one sentence group a line; also shown on the bidder's page."""
    lines = [
        _(
            "贵单位响应了“%(title)s”（采购编号：%(number)s）的征集，现将结果通知如下。",
            title=tender.title,
            number=tender.number,
        )
    ]
    bid = str(standing.bid.id)
    if row is None:
        lines.append(_("本类评价的合格供应商不足法定家数，征集终止。"))
    else:
        place = next((at for at, one in enumerate(row.record["admitted"], 1) if one["bid"] == bid), None)
        score = next((one for one in row.record["ranking"]["scores"] if one["bid"] == bid), None)
        if place is not None:
            days = uow.house.rules.whole("R-FRAME-01", "sign_days", on=uow.today)
            lines.append(
                _(
                    "贵单位入围“%(lot)s”，轮候次序为第%(place)s位，协议价格为每项人民币%(price)s元。",
                    lot=standing.bid.lot.title,
                    place=place,
                    price=figure(standing.price or Decimal(0)),
                )
            )
            lines.append(_("请自本通知书发出之日起%(days)s日内签订框架协议（R-FRAME-01）。", days=days))
        elif score is not None:
            lines.append(
                _(
                    "贵单位排序第%(rank)s名，总分%(total)s分；按征集文件的淘汰比例未入围。",
                    rank=score["rank"],
                    total=score["total"],
                )
            )
        else:
            lines.append(
                _(
                    "贵单位的响应无效（%(outcome)s），原因：%(reason)s。",
                    outcome=standing.outcome.label,
                    reason=standing.reason,
                )
            )
    lines.append(_("贵单位对结果有异议的，可以自结果公告期限届满之日起七个工作日内，以书面形式向采购人提出质疑。"))
    return lines


def agreement_pdf(uow: UnitOfWork, framework: Framework, members: Sequence[FrameworkMember]) -> bytes:
    """Return the framework agreement with one supplier: its types and unit prices, term, second stage, removal."""
    tender, terms = framework.tender, framework_terms(uow, framework)
    supplier = members[0].supplier.name
    ways = "、".join(str(one) for one in ways_named(terms.ways))
    sections: list[tuple[str, list[Block]]] = [
        (_("标的和协议价格"), [_prices(members), Paragraph(tender.requirement)]),
        (
            _("有效期"),
            [
                Paragraph(
                    _("自全部入围供应商签订之日起 %(months)s 个月。", months=terms.months)
                    if framework.ends_on is None
                    else _("至%(day)s止。", day=in_words(framework.ends_on))
                )
            ],
        ),
        (_("第二阶段"), [Paragraph(_("采购人以下列方式确定成交供应商：%(ways)s。", ways=ways)), *_rotation(members)]),
        (_("合同授予"), [Paragraph(_("第二阶段的采购合同不得对本协议作实质性改变，价格不高于协议价格。"))]),
        (_("清退和补充"), [Paragraph(terms.exit_rules)]),
    ]
    body: list[Block] = []
    for number, (title, blocks) in zip("一二三四五", sections, strict=True):
        body += [Heading(f"{number}、{title}"), *blocks]
    body.append(
        Table(
            head=[_("甲方（盖章）"), _("乙方（盖章）")],
            rows=[
                [tender.purchaser.name, supplier],
                [_("法定代表人或者授权代表："), _("法定代表人或者授权代表：")],
                [_("签订日期："), _("签订日期：")],
            ],
        )
    )
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    said = {"tender": tender.number, "members": [[one.lot.title, one.price] for one in members]}
    return build_pdf(
        OfficialDocument(
            kind="plain",
            issuer=tender.purchaser.name,
            number=tender.number,
            title=_("%(title)s框架协议", title=tender.title),
            body=body,
            signatory="",
            date="",
            record_hash=digest(plain(said)),
            sealed=False,
        )
    )


def summary_pdf(uow: UnitOfWork, framework: Framework, terms: FrameworkTerms, call_offs: Sequence[CallOff]) -> bytes:
    """Return the summary notice of everything called off in the term (R-FRAME-01)."""
    tender = framework.tender
    total = sum((one.price or Decimal(0) for one in call_offs), Decimal(0))
    body: list[Block] = [
        Paragraph(
            _(
                "框架协议有效期 %(months)s 个月，已于%(day)s期满，共成交 %(count)s 项，"
                "合计人民币%(total)s元（%(capital)s）。",
                months=terms.months,
                day=in_words(framework.ends_on) if framework.ends_on else "",
                count=len(call_offs),
                total=figure(total),
                capital=format_capital(total),
            )
            if call_offs
            else _("框架协议已期满，有效期内没有成交。")
        )
    ]
    if call_offs:
        body.append(
            Table(
                head=[_("编号"), _("标的"), _("成交供应商"), _("金额（元）")],
                rows=[
                    [
                        one.tender.number,
                        one.tender.title,
                        one.member.supplier.name if one.member else "",
                        figure(one.price or Decimal(0)),
                    ]
                    for one in call_offs
                ],
                widths=(3, 5, 4, 2),
                numeric=frozenset({3}),
            )
        )
    said = {"framework": tender.number, "call_offs": [[one.tender.number, one.price] for one in call_offs]}
    title = _("%(title)s成交结果汇总公告", title=tender.title)
    return _pdf(uow, tender, "notice", title, body, digest(plain(said)))


def _prices(members: Sequence[FrameworkMember]) -> Table:
    return Table(
        head=[_("评价类别"), _("协议价格（元/项）"), _("大写")],
        rows=[[one.lot.title, figure(one.price), format_capital(one.price)] for one in members],
        widths=(4, 2, 4),
        numeric=frozenset({1}),
    )


def _rotation(members: Sequence[FrameworkMember]) -> list[Block]:
    places = "；".join(f"{one.lot.title}第{one.position}位" for one in members)
    words = _("轮候次序：%(places)s。每家每轮只有一次机会，除清退和补充征集外不调整次序（R-FRAME-03）。", places=places)
    return [Paragraph(words)]


def _pdf(  # noqa: PLR0917 - what an official paper says
    uow: UnitOfWork, tender: Tender, kind: str, title: str, body: list[Block], record_hash: str, *, addressee: str = ""
) -> bytes:
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    return build_pdf(
        OfficialDocument(
            kind=kind,  # type: ignore[arg-type]  # one of the kinds, by its callers
            issuer=tender.purchaser.name,
            number=tender.number,
            title=title,
            addressee=addressee,
            body=body,
            signatory=tender.purchaser.name,
            date=chinese_date(uow),
            record_hash=record_hash,
            contact=_(
                "联系人：%(name)s　电话：%(telephone)s", name=tender.contact_name, telephone=tender.contact_telephone
            ),
        )
    )
