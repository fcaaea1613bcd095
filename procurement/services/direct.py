"""Below-limit selection and single source: prepared, begun, answered, proposed (R-BELOW-01, R-NEG-03)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.clock import SHANGHAI
from core.deadlines import derive
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, Organisation
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.drafting.direct_lawfulness import asked_suppliers, must_announce, purchase_of
from procurement.drafting.lawfulness import breaches
from procurement.library_gates import gate_refusals
from procurement.methods import METHODS
from procurement.models import AskedSupplier, DirectPurchase, Tender
from procurement.permissions import BIDDER_SIDE, DirectPermission
from procurement.queries.direct import answer_files
from procurement.services.direct_files import PROPOSAL, Uploads, chosen, keep_answer_files
from procurement.services.drafting import change_tender, draft_tender
from procurement.states import Method, TenderState
from procurement.workflow import TENDER
from projects.models import Project

ASKED = NotificationKind(
    "plan-request.asked",
    _l("征询函：%(tender)s"),
    _l("《%(tender)s》：请在答复截止时间前填写工作方案和报价，也可以说明不参加。"),
)
REPLIED = NotificationKind(
    "plan-request.replied",
    _l("供应商已答复征询"),
    _l("《%(tender)s》有供应商答复了征询，截止后或者全部答复后可以比较。"),
)
PROPOSED = NotificationKind(
    "direct.proposed",
    _l("待确认选定结果：%(tender)s"),
    _l("《%(tender)s》已提出选定意见，请核对理由和比价后确认或者退回。"),
)
ENTRIES = ("ground", "ground_reason", "opinion", "original_id", "few_reason")


@dataclass(frozen=True)
class Proposal:
    """Which supplier at what price in yuan, why, how the answers compare, and how the talk with it went."""

    asked_id: uuid.UUID
    price: Decimal | None
    reason: str
    remarks: Mapping[uuid.UUID, str]
    minutes: str = ""


def draft_direct(
    uow: UnitOfWork, projects: Sequence[Project], *, method: Method = Method.BELOW_LIMIT, **values: Any
) -> Tender:
    """Draft a purchase without sealed bids. Raises `Refused` for another method or a project already being bought."""
    if METHODS[method].by_envelope:
        raise Refused(Refusal(_l("%(method)s须公告并密封投标", method=method.label), field="method"))
    tender = draft_tender(uow, projects, method=method, **values)
    tender.contact_name = tender.contact_name or tender.drafted_by.name
    uow.add(
        DirectPurchase(
            tender_id=tender.id,
            ground=None,
            original_id=None,
            announced_on=None,
            announced_until=None,
            proposed_id=None,
            agreed_price=None,
            proposed_by_id=None,
            proposed_at=None,
        )
    )
    uow.session.flush()
    return tender


def prepare(
    uow: UnitOfWork, tender: Tender, suppliers: Sequence[Organisation], entries: Mapping[str, Any], **values: Any
) -> None:
    """Fill the draft: whom to ask, the entries of `DirectPurchase` and of the tender. Raises `Refused` after that."""
    _ensure(uow, DirectPermission.PREPARE, tender)
    change_tender(uow, tender, **values)
    purchase = purchase_of(uow, tender)
    for name in ENTRIES:
        if name in entries:
            setattr(purchase, name, entries[name])
    known = {one.supplier_id: one for one in asked_suppliers(uow, tender)}
    wanted = {one.id for one in suppliers}
    for supplier_id, row in known.items():
        if supplier_id not in wanted:
            uow.session.delete(row)
    for one in suppliers:
        if one.id not in known:
            uow.add(
                AskedSupplier(
                    tender_id=tender.id,
                    supplier_id=one.id,
                    asked_at=None,
                    replied_at=None,
                    replied_by_id=None,
                    price=None,
                    bid_id=None,
                )
            )
    uow.session.flush()
    uow.record("direct.prepare", tender, after={"suppliers": len(wanted)})


def send_inquiry(uow: UnitOfWork, tender: Tender) -> None:
    """Ask every supplier at once and alike (R-BELOW-01). Raises `Forbidden`, `Refused` with every rule broken."""
    _ensure(uow, DirectPermission.PREPARE, tender)
    uow.lock(tender)
    _refuse_breaches(uow, tender, TenderState.DRAFT)
    TENDER.fire(uow, tender, "inquire")
    _ask(uow, tender)


def authorise(uow: UnitOfWork, tender: Tender) -> None:
    """Approve a single source; a sole supplier above the limit is announced from today (R-NEG-03)."""
    _ensure(uow, DirectPermission.DECIDE, tender)
    uow.lock(tender)
    _refuse_breaches(uow, tender, TenderState.IN_APPROVAL)
    purchase = purchase_of(uow, tender)
    TENDER.fire(uow, tender, "authorise", assign={"approved_by_id": uow.actor.user_id})
    if must_announce(uow, tender, purchase):
        ends = derive("R-NEG-03", uow.today, work_calendar(uow), uow.house.rules, name="days")
        purchase.announced_on, purchase.announced_until = uow.today, ends.last_day
        uow.record("direct.announce", tender, after={"until": ends.last_day.isoformat()})
    _ask(uow, tender)


def announced_elsewhere(uow: UnitOfWork, tender: Tender, at: datetime) -> None:
    """Count an announcement's period from where it first stood in the designated medium (R-NOTICE-01, R-NEG-03)."""
    purchase = purchase_of(uow, tender)
    if purchase.announced_on is None or purchase.proposed_at is not None:
        return
    day = at.astimezone(SHANGHAI).date()
    ends = derive("R-NEG-03", day, work_calendar(uow), uow.house.rules, name="days")
    purchase.announced_on, purchase.announced_until = day, ends.last_day


