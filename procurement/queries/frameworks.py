"""Reads about framework agreements: their terms, members, call-offs and what each agency got out of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.identity.actor import Actor
from core.unit_of_work import UnitOfWork
from procurement.models import (
    CallOff,
    Framework,
    FrameworkMember,
    FrameworkTerms,
    Lot,
    Shortlist,
    Tender,
)
from procurement.permissions import BIDDER_SIDE
from procurement.states import FrameworkState, MemberState, TenderState

DROPPED = (TenderState.CANCELLED, TenderState.FAILED)


@dataclass(frozen=True)
class Share:
    """What one agency got in one year: how many evaluations, for how much (yuan)."""

    supplier: str
    year: int
    count: int
    amount: Decimal


def terms_of(uow: UnitOfWork, tender: Tender) -> FrameworkTerms | None:
    """Return what a framework call fixes; None for any other purchase."""
    return uow.session.get(FrameworkTerms, tender.id)


def framework_of(uow: UnitOfWork, tender: Tender) -> Framework | None:
    """Return the framework that a call led to, or that it added suppliers to; None before the admission."""
    own = uow.session.scalar(select(Framework).where(Framework.tender_id == tender.id))
    if own is not None or tender.awarded_at is None:
        return own
    terms = terms_of(uow, tender)
    return terms.top_up_of if terms is not None else None


def framework_terms(uow: UnitOfWork, framework: Framework) -> FrameworkTerms:
    """Return the terms of the framework's first call."""
    return uow.session.scalars(select(FrameworkTerms).where(FrameworkTerms.tender_id == framework.tender_id)).one()


def frameworks_matching(*, text: str = "", state: str = "") -> Select[Framework]:
    """Select the frameworks by the number or title of their call, and by state."""
    query = select(Framework).join(Tender, Tender.id == Framework.tender_id).options(selectinload(Framework.members))
    if text:
        query = query.where(or_(Tender.title.ilike(f"%{text}%"), Tender.number.ilike(f"%{text}%")))
    if state in {one.value for one in FrameworkState}:
        query = query.where(Framework.state == FrameworkState(state))
    return query


def own_frameworks(actor: Actor, *, text: str = "") -> Select[Framework]:
    """Select the frameworks the actor's organisations were admitted to; the same rule as the member's page."""
    own = select(FrameworkMember.framework_id).where(
        FrameworkMember.supplier_id.in_(actor.organisations_as(*BIDDER_SIDE))
    )
    return frameworks_matching(text=text).where(Framework.id.in_(own))


def own_call_offs(actor: Actor) -> Select[CallOff]:
    """Select the call-offs that fell to the actor's organisations, offered ones included."""
    return (
        select(CallOff)
        .join(FrameworkMember, FrameworkMember.id == CallOff.member_id)
        .where(FrameworkMember.supplier_id.in_(actor.organisations_as(*BIDDER_SIDE)))
        .options(joinedload(CallOff.tender))
    )


def members_of(uow: UnitOfWork, framework: Framework, lot: Lot | None = None) -> list[FrameworkMember]:
    """Return who was admitted, in the order of types and of the rotation; the removed among them."""
    query = (
        select(FrameworkMember)
        .join(Lot, Lot.id == FrameworkMember.lot_id)
        .where(FrameworkMember.framework_id == framework.id)
        .order_by(Lot.position, FrameworkMember.position)
    )
    if lot is not None:
        query = query.where(FrameworkMember.lot_id == lot.id)
    return list(uow.session.scalars(query))


def standing_members(uow: UnitOfWork, framework: Framework, lot: Lot) -> list[FrameworkMember]:
    """Return whose agreement holds for a type of evaluation, in the order of the rotation."""
    return [one for one in members_of(uow, framework, lot) if one.state is MemberState.SIGNED]


def admitted_names(uow: UnitOfWork, tenders: Sequence[Tender]) -> dict[uuid.UUID, list[str]]:
    """Return whom framework calls admitted, by call in the order of the rotation: one query."""
    rows = uow.session.scalars(
        select(FrameworkMember)
        .where(FrameworkMember.tender_id.in_([one.id for one in tenders]))
        .order_by(FrameworkMember.lot_id, FrameworkMember.position)
    )
    found: dict[uuid.UUID, dict[str, None]] = {}
    for one in rows:
        found.setdefault(one.tender_id, {})[one.supplier.name] = None
    return {key: list(names) for key, names in found.items()}


def call_offs_of(uow: UnitOfWork, framework: Framework) -> list[CallOff]:
    """Return the framework's call-offs, the newest first."""
    return list(
        uow.session.scalars(
            select(CallOff)
            .join(Tender, Tender.id == CallOff.tender_id)
            .where(CallOff.framework_id == framework.id)
            .order_by(Tender.created_at.desc(), Tender.number.desc())
            .options(joinedload(CallOff.tender).selectinload(Tender.lots).selectinload(Lot.projects))
        ).unique()
    )


def call_off_of(uow: UnitOfWork, tender: Tender) -> CallOff | None:
    """Return what a call-off holds beside its tender; None for any other purchase."""
    return uow.session.scalar(select(CallOff).where(CallOff.tender_id == tender.id))


def shares_of(uow: UnitOfWork, framework: Framework) -> list[Share]:
    """Return what each agency got by year, the greatest amount first: one query."""
    year = func.extract("year", func.timezone("Asia/Shanghai", Tender.awarded_at))
    rows = uow.session.execute(
        select(FrameworkMember.supplier_id, year, func.count(), func.sum(CallOff.price))
        .join(CallOff, CallOff.member_id == FrameworkMember.id)
        .join(Tender, Tender.id == CallOff.tender_id)
        .where(CallOff.framework_id == framework.id, Tender.state == TenderState.AWARDED)
        .group_by(FrameworkMember.supplier_id, year)
    ).all()
    names = {one.supplier_id: one.supplier.name for one in members_of(uow, framework)}
    found = [Share(names[supplier], int(when), count, total or Decimal(0)) for supplier, when, count, total in rows]
    return sorted(found, key=lambda one: (-one.year, -one.amount, one.supplier))


def shortlists_of(uow: UnitOfWork, tenders: Sequence[Tender]) -> list[Shortlist]:
    """Return the shortlistings of these calls in the order of their types."""
    return list(
        uow.session.scalars(
            select(Shortlist)
            .join(Lot, Lot.id == Shortlist.lot_id)
            .where(Shortlist.tender_id.in_([one.id for one in tenders]))
            .order_by(Shortlist.decided_at, Lot.position)
        )
    )


def calls_of(uow: UnitOfWork, framework: Framework) -> list[Tender]:
    """Return the framework's calls: the first, then those that added suppliers."""
    added = uow.session.scalars(
        select(Tender)
        .join(FrameworkTerms, FrameworkTerms.tender_id == Tender.id)
        .where(FrameworkTerms.top_up_of_id == framework.id)
        .order_by(Tender.created_at)
    )
    return [framework.tender, *added]


def load_framework(uow: UnitOfWork, framework_id: uuid.UUID) -> Framework | None:
    """Return the framework with this id."""
    return uow.get(Framework, framework_id)


def load_member(uow: UnitOfWork, member_id: uuid.UUID) -> FrameworkMember | None:
    """Return the member with this id."""
    return uow.get(FrameworkMember, member_id)


def load_call_off(uow: UnitOfWork, call_off_id: uuid.UUID) -> CallOff | None:
    """Return the call-off with this id."""
    return uow.get(CallOff, call_off_id)
