"""Keyholders are reminded to try their key: once registered, and the day before the opening."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select

from core.i18n import _l
from core.identity.roles import Role
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.drafting.drill_check import drill_due, passed_drills, stale_drills
from procurement.models import Keyholder, Tender
from procurement.states import TenderState

BEFORE_OPENING = (TenderState.DRAFT, TenderState.IN_APPROVAL, TenderState.PUBLISHED)


def drill_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield the drills that the actor owes."""
    if not uow.actor.has(Role.KEYHOLDER):
        return
    held = (
        select(Tender, Keyholder.id)
        .join(Keyholder, Keyholder.tender_id == Tender.id)
        .where(
            Keyholder.user_id == uow.actor.user_id,
            Keyholder.public_key.is_not(None),
            Tender.state.in_(BEFORE_OPENING),
        )
        .order_by(Tender.deadline)
    )
    for tender, keyholder_id in uow.session.execute(held):
        if drill_due(tender, passed_drills(uow, tender).get(keyholder_id), uow.now):
            url = url_for("keys.register", tender_id=tender.id)
            words = _l("演练解封：确认密钥能用")
            if keyholder_id in stale_drills(uow, tender):
                words = _l("密钥已更换，原演练失效：请用新密钥重新演练")
            yield Task(words, tender.title, url, due_at=tender.deadline, rule_id="R-KEY-01")
