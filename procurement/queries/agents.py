"""Which purchases are the actor's business on the purchaser's side, and who may be appointed as an agent."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select, true

from core.documents.models import Document
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind, Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import AgentAppointment, Tender
from procurement.permissions import AgentPermission
from procurement.permissions.agents import OWN_SIDE


def purview(actor: Actor) -> ColumnElement[bool]:
    """Say of a `Tender` whether the actor is on its purchaser's side: the same rule as the predicate `purchaser`."""
    if actor.has(*OWN_SIDE):
        return true()
    own = actor.organisations_as(Role.AGENT_OFFICER)
    if not own:
        return false()
    entrusted = select(AgentAppointment.tender_id)
    return Tender.id.in_(entrusted.where(AgentAppointment.agency_id.in_(own), AgentAppointment.ended_at.is_(None)))


def procurement_agencies(uow: UnitOfWork) -> list[Organisation]:
    """Return the procurement agencies one may appoint, by name."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.PROCUREMENT_AGENT, Organisation.is_active)
    return list(uow.session.scalars(query.order_by(Organisation.name)))


def may_read_agreement(uow: UnitOfWork, document: Document) -> bool:
    """The agreement's paper is for the purchaser's side, the agent and those who watch."""
    row = uow.get(AgentAppointment, document.owner_id)
    return row is not None and policy.allows(uow.actor, AgentPermission.READ, row)
