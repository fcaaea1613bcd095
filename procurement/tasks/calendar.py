"""What of tendering stands in a calendar beside the deadlines of tasks: openings, and the end of each contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for
from sqlalchemy import or_, select

from core.clock import shanghai
from core.i18n import _l
from core.ports import CalendarEvent
from core.unit_of_work import UnitOfWork
from procurement.models import Contract, Keyholder, Tender
from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE
from procurement.queries.agents import purview
from procurement.states import ContractState, TenderState

HOUR = timedelta(hours=1)


def openings(uow: UnitOfWork) -> Iterator[CalendarEvent]:
    """Yield the openings that the actor takes part in: the purchaser's side, and keyholders their own."""
    holds = select(Keyholder.tender_id).where(Keyholder.user_id == uow.actor.user_id)
    query = select(Tender).where(Tender.state == TenderState.PUBLISHED, Tender.deadline.is_not(None))
    query = query.where(or_(Tender.id.in_(holds), purview(uow.actor)))
    for tender in uow.session.scalars(query.order_by(Tender.deadline)):
        if tender.deadline is not None:
            url = url_for("openings.hall", tender_id=tender.id)
            yield CalendarEvent(
                f"opening-{tender.id}", _l("开标"), tender.title, url, tender.deadline, tender.deadline + HOUR
            )


def services(uow: UnitOfWork) -> Iterator[CalendarEvent]:
    """Yield the last day of each contract in performance, for the agency and the purchaser's side."""
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    is_purchaser = uow.actor.has(*PURCHASER_SIDE)
    if not own and not is_purchaser:
        return
    query = select(Contract).where(Contract.state == ContractState.SIGNED)
    query = query.join(Tender, Tender.id == Contract.tender_id)
    query = query.where(or_(Contract.agency_id.in_(own), purview(uow.actor)))
    for contract in uow.session.scalars(query.order_by(Contract.service_until)):
        ends = shanghai(contract.until, 17, 30)
        url = url_for("contracts.show", contract_id=contract.id)
        yield CalendarEvent(
            f"service-{contract.id}", _l("合同服务期限届满"), contract.title, url, ends, ends + HOUR / 2
        )
