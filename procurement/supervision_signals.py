"""Signals for supervision's desk: what looks unusual in a purchase, with its evidence one click away.

A signal is shown to supervision only and decides nothing. Sources announce themselves in their `wiring`; they answer
for opened purchases only, so that no signal tells who bids before the opening (R-SEC-03).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.i18n import Text
from core.unit_of_work import UnitOfWork

Weight = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Signal:
    """One observation: its stable code, the purchase, what was seen, how much it weighs, and where to look.

    One about an organisation across purchases has no `tender_id`; `tender_title` is then the organisation's name.
    """

    code: str
    tender_id: Any
    tender_title: str
    title: Text
    detail: Text
    weight: Weight
    at: datetime
    url: str
    rule_id: str | None = None
    organisation_id: Any = None


SignalSource = Callable[[UnitOfWork], Iterable[Signal]]
_sources: list[SignalSource] = []
_ORDER = {"high": 0, "medium": 1, "low": 2}


def add_signals(source: SignalSource) -> None:
    """Announce a source of signals. Twice counts once."""
    if source not in _sources:
        _sources.append(source)


def signals(uow: UnitOfWork) -> list[Signal]:
    """Return every signal, the weightiest and newest first."""
    found = [one for source in _sources for one in source(uow)]
    return sorted(found, key=lambda one: (_ORDER[one.weight], -one.at.timestamp()))
