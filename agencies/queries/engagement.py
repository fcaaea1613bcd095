"""Reads for the list and the page of engagements."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from agencies.models import Engagement, EngagementWords
from agencies.states import EngagementState
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import Role
from core.search import matches
from core.unit_of_work import UnitOfWork
from projects.models import IndicatorSystem, Project

ALL_SEEING = (
    Role.PROCUREMENT_OFFICER,
    Role.PROCUREMENT_APPROVER,
    Role.QUALITY_OFFICER,
    Role.OBSERVER,
    Role.PROCUREMENT_SUPERVISOR,
)


def visible_engagements(actor: Actor) -> Select[Engagement]:
    """Select the engagements the actor may read: the same rule as `AgencyPermission.READ_ENGAGEMENT`."""
    query = select(Engagement).join(Project, Project.id == Engagement.project_id)
    if actor.has(*ALL_SEEING):
        return query
    agencies = actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
    units = actor.organisations_as(Role.UNIT_OFFICER)
    own, of_unit = Engagement.agency_id.in_(agencies), Project.unit_id.in_(units)
    if agencies and units:
        return query.where(or_(own, of_unit))
    # One condition alone lets an index find the few rows among a million.
    return query.where(of_unit if units else own)


def engagements_matching(actor: Actor, *, text: str = "", state: str = "") -> Select[Engagement]:
    """Select the visible engagements by words of their number, project, unit or agency, and by state."""
    query = visible_engagements(actor).join(Organisation, Organisation.id == Engagement.agency_id)
    if text:
        found = select(EngagementWords.engagement_id).where(matches(EngagementWords.grams, text))
        query = query.where(Engagement.id.in_(found))
    if state in {member.value for member in EngagementState}:
        query = query.where(Engagement.state == EngagementState(state))
    return query.options(contains_eager(Engagement.project), contains_eager(Engagement.agency))


def load_engagement(uow: UnitOfWork, engagement_id: uuid.UUID) -> Engagement | None:
    """Return the engagement with this id."""
    return uow.get(Engagement, engagement_id)


def engagement_of(uow: UnitOfWork, system: IndicatorSystem) -> Engagement | None:
    """Return the engagement whose indicator system this is."""
    return uow.session.scalar(select(Engagement).where(Engagement.system_id == system.id))
