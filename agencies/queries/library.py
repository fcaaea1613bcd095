"""Reads for the agency library: lists at any size, one agency."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import selectinload

from agencies.models import Agency, AgencyListing, AgencyWords
from agencies.queries.engagement import ALL_SEEING
from agencies.states import AgencyKind, Grade
from core.identity.actor import Actor
from core.search import Best, matches, words_of
from core.unit_of_work import UnitOfWork
from projects.states import Sector


def agencies_matching(
    actor: Actor, *, text: str = "", kind: str = "", grade: str = "", sector: str = "", district: str = ""
) -> Select[AgencyListing]:
    """Select the listed agencies by words, kind, latest published grade, field and district.

    Words are looked for in names, credit code, address and lead evaluators; one that names a kind or a field finds its
    agencies too. Lead evaluators whose entry is not public are found by those who keep and watch the library only.
    """
    query = select(AgencyListing)
    if text:
        apart = "@" if actor.is_system or actor.has(*ALL_SEEING) else ""
        found = select(AgencyWords.agency_id).where(matches(AgencyWords.grams, text, _labels(), apart=apart))
        query = query.where(AgencyListing.agency_id.in_(found))
    if kind in {member.value for member in AgencyKind}:
        query = query.where(AgencyListing.kind == AgencyKind(kind))
    if sector:
        query = query.where(AgencyListing.fields.contains([sector]))
    if grade in {member.value for member in Grade}:
        query = query.where(AgencyListing.grade == Grade(grade))
    if district:
        query = query.where(AgencyListing.district == district)
    return query


def _labels() -> dict[str, str]:
    return {str(one.label): f"kind={one.value}" for one in AgencyKind} | {
        str(one.label): f"field={one.value}" for one in Sector
    }


def best_first(text: str) -> Best | None:
    """Return the order of a search: the name itself, names with every word, names that begin with it, short names."""
    words = words_of(text)
    if not words:
        return None
    name = AgencyListing.name
    missing: ColumnElement[int] = sum(
        (case((func.strpos(func.lower(name), word) > 0, 0), else_=1) for word in words[1:]),
        case((func.strpos(func.lower(name), words[0]) > 0, 0), else_=1),
    )
    begins = name.startswith(text, autoescape=True)
    order = (case((name == text, 0), else_=1), missing, case((begins, 0), else_=1), func.length(name), name)
    return Best(order, begins, name)


def districts(uow: UnitOfWork, most: int = 40) -> list[str]:
    """Return the districts in which agencies are, in one step of the index for each."""
    first = select(func.min(AgencyListing.district).label("district"), literal(1).label("place")).cte(recursive=True)
    after = select(func.min(AgencyListing.district)).where(AgencyListing.district > first.c.district)
    steps = first.union_all(
        select(after.scalar_subquery(), first.c.place + 1).where(first.c.district.is_not(None), first.c.place < most)
    )
    return [one for one in uow.session.scalars(select(steps.c.district)) if one]


def load_agency(uow: UnitOfWork, agency_id: uuid.UUID) -> Agency | None:
    """Return the agency with this id."""
    return uow.get(Agency, agency_id)


def agency_of_organisation(uow: UnitOfWork, organisation_id: uuid.UUID) -> Agency | None:
    """Return the library's entry of an organisation, or None when it is not (yet) in the library."""
    return uow.session.scalar(
        select(Agency).where(Agency.organisation_id == organisation_id).options(selectinload(Agency.grades))
    )