def reply(
    uow: UnitOfWork,
    asked: AskedSupplier,
    *,
    price: Decimal | None,
    plan: str,
    declined: bool = False,
    files: Uploads | None = None,
) -> None:
    """Take a supplier's answer, by itself or recorded by the officer; it may be changed until the deadline.

    The work plan is typed or a file; files are checked by content. Raises `Forbidden`, or `Refused` when late,
    incomplete, above the budget, or with a file that is not what its name says.
    """
    tender = asked.tender
    by_itself = policy.decide(uow.actor, DirectPermission.REPLY, asked)
    if not by_itself and not policy.decide(uow.actor, DirectPermission.RECORD, tender):
        raise Forbidden(by_itself.reason)
    uow.lock(tender)
    uow.lock(asked)
    if tender.state is not TenderState.IN_SELECTION:
        raise Refused(Refusal(_l("现在不接收答复")))
    if by_itself and tender.method is Method.BELOW_LIMIT and tender.deadline and uow.now >= tender.deadline:
        raise Refused(Refusal(_l("答复截止时间已过"), rule_id="R-BELOW-01"))
    if not declined and (refusals := _answer_refusals(uow, asked, price, plan, files or {})):
        raise Refused(*refusals)
    kept = [] if declined else keep_answer_files(uow, asked, files or {})
    if not declined and not plan.strip():
        plan = "见工作方案文件"
    asked.replied_at, asked.replied_by_id = uow.now, uow.actor.user_id
    asked.price, asked.plan, asked.declined = (None if declined else price), plan.strip(), declined
    uow.session.flush()
    detail = {"asked": str(asked.id), "declined": declined, "own": bool(by_itself)}
    uow.record("direct.reply", tender, detail={**detail, "files": [one.sha256 for one in kept]})
    if by_itself:
        notify(uow, REPLIED, [tender.drafted_by_id], url=f"/tenders/{tender.id}", params={"tender": tender.title})


def _answer_refusals(
    uow: UnitOfWork, asked: AskedSupplier, price: Decimal | None, plan: str, files: Uploads
) -> list[Refusal]:
    """Return what an answer still lacks: a price within the budget, and a plan typed or as a file (R-BELOW-01)."""
    found = []
    if price is None or price <= 0:
        found.append(Refusal(_l("请填写大于 0 的报价"), field="price"))
    elif price > asked.tender.budget:
        found.append(Refusal(_l("报价超过采购预算"), rule_id="R-OPEN-05", field="price"))
    known = (one.purpose for one in answer_files(uow, [asked])[asked.id])
    if not plan.strip() and PROPOSAL not in {*chosen(files), *known}:
        words = _l("请填写工作方案（人员、进度和方法），或者上传工作方案文件")
        found.append(Refusal(words, rule_id="R-BELOW-01", field="plan"))
    return found


def answers_are_known(uow: UnitOfWork, tender: Tender, asked: Sequence[AskedSupplier]) -> bool:
    """Whether the answers may be looked at: the deadline has passed, or everybody has answered (R-SEC-03)."""
    if tender.method is Method.SINGLE_SOURCE:
        return True
    return all(one.replied_at for one in asked) or (tender.deadline is not None and uow.now >= tender.deadline)


