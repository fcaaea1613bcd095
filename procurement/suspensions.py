"""Which purchases stand still because a case is open, and why (R-SUSP-01, R-REMEDY-03).

Whoever signs or performs a contract asks here. Sources announce themselves in their `wiring`; each returns only what
may be told to everybody who may see the tender, so never who asked, challenged or complained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.errors import Refusal
from core.i18n import Text
from core.unit_of_work import UnitOfWork
from procurement.models import Tender


@dataclass(frozen=True)
class Suspension:
    """One reason why a purchase stands still, until when if known; `stops_everything` beyond the contract."""

    tender_id: object
    reason: Text
    rule_id: str
    url: str = ""
    until: date | None = None
    stops_everything: bool = False


SuspensionSource = Callable[[UnitOfWork, Tender | None], Iterable[Suspension]]
"""Asked with a tender about that one, with None about all."""
_sources: list[SuspensionSource] = []


def add_suspensions(source: SuspensionSource) -> None:
    """Announce a source of suspensions. Twice counts once."""
    if source not in _sources:
        _sources.append(source)


def suspensions(uow: UnitOfWork, tender: Tender | None = None) -> list[Suspension]:
    """Return why this purchase (or, without one, which purchases) must stand still now."""
    return [one for source in _sources for one in source(uow, tender)]


def suspension_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return, as refusals with their rules, why no contract may be signed or performed now."""
    return [Refusal(one.reason, rule_id=one.rule_id) for one in suspensions(uow, tender)]


def contract_not_suspended(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """Guard of workflows: the first reason why signing or performing is suspended, or None."""
    found = suspension_refusals(uow, tender)
    return found[0] if found else None
