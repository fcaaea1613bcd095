"""Reads for the agency library: lists at any size, one agency."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, literal, select, union
from sqlalchemy.orm import defer, selectinload

from agencies.models import Agency, AgencyGrade, AgencyListing, AgencyWords
from agencies.queries.engagement import ALL_SEEING
from agencies.states import AgencyKind, Grade
from core.i18n import _l
from core.identity.actor import Actor
from core.search import LOOKED_AT, Best, matches, words_of
from core.unit_of_work import UnitOfWork
from projects.states import Sector

BEGINNING = 200
"""Of agencies whose name begins with what was typed so many are always looked at."""


@dataclass(frozen=True)
class Wanted:
    """Which agencies a list shows: words, kind, latest published grade, field and district; empty asks for all."""

    text: str = ""
    kind: str = ""
    grade: str = ""
    sector: str = ""
    district: str = ""


def agencies_matching(actor: Actor, wanted: Wanted) -> Select[AgencyListing]:
    """Select the listed agencies that are wanted.

    Words are looked for in names, credit code, address and lead evaluators; one that names a kind or a field finds its
    agencies too. Lead evaluators whose entry is not public are found by those who keep and watch the library only.
    """
    query = _filtered(select(AgencyListing), wanted)
    if wanted.text:
        apart = "@" if actor.is_system or actor.has(*ALL_SEEING) else ""
        query = query.join(AgencyWords, AgencyWords.agency_id == AgencyListing.agency_id)
        query = query.where(matches(AgencyWords.grams, wanted.text, _labels(), apart=apart))
    return query


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.kind in {member.value for member in AgencyKind}:
        query = query.where(AgencyListing.kind == AgencyKind(wanted.kind))
    if wanted.sector:
        query = query.where(AgencyListing.fields.contains([wanted.sector]))
    if wanted.grade in {member.value for member in Grade}:
        query = query.where(AgencyListing.grade == Grade(wanted.grade))
    if wanted.district:
        query = query.where(AgencyListing.district == wanted.district)
    return query


def _labels() -> dict[str, str]:
    return {str(one.label): f"kind={one.value}" for one in AgencyKind} | {
        str(one.label): f"field={one.value}" for one in Sector
    }


def best_agencies(actor: Actor, wanted: Wanted) -> Best | None:
    """Return the order of a search: the name itself, names with every word, names that begin with it, short names.

    Agencies whose name begins with what was typed are always among those looked at, however many hold the words.
    """
    words = words_of(wanted.text)
    if not words:
        return None
    name = AgencyListing.name
    begins = name.startswith(wanted.text, autoescape=True)
    missing = sum((case((func.strpos(func.lower(name), word) > 0, 0), else_=1) for word in words), literal(0))
    columns = (
        AgencyListing.agency_id,
        case((name == wanted.text, 0), else_=1).label("is_other"),
        missing.label("missing"),
        case((begins, 0), else_=1).label("begins_otherwise"),
        func.length(name).label("length"),
        name,
    )
    found = agencies_matching(actor, wanted).with_only_columns(*columns).limit(LOOKED_AT + 1).cte("matching")
    surely = _filtered(select(*columns), wanted).where(begins).order_by(name).limit(BEGINNING).subquery()
    more = select(func.count()).select_from(found).scalar_subquery() > LOOKED_AT
    # Whoever begins with the words holds them, so that only what lies beyond those looked at is added.
    return Best(union(select(found), select(surely)), more, _l("，只列出最相符的；再加一个词可缩小范围"))


def districts(uow: UnitOfWork, most: int = 40) -> list[str]:
    """Return the districts in which agencies are, in one step of the index for each."""
    first = select(func.min(AgencyListing.district).label("district"), literal(1).label("place")).cte(recursive=True)
    after = select(func.min(AgencyListing.district)).where(AgencyListing.district > first.c.district)
    steps = first.union_all(
        select(after.scalar_subquery(), first.c.place + 1).where(first.c.district.is_not(None), first.c.place < most)
    )
    return [one for one in uow.session.scalars(select(steps.c.district)) if one]


def grades_by_id(uow: UnitOfWork, grades: Collection[uuid.UUID]) -> dict[uuid.UUID, AgencyGrade]:
    """Return these grades without their records."""
    rows = select(AgencyGrade).where(AgencyGrade.id.in_(grades)).options(defer(AgencyGrade.record))
    return {one.id: one for one in uow.session.scalars(rows)}


def load_agency(uow: UnitOfWork, agency_id: uuid.UUID) -> Agency | None:
    """Return the agency with this id."""
    return uow.get(Agency, agency_id)


def agency_of_organisation(uow: UnitOfWork, organisation_id: uuid.UUID) -> Agency | None:
    """Return the library's entry of an organisation, or None when it is not (yet) in the library."""
    return uow.session.scalar(
        select(Agency).where(Agency.organisation_id == organisation_id).options(selectinload(Agency.grades))
    )
