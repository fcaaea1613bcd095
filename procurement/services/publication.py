"""Making public: whatever a unit of work did to a purchase, its notices and open data follow in the same transaction.

Nothing is announced that did not happen, and nothing happens that is not announced: before a unit of work becomes
durable, every purchase it touched is looked at once more, and what of it is public and was not yet said is said.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from core.events import Concluding
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.methods import is_by_invitation
from procurement.models import Complaint, Intention, PublicNotice, Tender
from procurement.public_process import Ending
from procurement.queries.public import public_process
from procurement.queries.public.process import ending_of
from procurement.services.ocds_releases import publish_releases
from procurement.services.public_notices import (
    adopt_external,
    publish_complaint,
    publish_intention,
    publish_notices,
)
from procurement.states import Method

SILENT = frozenset(
    {
        "bid",
        "bid_confirmation",
        "document_holder",
        "committee_seat",
        "document",
        "key",
        "keyholder",
        "opening",
        "question",
        "public_notice",
    }
)
"""Nouns whose deeds make nothing public by themselves; a submission in the last minute must not pay for looking."""
QUIET = frozenset(
    {
        *(f"acceptance.{deed}" for deed in ("open", "save")),
        *(f"contract.{deed}" for deed in ("draft", "change", "submit", "send_back", "approve", "file", "note_bond")),
        *(f"direct.{deed}" for deed in ("prepare", "reply")),
        *(f"payment.{deed}" for deed in ("request", "approve", "reject")),
        *(f"tender.{deed}" for deed in ("register_key", "set_keyholders", "submit", "send_back")),
        *(f"tender.{deed}" for deed in ("examine", "seat", "unseat", "evaluate", "conclude", "review_price")),
    }
)
"""Deeds that make nothing public either; the sweep would find what somebody overlooked here."""
ENDS = frozenset({"fail", "cancel"})


def publish_process(uow: UnitOfWork, tender: Tender, *, ending: Ending | None = None) -> list[PublicNotice]:
    """Say whatever of the purchase is public and was not yet said; return the new notices. Twice says it once."""
    if is_by_invitation(tender) and tender.awarded_at is None and ending is None:
        # an invitation is nobody else's business yet; a single source is announced before it is talked about (R-NEG-03)
        announced = tender.method is Method.SINGLE_SOURCE
        return publish_notices(uow, tender, public_process(uow, tender)) if announced else []
    process = public_process(uow, tender, ending=ending)
    made = publish_notices(uow, tender, process, reason=ending.reason if ending else "")
    publish_releases(uow, tender, process)
    adopt_external(uow, tender)
    return made


def say_the_end(uow: UnitOfWork, event: TransitionFired) -> None:
    """Publish the notice of a failed or terminated purchase with the reason that was given (R-OPEN-05)."""
    if event.workflow != "tender" or event.name not in ENDS or event.subject.published_at is None:
        return
    tender: Tender = event.subject
    publish_process(uow, tender, ending=ending_of(tender, uow.now, event.reason or ""))


def say_what_is_public(uow: UnitOfWork, event: Concluding) -> None:
    """Look once more at every purchase that this unit of work touched."""
    for key in _touched(event.deeds, Intention):
        intention = uow.get(Intention, key)
        if intention is not None:
            publish_intention(uow, intention)
    for key in _touched(event.deeds, Complaint):
        complaint = uow.get(Complaint, key)
        if complaint is not None:
            publish_complaint(uow, complaint)
    for key in _touched(event.deeds, Tender):
        tender = uow.get(Tender, key)
        if tender is not None:
            publish_process(uow, tender)


def _touched(
    deeds: Iterable[tuple[str, tuple[str, ...]]], noun: type[Complaint | Intention | Tender]
) -> list[uuid.UUID]:
    return sorted(
        {
            uuid.UUID(key)
            for tag, references in deeds
            if tag not in QUIET and tag.partition(".")[0] not in SILENT
            for table, _colon, key in (one.partition(":") for one in references)
            if table == noun.__tablename__
        }
    )
