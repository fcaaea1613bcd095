"""What is due from the award to the last payment, for each of the people who must act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.deadlines import last_minute
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Figure, Task
from core.unit_of_work import UnitOfWork
from procurement.contracting.clocks import FILING, PUBLICATION, SIGNING, Clock
from procurement.models import Contract, Payment, Supplement, Tender
from procurement.permissions import BIDDER_SIDE, ContractPermission
from procurement.queries.agents import purview
from procurement.queries.award_procedure import contract_clocks, procedure_of
from procurement.queries.contracts import awards_without_contract, in_states
from procurement.services.payments import pay_by
from procurement.states import AcceptanceState, ContractState, PaymentState, SupplementState, TenderState

C = ContractState


def contract_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield what waits for the actor between award and archive."""
    actor = uow.actor
    if actor.user_id is None:
        return
    if actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER):
        yield from _officers(uow)
    if actor.has(Role.PROCUREMENT_APPROVER):
        yield from _approvers(uow)
    if actor.has(Role.QUALITY_OFFICER):
        yield from _acceptors(uow)
    if actor.has(*BIDDER_SIDE):
        yield from _agencies(uow)


def contract_figures(uow: UnitOfWork) -> Iterator[Figure]:
    """Yield how many contracts are in performance, for the purchaser's home page."""
    if uow.actor.has(Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER):
        count = len(in_states(uow, C.SIGNED, C.ACCEPTED))
        yield Figure(_l("履行中的合同"), str(count), url_for("contracts.index"))


def _officers(uow: UnitOfWork) -> Iterator[Task]:
    for tender in uow.session.scalars(select(Tender).where(Tender.state == TenderState.EVALUATED, purview(uow.actor))):
        row = procedure_of(uow, tender)
        if row is not None and row.report_received_at is None:
            url = url_for("procedure.show", tender_id=tender.id)
            yield Task(_l("送交评审报告"), tender.title, url, rule_id="R-AWARD-01")
    for award in awards_without_contract(uow):
        if not policy.allows(uow.actor, ContractPermission.DRAFT, award):
            continue
        clock = _clock(contract_clocks(uow, award, None), SIGNING.key)
        url = url_for("procedure.show", tender_id=award.tender_id)
        yield Task(_l("起草采购合同"), award.tender.title, url, _due(clock), rule_id="R-CONTRACT-01")
    for contract in in_states(uow, C.DRAFT, C.IN_REVIEW, C.READY, C.SIGNED, C.ACCEPTED):
        if policy.allows(uow.actor, ContractPermission.KEEP, contract):
            yield from _of_contract(uow, contract)
    if uow.actor.has(Role.PROCUREMENT_OFFICER):
        yield from _payments(uow, PaymentState.APPROVED)


def _of_contract(uow: UnitOfWork, contract: Contract) -> Iterator[Task]:
    clocks = contract_clocks(uow, contract.award, contract)
    page, keeping = (url_for(place, contract_id=contract.id) for place in ("contracts.show", "contracts.keeping"))
    signing = _due(_clock(clocks, SIGNING.key))
    if contract.state is C.DRAFT:
        yield Task(_l("完成合同草稿并提交复核"), contract.title, page, signing, rule_id="R-CONTRACT-01")
    elif contract.state is C.IN_REVIEW:
        yield Task(_l("等待合同复核"), contract.title, page, signing, "waiting")
    elif contract.state is C.READY:
        yield Task(_l("签订采购合同"), contract.title, page, signing, rule_id="R-CONTRACT-01")
    if contract.signed_on is not None and contract.published_at is None:
        due = _due(_clock(clocks, PUBLICATION.key))
        yield Task(_l("公告采购合同"), contract.title, keeping, due, rule_id="R-CONTRACT-01")
    if contract.signed_on is not None and contract.filed_on is None:
        due = _due(_clock(clocks, FILING.key))
        yield Task(_l("合同副本备案"), contract.title, keeping, due, rule_id="R-CONTRACT-01")
    if contract.state is C.ACCEPTED and contract.bond_received_on and not contract.bond_returned_on:
        yield Task(_l("退还履约保证金"), contract.title, keeping, rule_id="R-TENDER-09")
    published = any(one.published_at for one in contract.acceptances)
    if contract.is_public_service and contract.state is C.ACCEPTED and not published:
        yield Task(_l("公告验收结果"), contract.title, page, rule_id="R-CONTRACT-02")


def _approvers(uow: UnitOfWork) -> Iterator[Task]:
    for contract in in_states(uow, C.IN_REVIEW):
        if policy.allows(uow.actor, ContractPermission.REVIEW, contract):
            due = _due(_clock(contract_clocks(uow, contract.award, contract), SIGNING.key))
            url = url_for("contracts.show", contract_id=contract.id)
            yield Task(_l("复核采购合同"), contract.title, url, due, rule_id="R-SEC-02")
    yield from _payments(uow, PaymentState.REQUESTED)
    rows = uow.session.scalars(
        select(Supplement)
        .where(Supplement.state == SupplementState.PROPOSED)
        .options(joinedload(Supplement.contract))
        .order_by(Supplement.proposed_at)
    )
    for row in rows:
        if policy.allows(uow.actor, ContractPermission.DECIDE_SUPPLEMENT, row):
            url = url_for("performance.supplements", contract_id=row.contract_id)
            yield Task(_l("审批补充或者变更合同"), row.contract.title, url, rule_id="R-CONTRACT-01")


def _payments(uow: UnitOfWork, state: PaymentState) -> Iterator[Task]:
    asked = state is PaymentState.REQUESTED
    permission = ContractPermission.APPROVE_PAYMENT if asked else ContractPermission.PAY
    rows = uow.session.scalars(
        select(Payment)
        .where(Payment.state == state)
        .options(joinedload(Payment.contract).selectinload(Contract.acceptances))
        .order_by(Payment.requested_at)
    )
    for row in rows:
        if policy.allows(uow.actor, permission, row):
            url = url_for("performance.payments", contract_id=row.contract_id)
            words = _l("审批付款申请") if asked else _l("支付合同款")
            yield Task(words, row.contract.title, url, pay_by(uow, row).ends_at, rule_id="R-CONTRACT-03")


def _acceptors(uow: UnitOfWork) -> Iterator[Task]:
    for contract in in_states(uow, C.SIGNED):
        due = last_minute(contract.until)
        standing = [one for one in contract.acceptances if one.state is AcceptanceState.OPEN]
        if standing and standing[0].led_by_id == uow.actor.user_id:
            url = url_for("performance.accept", acceptance_id=standing[0].id)
            yield Task(_l("完成履约验收"), contract.title, url, due, rule_id="R-CONTRACT-02")
        elif not standing and policy.allows(uow.actor, ContractPermission.ACCEPT, contract):
            url = url_for("contracts.show", contract_id=contract.id)
            yield Task(_l("组织履约验收"), contract.title, url, due, rule_id="R-CONTRACT-02")


def _agencies(uow: UnitOfWork) -> Iterator[Task]:
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    for contract in in_states(uow, C.READY):
        if contract.agency_id in own:
            due = _due(_clock(contract_clocks(uow, contract.award, contract), SIGNING.key))
            url = url_for("contracts.show", contract_id=contract.id)
            yield Task(_l("签订采购合同"), contract.title, url, due, rule_id="R-CONTRACT-01")


def _clock(clocks: list[Clock], key: str) -> Clock | None:
    return next((one for one in clocks if one.duty.key == key), None)


def _due(clock: Clock | None) -> datetime | None:
    return last_minute(clock.deadline.last_day) if clock else None
