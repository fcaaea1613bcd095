"""Whether a below-limit selection or a single source may begin (R-BELOW-01, R-THR-01, R-NEG-03)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select

from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.lines import RuleLine, broken, kept
from procurement.library_gates import gate_refusals, route_of
from procurement.methods import fewest_bidders
from procurement.models import AskedSupplier, DirectPurchase, Tender
from procurement.planning.thresholds import thresholds
from procurement.states import Method, SoleGround, TenderState


def purchase_of(uow: UnitOfWork, tender: Tender) -> DirectPurchase:
    """Return what the purchase holds beside its tender."""
    return uow.session.scalars(select(DirectPurchase).where(DirectPurchase.tender_id == tender.id)).one()


def asked_suppliers(uow: UnitOfWork, tender: Tender) -> list[AskedSupplier]:
    """Return whom the purchase asks, in the order of their names."""
    rows = uow.session.scalars(select(AskedSupplier).where(AskedSupplier.tender_id == tender.id))
    return sorted(rows, key=lambda one: (one.supplier.name, str(one.id)))


def direct_checklist(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return the panel's lines: content, money, the limit, the suppliers, the ground of a single source."""
    purchase, asked = purchase_of(uow, tender), asked_suppliers(uow, tender)
    lines = _content(uow, tender) + _conflicts(uow, tender, asked) + _library(uow, tender, asked)
    if tender.method is Method.BELOW_LIMIT:
        return lines + _below_limit(uow, tender, purchase, asked)
    return lines + _single_source(uow, tender, purchase, asked)


def limit_of(uow: UnitOfWork) -> Decimal:
    """Return this year's procurement limit in yuan, as the bureau has set it (R-THR-01)."""
    return thresholds(uow).limit


def supplement_limit(uow: UnitOfWork, purchase: DirectPurchase) -> Decimal:
    """Return what may still be added to the original contract, in yuan: so many percent of it, less earlier additions.

    Only additions decided before count; the purchase's own is not among them.
    """
    if purchase.original is None:
        return Decimal(0)
    percent = uow.house.rules.number("R-NEG-03", "supplement_max", on=uow.today)
    earlier = uow.session.scalar(
        select(func.coalesce(func.sum(DirectPurchase.agreed_price), 0))
        .join(Tender, Tender.id == DirectPurchase.tender_id)
        .where(
            DirectPurchase.original_id == purchase.original_id,
            DirectPurchase.id != purchase.id,
            Tender.state == TenderState.AWARDED,
        )
    )
    return purchase.original.amount * percent / 100 - Decimal(earlier or 0)


def must_announce(uow: UnitOfWork, tender: Tender, purchase: DirectPurchase) -> bool:
    """Whether the single source is announced first: a sole supplier at or above the limit."""
    return purchase.ground is SoleGround.SOLE and tender.budget >= limit_of(uow)


