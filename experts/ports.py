"""Where upper rooms tell of conflicts they know, and of what a draw is held for."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.i18n import Text
from core.identity.roles import Role
from core.unit_of_work import Subject, UnitOfWork
from experts.draw import DrawResult
from experts.models import Draw, Expert
from experts.states import ConflictKind


@dataclass(frozen=True)
class FoundConflict:
    """A relation between an expert and an organisation: why, whence known, until when (R-COMM-06)."""

    expert_id: uuid.UUID
    organisation_id: uuid.UUID
    kind: ConflictKind
    reason: Text
    source: Text
    expires_on: date | None = None


@dataclass(frozen=True)
class Occasion:
    """What a draw is held for: the object of the log, its number and page, and what follows once it is settled.

    `sides` are the roles that may give entropy; of each side only one does, so that no side decides alone. `asked` are
    the roles that are told once the plan is locked.
    """

    subject: Subject
    number: str
    page: str
    sides: tuple[tuple[Role, ...], ...]
    asked: tuple[Role, ...]
    settle: Callable[[UnitOfWork, Draw, DrawResult], None]


OccasionSource = Callable[[UnitOfWork, uuid.UUID], Occasion]
_occasions: dict[str, OccasionSource] = {}


def hold_draws_for(kind: str, source: OccasionSource) -> None:
    """Announce a kind of object that draws are held for, by the word before the colon of `Draw.held_for`."""
    _occasions[kind] = source


def occasion_of(uow: UnitOfWork, draw: Draw) -> Occasion:
    """Return what a draw is held for."""
    kind, _colon, key = draw.held_for.partition(":")
    return _occasions[kind](uow, uuid.UUID(key))


ConflictSource = Callable[[UnitOfWork, Sequence[Expert], frozenset[uuid.UUID]], Iterable[FoundConflict]]
_sources: list[ConflictSource] = []


def add_conflict_source(source: ConflictSource) -> None:
    """Announce a source of conflicts between these experts and these organisations. Twice counts once."""
    if source not in _sources:
        _sources.append(source)


def known_conflicts(
    uow: UnitOfWork, experts: Sequence[Expert], organisations: frozenset[uuid.UUID]
) -> list[FoundConflict]:
    """Return what every room knows about these experts and these organisations."""
    return [found for source in _sources for found in source(uow, experts, organisations)]
