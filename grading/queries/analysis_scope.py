"""What an analysis is narrowed to, and the conditions that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from agencies.models import Agency, AgencyGrade
from agencies.states import AgencyKind
from core.clock import SHANGHAI
from core.unit_of_work import UnitOfWork
from projects.models import Project
from projects.states import Sector

SPAN = 3
"""How many years before the present one an analysis looks back unless told otherwise."""


@dataclass(frozen=True)
class Scope:
    """Years from `first` to `last`, and if given one kind of agency and one field."""

    first: int
    last: int
    kind: AgencyKind | None = None
    sector: Sector | None = None

    @property
    def years(self) -> range:
        """Every year of it."""
        return range(self.first, self.last + 1)

    def of_agency(self) -> list[ColumnElement[bool]]:
        """Return the conditions on agencies: their kind, and the fields they are registered for."""
        found: list[ColumnElement[bool]] = []
        if self.kind is not None:
            found.append(Agency.kind == self.kind)
        if self.sector is not None:
            found.append(Agency.fields.contains([self.sector.value]))
        return found

    def of_task(self) -> list[ColumnElement[bool]]:
        """Return the conditions on tasks: the kind of their agency, and the field of their project."""
        found: list[ColumnElement[bool]] = []
        if self.kind is not None:
            found.append(Agency.kind == self.kind)
        if self.sector is not None:
            found.append(Project.sector == self.sector)
        return found

    def during(self, column: InstrumentedAttribute[datetime]) -> list[ColumnElement[bool]]:
        """Return the condition that an instant lies in its years, as Shanghai counts them."""
        return [
            column >= datetime(self.first, 1, 1, tzinfo=SHANGHAI),
            column < datetime(self.last + 1, 1, 1, tzinfo=SHANGHAI),
        ]


def known_years(uow: UnitOfWork) -> list[int]:
    """Return the years that may be chosen, the newest first: from the first published grades to the present year."""
    oldest = uow.session.scalar(select(func.min(AgencyGrade.year)).where(AgencyGrade.published_at.is_not(None)))
    return list(range(uow.today.year, min(oldest or uow.today.year, uow.today.year) - 1, -1))