def _content(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    needed: tuple[tuple[bool, str, Text], ...] = (
        (bool(tender.requirement), "requirement", _l("缺少采购需求")),
        (bool(tender.contact_name and tender.contact_telephone), "contact_name", _l("缺少联系人和电话")),
        (tender.service_until is not None, "service_until", _l("缺少服务期限")),
    )
    missing = [broken(uow, "R-TENDER-02", words, field) for there, field, words in needed if not there]
    fees = [one.evaluation_fee for lot in tender.lots for one in lot.projects]
    known = [fee for fee in fees if fee is not None]
    if fees and len(known) == len(fees) and tender.budget > sum(known, Decimal(0)):
        words = _l("采购预算超过项目安排的评价经费 %(amount)s 元", amount=f"{sum(known, Decimal(0)):,.2f}")
        missing.append(broken(uow, "R-TENDER-06", words, "budget"))
    return missing or [kept("R-TENDER-06", _l("内容齐全，预算在评价经费之内"))]


def _conflicts(uow: UnitOfWork, tender: Tender, asked: list[AskedSupplier]) -> list[RuleLine]:
    units = {project.unit_id for lot in tender.lots for project in lot.projects}
    return [
        broken(
            uow,
            "R-PERF-13",
            _l("“%(name)s”实施被评价的项目，不能承担评价", name=one.supplier.name),
            "suppliers",
        )
        for one in asked
        if one.supplier_id in units
    ]


def _library(uow: UnitOfWork, tender: Tender, asked: list[AskedSupplier]) -> list[RuleLine]:
    """What the library holds against those asked, where grades and standing act (R-GRADE.scope)."""
    if not asked or route_of(uow, tender) is None:
        return []
    found = [
        broken(uow, one.rule_id or "R-GRADE.scope", one.reason, one.field)
        for one in gate_refusals(uow, tender, [one.supplier for one in asked], "suppliers")
    ]
    return found or [kept("R-GRADE.scope", _l("所选供应商没有暂停、等级等限制"))]


def _below_limit(
    uow: UnitOfWork, tender: Tender, purchase: DirectPurchase, asked: list[AskedSupplier]
) -> list[RuleLine]:
    fewest, limit = fewest_bidders(uow, tender), limit_of(uow)
    lines = []
    if tender.budget >= limit:
        words = _l("采购预算达到采购限额标准 %(limit)s 元，应当采用法定采购方式", limit=f"{limit:,.0f}")
        lines.append(RuleLine("R-THR-01", "warn", words, "budget"))
    else:
        lines.append(kept("R-THR-01", _l("采购预算低于采购限额标准")))
    if not asked:
        lines.append(RuleLine("R-BELOW-01", "block", _l("请选择要征询的供应商"), "suppliers"))
    elif len(asked) < fewest and not purchase.few_reason:
        words = _l("至少征询 %(fewest)s 家供应商；不足的须写明理由", fewest=fewest)
        lines.append(RuleLine("R-BELOW-01", "block", words, "few_reason"))
    elif len(asked) < fewest:
        lines.append(RuleLine("R-BELOW-01", "warn", _l("征询的供应商不足 %(fewest)s 家，理由已记录", fewest=fewest)))
    else:
        lines.append(kept("R-BELOW-01", _l("征询 %(count)s 家供应商", count=len(asked))))
    if tender.deadline is None or tender.deadline <= uow.now:
        lines.append(RuleLine("R-BELOW-01", "block", _l("答复截止时间须晚于现在"), "deadline"))
    return lines


def _single_source(
    uow: UnitOfWork, tender: Tender, purchase: DirectPurchase, asked: list[AskedSupplier]
) -> list[RuleLine]:
    lines = []
    if len(asked) != 1:
        lines.append(broken(uow, "R-NEG-03", _l("单一来源采购须选定一家供应商"), "suppliers"))
    if purchase.ground is None or not purchase.ground_reason:
        lines.append(broken(uow, "R-NEG-03", _l("须选择法定情形并写明具体理由"), "ground"))
    if purchase.ground is SoleGround.ADDITION:
        most = supplement_limit(uow, purchase)
        if purchase.original is None:
            lines.append(broken(uow, "R-NEG-03", _l("添购须指明原委托"), "original"))
        elif asked and purchase.original.agency_id != asked[0].supplier_id:
            lines.append(broken(uow, "R-NEG-03", _l("添购只能从原供应商处采购"), "suppliers"))
        elif tender.budget > most:
            words = _l("添购金额合计不得超过原合同金额的 10%%，还可添购 %(amount)s 元", amount=f"{most:,.2f}")
            lines.append(broken(uow, "R-NEG-03", words, "budget"))
    if must_announce(uow, tender, purchase) and not purchase.opinion:
        words = _l("限额以上只能从唯一供应商采购的，须附专业人员的论证意见并公示")
        lines.append(broken(uow, "R-NEG-03", words, "opinion"))
    return lines or [kept("R-NEG-03", _l("符合单一来源采购的法定情形"))]
