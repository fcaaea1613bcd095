"""What stands on a tender's page beside its record: where it goes on, and the parts of tendering that hang on it.

Parts announce themselves in their `wiring`, so that the page grows without knowing them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for

from core.i18n import Text, _l
from core.permissions import policy
from core.states import State
from core.unit_of_work import UnitOfWork
from procurement.methods import JUDGED, words_of
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.states import TenderState

S = TenderState
AFTER = (S.OPENED, S.UNDER_EVALUATION, S.REVIEW_SUSPENDED, S.EVALUATED, S.AWARDED, S.FAILED)


@dataclass(frozen=True)
class NextStep:
    """A link of the tender's page; the one that is due now is primary."""

    title: Text
    url: str
    primary: bool = False


@dataclass(frozen=True)
class Part:
    """A line of the tender's page: questions, contract, remedies …: what it is, where it stands, where it leads."""

    title: Text
    note: Text
    url: str | None = None
    state: State | None = None
    action: tuple[Text, str] | None = None
    """A button: its word and its address."""
    order: int = 50


PartSource = Callable[[UnitOfWork, Tender], Iterable[Part]]
_sources: list[PartSource] = []


def add_tender_parts(source: PartSource) -> None:
    """Announce a source of parts; it must only return what the actor may see. Twice counts once."""
    if source not in _sources:
        _sources.append(source)


def tender_parts(uow: UnitOfWork, tender: Tender) -> list[Part]:
    """Return the parts that the actor sees on this tender's page, in their order."""
    found = [part for source in _sources for part in source(uow, tender)]
    return sorted(found, key=lambda part: part.order)


def next_steps(uow: UnitOfWork, tender: Tender) -> list[NextStep]:
    """Return the links the actor may follow from the tender's page, in the order of the process."""
    if tender.published_at is None:
        return []
    state, due = tender.state, tender.awaits_opening_at(uow.now)
    judged = tender.method in JUDGED
    offered = [
        (TenderPermission.READ_NOTICE, _l("查看公告"), "notices.show", False, True),
        (TenderPermission.ATTEND_OPENING, _l("开标大厅"), "openings.hall", due, state is not S.CANCELLED),
        (TenderPermission.EXAMINE, _l("资格审查"), "examination.show", state is S.OPENED, judged and state in AFTER),
        (TenderPermission.SEAT, _l("评标委员会"), "committee.show", False, judged and state in AFTER),
        (
            TenderPermission.READ_RESULT,
            _l("评标结果"),
            "results.show",
            state is S.EVALUATED,
            judged and state in AFTER[1:5],
        ),
        (TenderPermission.READ_AWARD, words_of(tender).result_notice, "awards.show", False, state is S.AWARDED),
    ]
    return [
        NextStep(title, url_for(endpoint, tender_id=tender.id), primary)
        for permission, title, endpoint, primary, there in offered
        if there and policy.allows(uow.actor, permission, tender)
    ]
