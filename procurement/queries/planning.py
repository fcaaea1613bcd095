"""Reads about plans: what the actor may see, and what became of their items."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload, selectinload

from core.identity.actor import Actor
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import Intention, Plan, PlanItem, Preparation, Tender
from procurement.permissions.agents import OWN_SIDE
from procurement.states import PlanState, TenderState


def visible_plans(actor: Actor) -> Select[Plan]:
    """Select the plans the actor may read: the same rule as `PlanPermission.READ`."""
    query = select(Plan).options(selectinload(Plan.items))
    if actor.has(*OWN_SIDE):
        return query
    if actor.has(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR):
        return query.where(Plan.state == PlanState.APPROVED, Plan.edition > 0)
    return query.where(false())


def load_plan(uow: UnitOfWork, plan_id: uuid.UUID) -> Plan | None:
    """Return the plan with its items and their projects."""
    return uow.session.scalar(
        select(Plan).where(Plan.id == plan_id).options(selectinload(Plan.items).selectinload(PlanItem.projects))
    )


def load_plan_of_item(uow: UnitOfWork, item_id: uuid.UUID) -> Plan | None:
    """Return the plan an item stands in."""
    item = uow.session.get(PlanItem, item_id, options=(joinedload(PlanItem.plan),))
    return item.plan if item else None


def tenders_of_items(uow: UnitOfWork, items: Iterable[PlanItem]) -> dict[uuid.UUID, Tender]:
    """Return the latest purchase of each item that is bought or being bought; one query."""
    rows = uow.session.execute(
        select(PlanItem.id, Tender)
        .join(Preparation, Preparation.plan_item_id == PlanItem.id)
        .join(Tender, Tender.id == Preparation.tender_id)
        .where(
            PlanItem.id.in_([one.id for one in items]),
            Tender.state.not_in((TenderState.FAILED, TenderState.CANCELLED)),
        )
        .order_by(Tender.created_at)
    )
    return {row[0]: row[1] for row in rows}


def intentions_of_items(uow: UnitOfWork, items: Iterable[PlanItem]) -> dict[uuid.UUID, Intention]:
    """Return the latest intention of each item that has one; one query."""
    rows = uow.session.execute(
        select(PlanItem.id, Intention)
        .join(Intention, Intention.plan_item_id == PlanItem.id)
        .where(PlanItem.id.in_([one.id for one in items]))
        .order_by(Intention.published_at)
    )
    return {row[0]: row[1] for row in rows}
