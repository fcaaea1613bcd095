"""The second stage of a framework: an evaluation called off directly, in turn, or by a second price round (R-FRAME-03).

A call-off is a tender of its own method, so that its award, engagement and contract are those of every purchase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.lawfulness import breaches
from procurement.library_gates import gate_refusals
from procurement.methods import CALL_OFFS
from procurement.models import (
    CallOff,
    Framework,
    FrameworkMember,
    Invitation,
    Keyholder,
    Lot,
    Tender,
)
from procurement.permissions import FrameworkPermission
from procurement.queries.bidder_conflicts import conflict_refusals
from procurement.queries.frameworks import call_off_of, framework_terms, standing_members
from procurement.services.drafting import draft_tender
from procurement.states import Evaluation, InvitationOrigin, Method, TenderState
from procurement.workflow import TENDER
from projects.models import Project

NOMINATED = NotificationKind(
    "call-off.nominated",
    _l("待确认成交供应商：%(tender)s"),
    _l("《%(tender)s》已提出成交意见，请核对后确认或者退回。"),
)
SERVICE_DAYS = 90


@dataclass(frozen=True)
class CallOffEntry:
    """What is called off: the type, the project, and how the supplier is found."""

    lot: Lot
    project: Project
    way: Method
    service_until: date | None = None
    task: str = ""


def ways_of(uow: UnitOfWork, framework: Framework) -> list[Method]:
    """Return how a supplier may be found: directly always, otherwise as the call provides (R-FRAME-03)."""
    foreseen = {Method.CALL_OFF_DIRECT.value, *framework_terms(uow, framework).ways}
    return [one for one in CALL_OFFS if one.value in foreseen]


def draft_call_off(uow: UnitOfWork, framework: Framework, entry: CallOffEntry) -> Tender:
    """Begin a call-off from a framework in force; texts and keyholders are those of its call.

    Raises `Forbidden`, or `Refused` for a framework not in force, a way its call does not provide, a type without
    suppliers, or a project already being bought.
    """
    decision = policy.decide(uow.actor, FrameworkPermission.CALL, framework)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(framework)
    members = standing_members(uow, framework, entry.lot)
    refusals = []
    if not framework.is_open_on(uow.today):
        refusals.append(Refusal(_l("框架协议不在有效期内，不能发起第二阶段采购"), rule_id="R-FRAME-01"))
    if entry.way not in ways_of(uow, framework):
        words = _l("征集文件没有载明%(way)s", way=entry.way.label)
        refusals.append(Refusal(words, rule_id="R-FRAME-03", field="way"))
    if entry.lot.tender_id != framework.tender_id or not members:
        refusals.append(Refusal(_l("这类评价没有有效的入围供应商"), rule_id="R-FRAME-01", field="lot"))
    if refusals:
        raise Refused(*refusals)
    first = framework.tender
    most = max(one.price for one in members)
    tender = draft_tender(
        uow,
        [entry.project],
        method=entry.way,
        title=f"{entry.project.name}绩效评价",
        budget=most,
        requirement=_task(entry, first),
        contract_draft=first.contract_draft,
        qualifications=list(first.qualifications),
        contact_name=first.contact_name,
        contact_telephone=first.contact_telephone,
        opening_place=first.opening_place,
        documents_place=first.documents_place,
        service_until=entry.service_until or uow.today + timedelta(days=SERVICE_DAYS),
        keyholders_needed=first.keyholders_needed,
    )
    uow.add(
        CallOff(
            tender_id=tender.id,
            framework_id=framework.id,
            lot_id=entry.lot.id,
            member_id=None,
            price=None,
            proposed_by_id=None,
            proposed_at=None,
        )
    )
    uow.session.flush()
    if entry.way is Method.CALL_OFF_PRICES:
        _prepare_prices(uow, tender, members)
    uow.record("call_off.draft", tender, about=(framework,), after={"way": entry.way.value, "type": entry.lot.title})
    return tender


def choose(uow: UnitOfWork, tender: Tender, member: FrameworkMember, price: Decimal | None, reason: str) -> None:
    """Propose a supplier directly, at its agreed price or less, with the reason (R-FRAME-03).

    Raises `Forbidden`, or `Refused` with everything that speaks against it, conflicts of interest among it.
    """
    call_off = permitted(uow, tender)
    refusals = []
    if tender.method is not Method.CALL_OFF_DIRECT:
        refusals.append(Refusal(_l("本次采购不是直接选定"), rule_id="R-FRAME-03"))
    if member.framework_id != call_off.framework_id or member.lot_id != call_off.lot_id:
        refusals.append(Refusal(_l("所选供应商没有入围这类评价"), rule_id="R-FRAME-01", field="member"))
    if not reason.strip():
        words = _l("请写明选定理由：价格、质量、服务便利性、用户评价等")
        refusals.append(Refusal(words, rule_id="R-FRAME-03", field="reason"))
    if price is not None and price <= 0:
        refusals.append(Refusal(_l("请填写大于 0 的价格"), field="price"))
    refusals += [
        Refusal(one.reason, rule_id=one.rule_id, field="member")
        for one in conflict_refusals(uow, tender.lots[0], member.supplier_id)
    ]
    refusals += gate_refusals(uow, tender, [member.supplier], "member")
    if refusals:
        raise Refused(*refusals)
    nominate(uow, tender, call_off, member, price or member.price, reason.strip())


def set_prices(uow: UnitOfWork, tender: Tender, *, deadline: datetime | None, task: str) -> None:
    """Fill in until when prices may come and what the task is, while the second price round is a draft."""
    permitted(uow, tender)
    if tender.state is not TenderState.DRAFT:
        raise Refused(Refusal(_l("竞价通知已提交，不能修改"), rule_id="R-FRAME-03"))
    if not task.strip():
        raise Refused(Refusal(_l("请填写任务要求"), rule_id="R-TENDER-02", field="task"))
    tender.deadline, tender.requirement = deadline, task.strip()
    uow.session.flush()
    uow.record("call_off.set_prices", tender, after={"deadline": deadline.isoformat() if deadline else None})


def _prepare_prices(uow: UnitOfWork, tender: Tender, members: Sequence[FrameworkMember]) -> None:
    """Invite everybody who fits, with the greatest agreed price as ceiling, to the keyholders of the call."""
    able = [one for one in members if not conflict_refusals(uow, tender.lots[0], one.supplier_id)]
    if not able:
        raise Refused(Refusal(_l("这类评价的入围供应商都须回避"), rule_id="R-FRAME-03", field="project"))
    for one in able:
        uow.add(Invitation(tender_id=tender.id, supplier_id=one.supplier_id, origin=InvitationOrigin.FRAMEWORK))
    tender.evaluation, tender.price_weight = Evaluation.LOWEST_PRICE, Decimal(100)
    tender.ceiling = max(one.price for one in able)
    tender.criteria.clear()
    first = uow.session.get_one(Tender, members[0].framework.tender_id)
    tender.keyholders = [
        Keyholder(
            id=uow.ids.new(),
            user_id=one.user_id,
            position=one.position,
            public_key=one.public_key,
            fingerprint=one.fingerprint,
            registered_at=one.registered_at,
        )
        for one in first.keyholders
    ]
    uow.session.flush()
    uow.session.expire(tender, ["invitations", "keyholders"])


def nominate(  # noqa: PLR0917 - what is proposed
    uow: UnitOfWork, tender: Tender, call_off: CallOff, member: FrameworkMember, price: Decimal, reason: str
) -> None:
    """Propose this supplier at this price to whoever confirms; raises `Refused` with every rule broken."""
    propose(uow, tender, call_off, member, price, reason)
    if held := breaches(uow, tender) if tender.state is TenderState.DRAFT else []:
        raise Refused(*held)
    TENDER.fire(uow, tender, "nominate", detail={"price": str(price)})
    tell_confirmers(uow, tender)


def propose(  # noqa: PLR0917 - what is proposed
    uow: UnitOfWork, tender: Tender, call_off: CallOff, member: FrameworkMember, price: Decimal, reason: str
) -> None:
    """Write down who is to do it at what price and why."""
    call_off.member_id, call_off.price, call_off.reason = member.id, price, reason
    call_off.proposed_by_id, call_off.proposed_at = uow.actor.user_id, uow.now
    if tender.published_at is None:
        tender.budget = tender.lots[0].budget = price
    uow.session.flush()
    uow.session.expire(call_off, ["member"])


def tell_confirmers(uow: UnitOfWork, tender: Tender) -> None:
    """Tell everybody who may confirm the proposal; never its drafter (R-SEC-02)."""
    people = uow.session.scalars(
        select(Membership.user_id).where(
            Membership.role == Role.PROCUREMENT_APPROVER,
            Membership.ended_at.is_(None),
            Membership.user_id != tender.drafted_by_id,
        )
    )
    call_off = call_off_of(uow, tender)
    url = f"/call-offs/{call_off.id}" if call_off is not None else f"/tenders/{tender.id}"
    notify(uow, NOMINATED, people, url=url, params={"tender": tender.title})


def permitted(uow: UnitOfWork, tender: Tender) -> CallOff:
    """Lock a call-off for the officer who handles it; raises `Forbidden`, or `Refused` for any other purchase."""
    decision = policy.decide(uow.actor, FrameworkPermission.PREPARE, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    call_off = call_off_of(uow, tender)
    if call_off is None:
        raise Refused(Refusal(_l("这不是框架协议的第二阶段采购"), rule_id="R-FRAME-03"))
    return call_off


def _task(entry: CallOffEntry, first: Tender) -> str:
    project = entry.project
    own = f"对“{project.name}”（{project.unit.name}，{project.year}年度）开展绩效评价（{entry.lot.title}）。"
    return f"{own}{entry.task.strip()}\n{first.requirement}"
