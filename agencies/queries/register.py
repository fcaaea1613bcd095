"""The public register: agencies with their latest published grade, how it came about, and their standing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_

from agencies.library_standing import StandingOn
from agencies.models import Agency, AgencyGrade, AgencyListing
from agencies.ports import GradeLine, grade_lines
from agencies.queries.library import Wanted, agencies_matching
from agencies.queries.standing import OUTSIDE, standings_of
from core.unit_of_work import UnitOfWork

PART = 5000
"""How many agencies one file holds; longer ones go on in the next."""


@dataclass(frozen=True)
class RegisterLine:
    """An agency of the register; nothing in it is about a person."""

    listing: AgencyListing
    standing: StandingOn
    published_at: datetime | None
    line: GradeLine | None


@dataclass(frozen=True)
class RegisterPart:
    """A part of the register as a file gives it, and after which agency the next one begins; None at the end."""

    lines: Sequence[RegisterLine]
    next_after: uuid.UUID | None


def register_lines(uow: UnitOfWork, rows: Sequence[AgencyListing], day: date | None = None) -> list[RegisterLine]:
    """Return these agencies with their grades' reckoning and their standing: a constant number of queries."""
    grades = [one.grade_id for one in rows if one.grade_id is not None]
    published = dict(
        uow.session.execute(select(AgencyGrade.id, AgencyGrade.published_at).where(AgencyGrade.id.in_(grades))).all()
    )
    lines = grade_lines(uow, grades)
    owners = dict(
        uow.session.execute(
            select(Agency.id, Agency.organisation_id).where(Agency.id.in_([one.agency_id for one in rows]))
        ).all()
    )
    standings = standings_of(uow, list(owners.values()), day)
    return [
        RegisterLine(
            one,
            standings.get(owners[one.agency_id], OUTSIDE).standing,
            published.get(one.grade_id) if one.grade_id else None,
            lines.get(one.grade_id) if one.grade_id else None,
        )
        for one in rows
    ]


def register_part(uow: UnitOfWork, wanted: Wanted, after: uuid.UUID | None = None) -> RegisterPart:
    """Return the agencies of the register in the order of their names, from behind one of them."""
    query = agencies_matching(uow.actor, wanted).order_by(AgencyListing.name, AgencyListing.agency_id)
    last = uow.get(AgencyListing, after)
    if last is not None:
        query = query.where(tuple_(AgencyListing.name, AgencyListing.agency_id) > (last.name, last.agency_id))
    rows = uow.session.scalars(query.limit(PART + 1)).all()
    more = len(rows) > PART
    return RegisterPart(register_lines(uow, rows[:PART]), rows[PART - 1].agency_id if more else None)
