"""The editable list of lots: what was typed, read lot by lot, with every fault at its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from core.amounts import NotAnAmount
from core.money import parse_amount
from procurement.models import Lot
from procurement.services.lots import MOST_LOTS, LotEntry
from projects.models import Project


@dataclass(frozen=True)
class TypedLot:
    """One lot as typed; `projects` are ids."""

    title: str = ""
    budget: str = ""
    projects: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed or chosen."""
        return not (self.title or self.budget or self.projects)


def lots_of(lots: Sequence[Lot]) -> list[TypedLot]:
    """Return stored lots as they are edited."""
    return [
        TypedLot(one.title, format(one.budget, "f"), tuple(str(project.id) for project in one.projects)) for one in lots
    ]


def typed_lots(form: MultiDict[str, str]) -> list[TypedLot]:
    """Return the lots as they were sent: `lot-<n>-title`, `lot-<n>-budget`, `lot-<n>-projects`."""
    return [
        TypedLot(
            (form.get(f"lot-{place}-title") or "").strip()[:120],
            (form.get(f"lot-{place}-budget") or "").strip(),
            tuple(form.getlist(f"lot-{place}-projects")),
        )
        for place in range(MOST_LOTS)
        if f"lot-{place}-title" in form
    ]


def read_lots(lots: Sequence[TypedLot], known: Mapping[str, Project]) -> list[LotEntry]:
    """Return the lots that are not empty; what is no amount reads as zero, which the service refuses."""
    return [
        LotEntry(one.title, _amount(one.budget), [known[key] for key in one.projects if key in known])
        for one in lots
        if not one.is_empty
    ]


def _amount(text: str) -> Decimal:
    try:
        return parse_amount(text)
    except NotAnAmount:
        return Decimal(0)
