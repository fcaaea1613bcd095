"""Deposits that are due back (R-TENDER-08)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for

from core.clock import shanghai
from core.i18n import _l
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from procurement.models import Tender
from procurement.permissions import PURCHASER_SIDE, ContractPermission
from procurement.queries.deposits import deposits_of, tenders_with_deposits
from procurement.tender_page import Part


def deposit_tasks(uow: UnitOfWork) -> Iterator[Task]:
    """Yield the purchases whose deposits are due back, with the first of their last days."""
    if not uow.actor.has(*PURCHASER_SIDE):
        return
    for tender in tenders_with_deposits(uow):
        if not policy.allows(uow.actor, ContractPermission.REFUND, tender):
            continue
        held = [one for one in deposits_of(uow, tender) if one.refund is None]
        due = min((one.due_on for one in held if one.due_on is not None), default=None)
        if due is not None:
            url = url_for("deposits.show", tender_id=tender.id)
            yield Task(
                _l("退还保证金"),
                tender.title,
                url,
                due_at=shanghai(due, 23, 59),
                rule_id="R-TENDER-08",
            )


def deposit_part(uow: UnitOfWork, tender: Tender) -> Iterable[Part]:
    """Yield how many deposits are held and how many went back."""
    if tender.deposit <= 0 or not policy.allows(uow.actor, ContractPermission.READ_DEPOSITS, tender):
        return
    rows = deposits_of(uow, tender)
    back = sum(one.refund is not None for one in rows)
    note = _l("%(count)s 笔，已退还 %(back)s 笔", count=len(rows), back=back)
    yield Part(_l("保证金"), note, url_for("deposits.show", tender_id=tender.id), order=45)
