"""What bidders, officers and keyholders have to do around an opening."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Keyholder, Opening, Tender
from procurement.permissions import TenderPermission
from procurement.queries.agents import purview
from procurement.states import TenderState
from procurement.wordings import task_of


def bid_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield openings that the actor has to begin, or in which the actor's key is needed."""
    yield from _to_begin(uow)
    yield from _to_close(uow)
    yield from _to_turn(uow)


def _to_begin(uow: UnitOfWork) -> Iterator[Task]:
    if not uow.actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER):
        return
    waiting = (
        select(Tender)
        .outerjoin(Opening, Opening.tender_id == Tender.id)
        .where(Tender.awaits_opening_at(uow.now), Opening.id.is_(None), purview(uow.actor))
        .order_by(Tender.deadline)
    )
    for tender in uow.session.scalars(waiting):
        if not policy.allows(uow.actor, TenderPermission.OPEN, tender):
            continue
        yield task_of(
            tender,
            _l("宣布开标"),
            url_for("openings.hall", tender_id=tender.id),
            due_at=tender.deadline,
            rule_id="R-OPEN-01",
        )


def _to_close(uow: UnitOfWork) -> Iterator[Task]:
    if not uow.actor.has(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER):
        return
    open_sessions = (
        select(Tender, Opening.finished_at)
        .join(Opening, Opening.tender_id == Tender.id)
        .where(Opening.finished_at.is_not(None), Opening.closed_at.is_(None), purview(uow.actor))
        .order_by(Opening.finished_at)
    )
    for tender, finished_at in uow.session.execute(open_sessions):
        if not policy.allows(uow.actor, TenderPermission.OPEN, tender):
            continue
        url = url_for("openings.hall", tender_id=tender.id)
        yield task_of(tender, _l("答复异议并结束开标会"), url, due_at=finished_at, rule_id="R-OPEN-03")


def _to_turn(uow: UnitOfWork) -> Iterator[Task]:
    if not uow.actor.has(Role.KEYHOLDER):
        return
    held = (
        select(Tender, Opening.id)
        .join(Keyholder, Keyholder.tender_id == Tender.id)
        .outerjoin(Opening, Opening.tender_id == Tender.id)
        .where(
            Keyholder.user_id == uow.actor.user_id,
            Keyholder.public_key.is_not(None),
            Tender.state == TenderState.PUBLISHED,
        )
        .order_by(Tender.deadline)
    )
    for tender, opening_id in uow.session.execute(held):
        began = opening_id is not None
        yield task_of(
            tender,
            _l("使用密钥解封投标") if began else _l("到时参加开标，带好密钥文件和口令"),
            url_for("openings.hall", tender_id=tender.id),
            due_at=tender.deadline,
            group="mine" if began or tender.awaits_opening_at(uow.now) else "waiting",
            rule_id="R-KEY-01",
        )
