"""Reads about tenders and notices: what the actor may see, filtered and counted in constant queries."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import selectinload

from core.identity.actor import Actor
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.methods import BY_INVITATION, DIRECT
from procurement.models import Invitation, Keyholder, Lot, Tender
from procurement.permissions import BIDDER_SIDE
from procurement.permissions.agents import OWN_SIDE
from procurement.queries.agents import purview
from procurement.states import TenderState
from projects.models import Project

RUNNING = (
    TenderState.DRAFT,
    TenderState.IN_APPROVAL,
    TenderState.IN_SELECTION,
    TenderState.PUBLISHED,
    TenderState.OPENED,
    TenderState.UNDER_EVALUATION,
    TenderState.EVALUATED,
)


def visible_tenders(actor: Actor) -> Select[Tender]:
    """Select the tenders the actor may read: the same rule as `TenderPermission.READ`."""
    query = select(Tender)
    if actor.has(*OWN_SIDE):
        return query
    held = select(Keyholder.tender_id).where(Keyholder.user_id == actor.user_id)
    clauses: list[ColumnElement[bool]] = [Tender.id.in_(held) if actor.user_id else false(), purview(actor)]
    if actor.has(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR):
        clauses.append(Tender.published_at.is_not(None))
        running = Tender.state.not_in((TenderState.DRAFT, TenderState.IN_APPROVAL))
        clauses.append(Tender.method.in_(DIRECT) & running)
    return query.where(or_(*clauses))


def tenders_matching(actor: Actor, *, text: str = "", state: str = "", year: int | None = None) -> Select[Tender]:
    """Select the visible tenders by number, title or project, state, and year of the draft."""
    query = visible_tenders(actor).options(selectinload(Tender.lots).selectinload(Lot.projects))
    if text:
        like = f"%{text}%"
        of_project = select(Lot.tender_id).join(Lot.projects).where(Project.name.ilike(like))
        query = query.where(or_(Tender.title.ilike(like), Tender.number.ilike(like), Tender.id.in_(of_project)))
    if state in {member.value for member in TenderState}:
        query = query.where(Tender.state == TenderState(state))
    if year is not None:
        query = query.where(func.extract("year", Tender.created_at) == year)
    return query


def known_to(actor: Actor) -> ColumnElement[bool]:
    """Until its award a purchase by invitation is known to the invited and the purchaser's side only."""
    invited = select(Invitation.id).where(Invitation.tender_id == Tender.id)
    own = invited.where(Invitation.supplier_id.in_(actor.organisations_as(*BIDDER_SIDE))).exists()
    by_invitation = Tender.method.in_(BY_INVITATION) | invited.exists()
    if actor.has(*OWN_SIDE, Role.KEYHOLDER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR):
        return true()
    return ~by_invitation | own | purview(actor) | Tender.awarded_at.is_not(None)


def published_notices(uow: UnitOfWork, *, text: str = "", stage: str = "") -> Select[Tender]:
    """Select every published notice, for anybody; `stage` is `open` or `closed` for bids."""
    query = select(Tender).where(Tender.published_at.is_not(None), known_to(uow.actor))
    if text:
        like = f"%{text}%"
        query = query.where(or_(Tender.title.ilike(like), Tender.number.ilike(like)))
    if stage == "open":
        query = query.where(Tender.is_open_at(uow.now))
    elif stage == "closed":
        query = query.where(~Tender.is_open_at(uow.now))
    return query


def free_projects(uow: UnitOfWork, tender: Tender | None = None) -> list[Project]:
    """Return the projects that no running purchase holds, and those that this tender holds."""
    busy = select(Lot.id, Project.id).join(Lot.projects).join(Tender, Tender.id == Lot.tender_id)
    busy = busy.where(Tender.state.in_(RUNNING))
    if tender is not None:
        busy = busy.where(Tender.id != tender.id)
    taken = busy.subquery()
    return list(
        uow.session.scalars(
            select(Project)
            .where(~Project.is_archived, Project.id.not_in(select(taken.c[1])))
            .order_by(Project.year.desc(), Project.code)
        )
    )


def tenders_of_project(uow: UnitOfWork, project: Project) -> list[Tender]:
    """Return the running purchases of a project."""
    of_project = select(Lot.tender_id).join(Lot.projects).where(Project.id == project.id)
    return list(uow.session.scalars(select(Tender).where(Tender.id.in_(of_project), Tender.state.in_(RUNNING))))


def load_tender(uow: UnitOfWork, tender_id: uuid.UUID) -> Tender | None:
    """Return the tender with this id."""
    return uow.get(Tender, tender_id)
