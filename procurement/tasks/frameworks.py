"""What waits for whom with framework agreements and call-offs."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.clock import shanghai
from core.i18n import _l
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.methods import CALL_OFFS
from procurement.models import CallOff, CallOffTurn, Framework, FrameworkMember, Tender
from procurement.permissions import BIDDER_SIDE, FrameworkPermission, TenderPermission
from procurement.permissions.agents import OWN_SIDE
from procurement.planning.authority import authority
from procurement.services.frameworks import duties_of
from procurement.states import FrameworkState, Method, TenderState, TurnDeed

S = TenderState
RUNNING = (S.DRAFT, S.IN_APPROVAL, S.IN_SELECTION, S.OPENED, S.EVALUATED)


def framework_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield agreements to sign and file, call-offs to bring on, to confirm, and turns to answer."""
    if uow.actor.user_id is None:
        return
    if uow.actor.has(*BIDDER_SIDE):
        yield from _supplier_tasks(uow)
    if uow.actor.has(*OWN_SIDE):
        yield from _framework_tasks(uow)
        yield from _call_off_tasks(uow)


def _framework_tasks(uow: UnitOfWork) -> Iterator[Task]:
    rows = uow.session.scalars(
        select(Framework)
        .where(Framework.state.in_((FrameworkState.FORMING, FrameworkState.IN_FORCE)))
        .order_by(Framework.admitted_at)
        .options(selectinload(Framework.members))
    )
    for framework in rows:
        if not policy.allows(uow.actor, FrameworkPermission.KEEP, framework):
            continue
        page = url_for("frameworks.show", framework_id=framework.id)
        for duty in duties_of(uow, framework):
            if duty.done_on is None:
                due = shanghai(duty.deadline.last_day, 23, 59)
                yield Task(duty.title, framework.tender.title, page, due_at=due, rule_id="R-FRAME-01")


def _call_off_tasks(uow: UnitOfWork) -> Iterator[Task]:
    rows = uow.session.scalars(
        select(CallOff)
        .join(Tender, Tender.id == CallOff.tender_id)
        .where(Tender.method.in_(CALL_OFFS), Tender.state.in_(RUNNING))
        .order_by(Tender.created_at)
        .options(joinedload(CallOff.tender), selectinload(CallOff.turns))
    ).unique()
    levels = authority(uow)
    for call_off in rows:
        tender = call_off.tender
        page = url_for("call_offs.show", call_off_id=call_off.id)
        mine = tender.drafted_by_id == uow.actor.user_id
        if tender.state is S.EVALUATED:
            may = policy.allows(uow.actor, FrameworkPermission.CONFIRM, tender)
            if may and levels.covers(uow.actor.user_id, tender.budget):
                yield Task(_l("确认第二阶段成交供应商"), tender.title, page, rule_id="R-SEC-02")
        elif tender.state is S.IN_APPROVAL:
            if policy.allows(uow.actor, TenderPermission.APPROVE, tender):
                yield Task(_l("批准并发出竞价通知"), tender.title, page, rule_id="R-SEC-02")
        elif mine:
            yield _officer_task(call_off, page)


def _officer_task(call_off: CallOff, page: str) -> Task:
    tender, latest = call_off.tender, call_off.turns[-1] if call_off.turns else None
    if tender.state is S.OPENED:
        return Task(_l("按最低报价提出成交意见"), tender.title, page, rule_id="R-FRAME-03")
    if latest is not None and latest.deed is TurnDeed.OFFERED:
        due = shanghai(latest.due_on, 23, 59) if latest.due_on else None
        return Task(_l("等待轮候供应商答复"), tender.title, page, due_at=due, group="waiting", rule_id="R-FRAME-04")
    if latest is not None and latest.deed is TurnDeed.DECLINED:
        return Task(_l("认定轮候供应商推辞的理由"), tender.title, page, rule_id="R-FRAME-04")
    titles = {
        Method.CALL_OFF_DIRECT: _l("选定供应商并写明理由"),
        Method.CALL_OFF_ROTATION: _l("按轮候次序授予"),
        Method.CALL_OFF_PRICES: _l("填写竞价通知并提交审批"),
    }
    return Task(titles[tender.method], tender.title, page, rule_id="R-FRAME-03")


def _supplier_tasks(uow: UnitOfWork) -> Iterator[Task]:
    rows = uow.session.scalars(
        select(CallOff)
        .join(Tender, Tender.id == CallOff.tender_id)
        .join(FrameworkMember, FrameworkMember.id == CallOff.member_id)
        .where(
            Tender.method == Method.CALL_OFF_ROTATION,
            Tender.state == S.IN_SELECTION,
            FrameworkMember.supplier_id.in_(uow.actor.organisations_as(*BIDDER_SIDE)),
        )
        .options(selectinload(CallOff.turns))
    ).unique()
    for call_off in rows:
        latest: CallOffTurn | None = call_off.turns[-1] if call_off.turns else None
        if latest is not None and latest.deed is TurnDeed.OFFERED:
            url = url_for("call_offs.show", call_off_id=call_off.id)
            due = shanghai(latest.due_on, 23, 59) if latest.due_on else None
            yield Task(_l("答复轮候授予"), call_off.tender.title, url, due_at=due, rule_id="R-FRAME-04")
