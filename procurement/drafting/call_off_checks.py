"""Whether an evaluation may be called off from a framework agreement, and in this way (R-FRAME-01, R-FRAME-03)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.lines import RuleLine, broken, kept
from procurement.models import CallOff, FrameworkMember, FrameworkTerms, Tender
from procurement.states import MemberState, Method


def call_off_lines(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return the panel's lines: the framework, the way, the supplier or those invited, the price, the content."""
    call_off = uow.session.scalars(select(CallOff).where(CallOff.tender_id == tender.id)).one()
    return [
        *_framework(uow, tender, call_off),
        *_content(uow, tender),
        *(_prices(uow, tender, call_off) if tender.method is Method.CALL_OFF_PRICES else _price(uow, call_off)),
    ]


def agreed_prices(uow: UnitOfWork, call_off: CallOff) -> dict[object, Decimal]:
    """Return the agreed unit prices of those whose agreement holds for this type, by supplier."""
    rows = uow.session.scalars(
        select(FrameworkMember).where(
            FrameworkMember.framework_id == call_off.framework_id,
            FrameworkMember.lot_id == call_off.lot_id,
            FrameworkMember.state == MemberState.SIGNED,
        )
    )
    return {one.supplier_id: one.price for one in rows}


def _framework(uow: UnitOfWork, tender: Tender, call_off: CallOff) -> list[RuleLine]:
    found = []
    framework = call_off.framework
    if not framework.is_open_on(uow.today):
        found.append(broken(uow, "R-FRAME-01", _l("框架协议不在有效期内")))
    terms = uow.session.get_one(FrameworkTerms, framework.tender_id)
    if tender.method.value not in {Method.CALL_OFF_DIRECT.value, *terms.ways}:
        found.append(broken(uow, "R-FRAME-03", _l("征集文件没有载明%(way)s", way=tender.method.label), "way"))
    member = call_off.member
    if member is not None and member.state is not MemberState.SIGNED:
        words = _l("%(name)s的框架协议没有生效或者已经解除", name=member.supplier.name)
        found.append(broken(uow, "R-FRAME-01", words, "member"))
    return found or [kept("R-FRAME-03", _l("框架协议有效，征集文件载明这种方式"))]


def _content(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    needed: tuple[tuple[bool, str, Text], ...] = (
        (bool(tender.requirement), "requirement", _l("缺少任务要求")),
        (bool(tender.contact_name and tender.contact_telephone), "contact_name", _l("缺少联系人和电话")),
        (tender.service_until is not None, "service_until", _l("缺少服务期限")),
    )
    found = [broken(uow, "R-TENDER-02", words, name) for there, name, words in needed if not there]
    if tender.service_until is not None and tender.service_until <= uow.today:
        found.append(broken(uow, "R-TENDER-07", _l("服务期限须晚于今天"), "service_until"))
    fees = [one.evaluation_fee for lot in tender.lots for one in lot.projects]
    known = [fee for fee in fees if fee is not None]
    if fees and len(known) == len(fees) and tender.budget > sum(known, Decimal(0)):
        words = _l("价格超过项目安排的评价经费 %(amount)s 元", amount=f"{sum(known, Decimal(0)):,.2f}")
        found.append(broken(uow, "R-TENDER-06", words, "price"))
    return found or [kept("R-TENDER-06", _l("内容齐全，价格在评价经费之内"))]


def _price(uow: UnitOfWork, call_off: CallOff) -> list[RuleLine]:
    member, price = call_off.member, call_off.price
    if member is None or price is None:
        return []
    if price > member.price:
        words = _l("价格高于协议价格 %(price)s 元", price=f"{member.price:,.2f}")
        return [broken(uow, "R-FRAME-03", words, "price")]
    return [kept("R-FRAME-03", _l("价格不高于协议价格 %(price)s 元", price=f"{member.price:,.2f}"))]


def _prices(uow: UnitOfWork, tender: Tender, call_off: CallOff) -> list[RuleLine]:
    found = []
    agreed = agreed_prices(uow, call_off)
    invited = {one.supplier_id for one in tender.invitations}
    if not invited:
        found.append(broken(uow, "R-FRAME-03", _l("没有可以邀请的入围供应商"), "invitations"))
    if invited - set(agreed):
        found.append(broken(uow, "R-FRAME-03", _l("被邀请的供应商中有框架协议已经解除的"), "invitations"))
    if agreed and tender.ceiling is not None and tender.ceiling > max(agreed.values()):
        found.append(broken(uow, "R-FRAME-03", _l("二次竞价以协议价格为最高限价"), "price"))
    if tender.deadline is None or tender.deadline <= uow.now:
        found.append(broken(uow, "R-FRAME-03", _l("报价截止时间须晚于现在，并留出必要的响应时间"), "deadline"))
    return found or [kept("R-FRAME-03", _l("邀请 %(count)s 家入围供应商，以协议价格为最高限价", count=len(invited)))]
