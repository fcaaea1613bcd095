"""Domain events: how a lower package tells upper ones what happened, without knowing them.

An event is a frozen dataclass named in the past tense. Handlers run at once, inside the same unit of work: either all
of it happens or none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Concluding:
    """A unit of work is about to become durable; what was noted in it, as `(tag, references)`.

    Handlers may still write, and what they write becomes durable with it.
    """

    deeds: tuple[tuple[str, tuple[str, ...]], ...]


E = TypeVar("E")
_handlers: dict[type, list[Callable[[Any, Any], None]]] = {}


def subscribe(event_type: type[E], handler: Callable[[UnitOfWork, E], None]) -> None:
    """Call `handler(uow, event)` whenever an event of this type is published; subscribing twice counts once."""
    registered = _handlers.setdefault(event_type, [])
    if handler not in registered:
        registered.append(handler)


def publish(uow: UnitOfWork, event: object) -> None:
    """Hand the event to everyone who subscribed to its type; an exception of a handler stops the unit of work."""
    for handler in _handlers.get(type(event), ()):
        handler(uow, event)
