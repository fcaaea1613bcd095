"""Where upper rooms tell of conflicts they know: past bids, contracts, reports."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.i18n import Text
from core.unit_of_work import UnitOfWork
from experts.models import Expert
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