def proposing_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return why nothing can be proposed yet: answers still out, the announcement still standing."""
    purchase, asked = purchase_of(uow, tender), asked_suppliers(uow, tender)
    found = []
    if not answers_are_known(uow, tender, asked):
        found.append(Refusal(_l("答复截止前且尚有供应商未答复，不能比较"), rule_id="R-BELOW-01"))
    elif not any(one.price for one in asked):
        found.append(Refusal(_l("没有供应商报价"), rule_id="R-BELOW-01"))
    if purchase.announced_until is not None and uow.today <= purchase.announced_until:
        words = _l("单一来源采购公示至 %(day)s，期满方可协商", day=purchase.announced_until.isoformat())
        found.append(Refusal(words, rule_id="R-NEG-03"))
    return found


def propose(uow: UnitOfWork, tender: Tender, proposal: Proposal) -> None:
    """Propose the supplier with the price agreed; the comparison and the reason are kept (R-BELOW-01, R-NEG-03).

    Raises `Forbidden`, or `Refused` for a reason, a comparison or minutes left out, or a price above offer or budget.
    """
    _ensure(uow, DirectPermission.PROPOSE, tender)
    uow.lock(tender)
    asked = {one.id: one for one in asked_suppliers(uow, tender)}
    chosen = asked.get(proposal.asked_id)
    refusals = proposing_refusals(uow, tender) if tender.state is TenderState.IN_SELECTION else []
    if chosen is None or chosen.price is None:
        refusals.append(Refusal(_l("请选择一家报价的供应商"), field="asked"))
    else:
        refusals += gate_refusals(uow, tender, [chosen.supplier], "asked")
    refusals += _price_refusals(tender, chosen, proposal)
    if not proposal.reason.strip():
        refusals.append(Refusal(_l("请写明选定理由"), rule_id="R-BELOW-01", field="reason"))
    if tender.method is Method.SINGLE_SOURCE and not proposal.minutes.strip():
        words = _l("请填写协商情况记录：参加人员、价格构成、同类项目价格和商定结果")
        refusals.append(Refusal(words, rule_id="R-NEG-03", field="minutes"))
    if tender.method is Method.BELOW_LIMIT:
        refusals += [
            Refusal(_l("请写明对工作方案的比较意见"), rule_id="R-BELOW-01", field=f"remark-{one.id}")
            for one in asked.values()
            if one.price is not None and not proposal.remarks.get(one.id, "").strip()
        ]
    if refusals:
        raise Refused(*refusals)
    purchase, now = purchase_of(uow, tender), uow.now
    for one in asked.values():
        one.remark = proposal.remarks.get(one.id, "").strip()
    if chosen is not None:
        purchase.proposed_id, purchase.agreed_price, purchase.proposed_at = (
            chosen.id,
            proposal.price or chosen.price,
            now,
        )
    purchase.reason, purchase.minutes = proposal.reason.strip(), proposal.minutes.strip()
    purchase.proposed_by_id = uow.actor.user_id
    uow.session.flush()
    TENDER.fire(uow, tender, "propose", detail={"price": str(purchase.agreed_price)})
    notify(uow, PROPOSED, _approvers(uow, tender), url=f"/tenders/{tender.id}", params={"tender": tender.title})


def _price_refusals(tender: Tender, chosen: AskedSupplier | None, proposal: Proposal) -> list[Refusal]:
    if chosen is None or chosen.price is None:
        return []
    price = proposal.price or chosen.price
    found = []
    if price > chosen.price:
        found.append(Refusal(_l("商定价格不能高于供应商的报价"), field="price"))
    if price > tender.budget:
        found.append(Refusal(_l("价格超过采购预算"), rule_id="R-OPEN-05", field="price"))
    return found


def _ask(uow: UnitOfWork, tender: Tender) -> None:
    for one in asked_suppliers(uow, tender):
        one.asked_at = uow.now
        people = select(Membership.user_id).where(
            Membership.organisation_id == one.supplier_id,
            Membership.role.in_(BIDDER_SIDE),
            Membership.ended_at.is_(None),
        )
        told = uow.session.scalars(people)
        notify(uow, ASKED, told, url=f"/plan-requests/{one.id}", params={"tender": tender.title})
    uow.session.flush()


def _approvers(uow: UnitOfWork, tender: Tender) -> list[uuid.UUID]:
    people = select(Membership.user_id).where(
        Membership.role == Role.PROCUREMENT_APPROVER,
        Membership.ended_at.is_(None),
        Membership.user_id != tender.drafted_by_id,
    )
    return list(uow.session.scalars(people))


def _refuse_breaches(uow: UnitOfWork, tender: Tender, state: TenderState) -> None:
    found = breaches(uow, tender)
    if tender.state is state and found:
        raise Refused(*found)


def _ensure(uow: UnitOfWork, permission: DirectPermission, tender: Tender) -> None:
    decision = policy.decide(uow.actor, permission, tender)
    if not decision:
        raise Forbidden(decision.reason)
