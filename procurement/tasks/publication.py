"""Notices that still have to be put into the designated medium and registered."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.i18n import _l
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Tender
from procurement.permissions import NoticePermission, TenderPermission
from procurement.permissions.agents import acts_as_agent
from procurement.queries.public_notices import notices_of, unregistered
from procurement.states import NoticeKind
from procurement.tender_page import Part

KINDS = (
    NoticeKind.INTENTION,
    NoticeKind.SINGLE_SOURCE,
    NoticeKind.AMENDMENT,
    NoticeKind.TERMINATION,
    NoticeKind.ACCEPTANCE,
    NoticeKind.COMPLAINT,
)
"""What no other part of the house asks for: the tender, the result and the contract have their own reminders."""


def notice_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield the notices whose place in the designated medium is still to be registered (R-NOTICE-01)."""
    if uow.actor.user_id is None or not policy.allows(uow.actor, NoticePermission.BROWSE):
        return
    for notice in unregistered(uow, KINDS):
        if not policy.allows(uow.actor, NoticePermission.REGISTER, notice):
            continue
        is_own = notice.tender is None or notice.tender.drafted_by_id == uow.actor.user_id
        if is_own or notice.kind is NoticeKind.COMPLAINT or acts_as_agent(uow.actor, notice):
            page = url_for("public_notices.show", notice_id=notice.id)
            yield Task(_l("登记指定媒体的公告网址"), notice.title, page, rule_id="R-NOTICE-01")


def notice_part(uow: UnitOfWork, tender: Tender) -> Iterator[Part]:
    """Yield the line of a purchase's notices on its page."""
    if not policy.allows(uow.actor, TenderPermission.READ, tender):
        return
    notices = notices_of(uow, tender)
    if not notices:
        return
    missing = sum(one.external_at is None for one in notices)
    note = _l("%(count)s 份，均已登记指定媒体网址", count=len(notices))
    if missing:
        note = _l("%(count)s 份，%(missing)s 份尚未登记指定媒体网址", count=len(notices), missing=missing)
    yield Part(_l("公告"), note, url_for("public_notices.of_tender", tender_id=tender.id), order=15)
