"""Reads for the library's pages: what the actor may see, filtered, sorted and counted in constant queries."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import Role
from core.search import matches
from core.unit_of_work import UnitOfWork
from projects.models import CommonIndicator, Indicator, IndicatorSystem, Project, ProjectWords
from projects.permissions import BUREAU
from projects.states import Dimension, Industry, Sector, SystemState


def projects_matching(
    *, text: str = "", sector: str = "", year: int | None = None, unit_id: uuid.UUID | None = None
) -> Select[Project]:
    """Select the projects that match the filters; the words of `text` are looked for in code, name and unit."""
    query = select(Project).join(Organisation, Organisation.id == Project.unit_id)
    if text:
        query = query.where(Project.id.in_(select(ProjectWords.project_id).where(matches(ProjectWords.grams, text))))
    if sector in {member.value for member in Sector}:
        query = query.where(Project.sector == Sector(sector))
    if year is not None:
        query = query.where(Project.year == year)
    if unit_id is not None:
        query = query.where(Project.unit_id == unit_id)
    return query


def common_indicators(uow: UnitOfWork) -> list[CommonIndicator]:
    """Every common indicator in the order of the framework."""
    return list(uow.session.scalars(select(CommonIndicator).order_by(CommonIndicator.position)))


def approved_indicators(*, text: str = "", industry: str = "", dimension: str = "") -> Select[Indicator]:
    """Select the indicators of approved systems by words, field of the project and first level; for everybody.

    Once approved a system's indicators never change, so this is the library of what has stood an expert review.
    """
    query = (
        select(Indicator)
        .join(IndicatorSystem, IndicatorSystem.id == Indicator.system_id)
        .join(Project, Project.id == IndicatorSystem.project_id)
        .where(IndicatorSystem.state == SystemState.APPROVED)
        .options(selectinload(Indicator.system))
    )
    if text:
        like = f"%{text}%"
        columns = (Indicator.third, Indicator.second, Indicator.target, Indicator.scoring, Project.name)
        query = query.where(or_(*(one.ilike(like) for one in columns)))
    if industry in {one.value for one in Industry}:
        query = query.where(Project.industry == Industry(industry))
    if dimension in {one.value for one in Dimension}:
        query = query.where(Indicator.dimension == Dimension(dimension))
    return query


def visible_systems(actor: Actor) -> Select[IndicatorSystem]:
    """Select the indicator systems the actor may read: the same rule as `SystemPermission.READ`."""
    query = select(IndicatorSystem).options(selectinload(IndicatorSystem.indicators))
    own = IndicatorSystem.agency_id.in_(actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF))
    submitted = IndicatorSystem.state != SystemState.DRAFT
    if actor.has(*BUREAU, Role.EXPERT, Role.OBSERVER):
        return query.where(or_(own, submitted))
    units = actor.organisations_as(Role.UNIT_OFFICER)
    of_unit = IndicatorSystem.project_id.in_(select(Project.id).where(Project.unit_id.in_(units)))
    return query.where(or_(own, submitted & of_unit))


def load_project(uow: UnitOfWork, project_id: uuid.UUID) -> Project | None:
    """Return the project with this id."""
    return uow.get(Project, project_id)


def load_system(uow: UnitOfWork, system_id: uuid.UUID) -> IndicatorSystem | None:
    """Return the indicator system with this id."""
    return uow.get(IndicatorSystem, system_id)


def load_common(uow: UnitOfWork, indicator_id: uuid.UUID) -> CommonIndicator | None:
    """Return the common indicator with this id."""
    return uow.get(CommonIndicator, indicator_id)
