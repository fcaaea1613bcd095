"""Reads for the pages of applications to enter the pool."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from core.identity.actor import Actor
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.models import ExpertApplication
from experts.states import ApplicationState, EntryRoute

ALL_SEEING = (Role.QUALITY_OFFICER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)


def applications_matching(
    actor: Actor, *, text: str = "", state: str = "", route: str = ""
) -> Select[ExpertApplication]:
    """Select the applications the actor may read, the same rule as `ApplicationPermission.READ`, by what is asked."""
    query = select(ExpertApplication).options(selectinload(ExpertApplication.recommended_by))
    if not actor.has(*ALL_SEEING):
        query = query.where(ExpertApplication.recommended_by_id.in_(actor.organisations_as(Role.UNIT_OFFICER)))
    if text:
        query = query.where(
            or_(
                ExpertApplication.name.icontains(text, autoescape=True),
                ExpertApplication.number.icontains(text, autoescape=True),
                ExpertApplication.entries["employer"].astext.icontains(text, autoescape=True),
            )
        )
    if state in {one.value for one in ApplicationState}:
        query = query.where(ExpertApplication.state == ApplicationState(state))
    if route in {one.value for one in EntryRoute}:
        query = query.where(ExpertApplication.route == EntryRoute(route))
    return query


def load_application(uow: UnitOfWork, application_id: uuid.UUID) -> ExpertApplication | None:
    """Return the application with this id."""
    return uow.get(ExpertApplication, application_id)
