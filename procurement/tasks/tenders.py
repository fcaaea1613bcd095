"""What officers, approvers and keyholders have to do before the notice is out, and the figures of their home page."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import func, select

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Figure, Task
from core.unit_of_work import UnitOfWork
from procurement.methods import CALL_OFFS
from procurement.models import Keyholder, Tender
from procurement.permissions import PURCHASER_SIDE, TenderPermission
from procurement.permissions.agents import acts_as_agent
from procurement.planning.authority import authority
from procurement.queries.agents import purview
from procurement.queries.tenders import RUNNING
from procurement.states import AgentStep, TenderState
from procurement.wordings import task_of


def tender_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield drafts to finish, tenders to approve, notices to register and keys to make."""
    if uow.actor.user_id is None:
        return
    if uow.actor.has(*PURCHASER_SIDE):
        yield from _purchaser_tasks(uow)
    if uow.actor.has(Role.KEYHOLDER):
        yield from _key_tasks(uow)


def _purchaser_tasks(uow: UnitOfWork) -> Iterator[Task]:
    pending = select(Tender).where(
        Tender.method.not_in(CALL_OFFS),
        Tender.state.in_((TenderState.DRAFT, TenderState.IN_APPROVAL))
        | ((Tender.state == TenderState.PUBLISHED) & (Tender.external_notice_url == "")),
    )
    levels = authority(uow)
    pending = pending.where(purview(uow.actor)).order_by(Tender.created_at)
    for tender in uow.session.scalars(pending):
        mine = tender.drafted_by_id == uow.actor.user_id or acts_as_agent(uow.actor, tender, AgentStep.DOCUMENTS)
        page = url_for("tenders.show", tender_id=tender.id)
        if tender.state is TenderState.IN_APPROVAL:
            may_approve = policy.allows(uow.actor, TenderPermission.APPROVE, tender)
            if may_approve and levels.covers(uow.actor.user_id, tender.budget):
                yield Task(_l("审批并发布公告"), tender.title, page, rule_id="R-SEC-02")
            elif mine:
                yield Task(_l("等待审批"), tender.title, page, group="waiting")
        elif not mine:
            continue
        elif tender.state is TenderState.DRAFT:
            yield Task(_l("完成采购文件并提交审批"), tender.title, page)
        else:
            yield Task(_l("登记指定媒体的公告网址"), tender.title, page, rule_id="R-NOTICE-01")


def _key_tasks(uow: UnitOfWork) -> Iterator[Task]:
    unkeyed = (
        select(Tender)
        .join(Keyholder, Keyholder.tender_id == Tender.id)
        .where(
            Keyholder.user_id == uow.actor.user_id,
            Keyholder.public_key.is_(None),
            Tender.state.in_((TenderState.DRAFT, TenderState.IN_APPROVAL)),
        )
        .order_by(Tender.created_at)
    )
    for tender in uow.session.scalars(unkeyed):
        page = url_for("keys.register", tender_id=tender.id)
        yield task_of(tender, _l("生成并登记开标密钥"), page, rule_id="R-KEY-01")


def tender_figures(uow: UnitOfWork) -> Iterator[Figure]:
    """Yield how many running tenders stand at each stage, to the purchaser's side."""
    if not uow.actor.has(*PURCHASER_SIDE):
        return
    by_state = select(Tender.state, func.count()).where(Tender.state.in_(RUNNING), purview(uow.actor))
    by_state = by_state.group_by(Tender.state)
    counts: dict[TenderState, int] = {row[0]: row[1] for row in uow.session.execute(by_state)}
    for state in RUNNING:
        yield Figure(state.label, str(counts.get(state, 0)), url_for("tenders.index", state=state.value))
