"""What the link of an invitation shows and does, whatever one is invited to: rooms announce theirs here."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from core.http.forms import Form
from core.i18n import Text
from core.unit_of_work import UnitOfWork

Standing = Literal["open", "accepted", "declined", "recused", "late", "withdrawn"]


@dataclass(frozen=True)
class Linked:
    """An invitation as its link shows it: field, time, place and fee; never papers, fellow members or bidders.

    `parties` are those on whom a declaration is asked; their names are public. `page` is where one goes on after
    signing in. `accept` and `decline` may raise `Refused` at the fields of the form and return how it now stands.
    """

    name: str
    by: str
    matter: Text
    capacity: Text
    meets_at: datetime
    place: str
    fee: Decimal
    answer_by: datetime | None
    parties: tuple[str, ...]
    standing: Standing
    page: str
    form: Callable[..., Form]
    accept: Callable[[Form], Standing]
    decline: Callable[[str], Standing]


LinkedSource = Callable[[UnitOfWork, uuid.UUID], Linked | None]
_sources: dict[str, LinkedSource] = {}


def answer_by_link(kind: str, source: LinkedSource) -> None:
    """Announce what links to a kind of object answer, by the word before the colon of `InvitationLink.held_for`."""
    _sources[kind] = source


def linked(uow: UnitOfWork, held_for: str) -> Linked | None:
    """Return what a link belongs to, or None where it no longer exists."""
    kind, _colon, key = held_for.partition(":")
    source = _sources.get(kind)
    return source(uow, uuid.UUID(key)) if source else None
