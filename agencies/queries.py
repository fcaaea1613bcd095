"""Reads for the agency library, the register and the list of engagements."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from agencies.models import Agency, AgencyGrade, Engagement
from agencies.states import AgencyKind, EngagementState, Grade
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from projects.models import Project

ALL_SEEING = (
    Role.PROCUREMENT_OFFICER,
    Role.PROCUREMENT_APPROVER,
    Role.QUALITY_OFFICER,
    Role.OBSERVER,
    Role.PROCUREMENT_SUPERVISOR,
)


def agencies_matching(*, text: str = "", kind: str = "", grade: str = "", sector: str = "") -> Select[Agency]:
    """Select agencies by name, kind, latest grade and sector."""
    query = (
        select(Agency)
        .join(Organisation, Organisation.id == Agency.organisation_id)
        .options(selectinload(Agency.grades), selectinload(Agency.leads))
    )
    if text:
        query = query.where(or_(Organisation.name.ilike(f"%{text}%"), Organisation.uscc.ilike(f"%{text}%")))
    if kind in {member.value for member in AgencyKind}:
        query = query.where(Agency.kind == AgencyKind(kind))
    if sector:
        query = query.where(Agency.fields.contains([sector]))
    if grade in {member.value for member in Grade}:
        latest = (
            select(AgencyGrade.agency_id, func.max(AgencyGrade.year).label("year"))
            .group_by(AgencyGrade.agency_id)
            .subquery()
        )
        query = query.join(latest, latest.c.agency_id == Agency.id).join(
            AgencyGrade, (AgencyGrade.agency_id == Agency.id) & (AgencyGrade.year == latest.c.year)
        )
        query = query.where(AgencyGrade.grade == Grade(grade))
    return query


def visible_engagements(actor: Actor) -> Select[Engagement]:
    """Select the engagements the actor may read: the same rule as `AgencyPermission.READ_ENGAGEMENT`."""
    query = select(Engagement).join(Project, Project.id == Engagement.project_id)
    if actor.has(*ALL_SEEING):
        return query
    own = Engagement.agency_id.in_(actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF))
    of_unit = Project.unit_id.in_(actor.organisations_as(Role.UNIT_OFFICER))
    return query.where(or_(own, of_unit))


def engagements_matching(actor: Actor, *, text: str = "", state: str = "") -> Select[Engagement]:
    """Select the visible engagements by number, project or agency and by state."""
    query = visible_engagements(actor).join(Organisation, Organisation.id == Engagement.agency_id)
    if text:
        like = f"%{text}%"
        query = query.where(or_(Engagement.number.ilike(like), Project.name.ilike(like), Organisation.name.ilike(like)))
    if state in {member.value for member in EngagementState}:
        query = query.where(Engagement.state == EngagementState(state))
    return query


def load_agency(uow: UnitOfWork, agency_id: uuid.UUID) -> Agency | None:
    """Return the agency with this id."""
    return uow.get(Agency, agency_id)


def load_engagement(uow: UnitOfWork, engagement_id: uuid.UUID) -> Engagement | None:
    """Return the engagement with this id."""
    return uow.get(Engagement, engagement_id)


def agency_of_organisation(uow: UnitOfWork, organisation_id: uuid.UUID) -> Agency | None:
    """Return the library's entry of an organisation, or None when it is not (yet) in the library."""
    return uow.session.scalar(
        select(Agency).where(Agency.organisation_id == organisation_id).options(selectinload(Agency.grades))
    )
