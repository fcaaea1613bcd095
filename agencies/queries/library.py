"""Reads for the agency library and the register."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from agencies.models import Agency, AgencyGrade
from agencies.states import AgencyKind, Grade
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork


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


def load_agency(uow: UnitOfWork, agency_id: uuid.UUID) -> Agency | None:
    """Return the agency with this id."""
    return uow.get(Agency, agency_id)


def agency_of_organisation(uow: UnitOfWork, organisation_id: uuid.UUID) -> Agency | None:
    """Return the library's entry of an organisation, or None when it is not (yet) in the library."""
    return uow.session.scalar(
        select(Agency).where(Agency.organisation_id == organisation_id).options(selectinload(Agency.grades))
    )
