"""The records of a finished opening: full for authorised eyes, public with commitments (docs/sealing.md, R-OPEN-07)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.identity.models import User
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders
from procurement.models import Bid, Opening, OpeningShare, Tender
from procurement.queries.amendments import answers_in_record, versions_of
from procurement.queries.openings import absences_of, attendances_of, objections_of, postponements_of
from procurement.sealing.opening_record import (
    Absence,
    Envelope,
    KeyHolder,
    Lot,
    Objection,
    Postponement,
    Turn,
    Version,
    opening_record,
    public_opening_record,
)
from procurement.sealing.opening_record import Opening as OpeningFacts
from procurement.services.unsealing import first_turns
from procurement.states import BidState


def make_records(
    uow: UnitOfWork, opening: Opening, tender: Tender, bids: Sequence[Bid], *, closed_at: datetime
) -> None:
    """Close the opening's session and write both forms of its record; `bids` are those unwrapped."""
    uow.session.flush()
    president = uow.session.get_one(User, opening.begun_by_id)
    turns = _turns(uow, tender, bids)
    present = sorted({one.bid.bidder.name for one in attendances_of(uow, tender)})
    facts = OpeningFacts(
        tender=str(tender.id),
        number=tender.number,
        notice=tender.record_hash or "",
        deadline=_known(tender.deadline),
        fewest=fewest_bidders(uow, tender),
        needed=tender.keyholders_needed,
        lots=[
            Lot(
                str(lot.id),
                lot.position,
                lot.title,
                "opened" if any(bid.lot_id == lot.id for bid in bids) else "too-few-bids",
            )
            for lot in tender.lots
        ],
        keyholders=[
            KeyHolder(holder.fingerprint or "", {"name": holder.user.name, "id": str(holder.user_id)})
            for holder in tender.keyholders
        ],
        begun_at=opening.begun_at,
        finished_at=_known(opening.finished_at),
        presided_by=president.name,
        turns=turns,
        envelopes=_envelopes(uow, tender),
        closed_at=closed_at,
        present=present,
        accepting=sorted({bid.bidder.name for bid in bids} - {*present}),
        objections=_objections(uow, tender),
        absences=_absences(uow, tender),
        versions=[
            Version(one.number, one.record_hash, one.deadline, one.published_at, one.consequence)
            for one in versions_of(uow, tender)
        ],
        postponements=[
            Postponement(one.until, one.reason, one.confirmed_at)
            for one in postponements_of(uow, tender)
            if one.confirmed_at is not None
        ],
    )
    record = opening_record(facts, secrets.token_hex(32))
    opening.closed_at, opening.record, opening.public_record = closed_at, record, public_opening_record(record)


def _turns(uow: UnitOfWork, tender: Tender, bids: Sequence[Bid]) -> list[Turn]:
    """Return when each keyholder who came first handed something in."""
    places = {holder.id: place for place, holder in enumerate(tender.keyholders)}
    rows = uow.session.scalars(
        select(OpeningShare)
        .where(OpeningShare.bid_id.in_([bid.id for bid in bids]))
        .order_by(OpeningShare.given_at, OpeningShare.id)
    )
    first = first_turns(rows, places)
    return sorted((Turn(place, at) for place, at in first.items()), key=lambda turn: (turn.given_at, turn.keyholder))


def _objections(uow: UnitOfWork, tender: Tender) -> list[Objection]:
    """Return the objections with their answers; the session is closed only when each has one (R-OPEN-03)."""
    return [
        Objection(
            bid=str(one.bid_id),
            by=one.bid.bidder.name,
            text=one.text,
            raised_at=one.raised_at,
            answer=one.answer or "",
            answered_at=_known(one.answered_at),
        )
        for one in objections_of(uow, tender)
    ]


def _absences(uow: UnitOfWork, tender: Tender) -> list[Absence]:
    """Return the confirmed absences: they say which subsets could be had."""
    return [
        Absence(
            keyholder=one.keyholder.position - 1,
            reason=one.reason,
            reported_by=one.reported_by.name,
            reported_at=one.reported_at,
            confirmed_by=one.confirmed_by.name,
            confirmed_at=_known(one.confirmed_at),
        )
        for one in absences_of(uow, tender)
        if one.confirmed_by is not None
    ]


def _envelopes(uow: UnitOfWork, tender: Tender) -> list[Envelope]:
    """Return every envelope that ever arrived, whatever became of it."""
    every = uow.session.scalars(select(Bid).where(Bid.tender_id == tender.id).order_by(Bid.arrived_at, Bid.id)).all()
    successors = {(bid.lot_id, bid.bidder_id, bid.receipt.get("replaces")): str(bid.id) for bid in every}
    standings = answers_in_record(uow, tender, every)
    return [
        Envelope(
            bid=str(bid.id),
            lot=str(bid.lot_id),
            bidder_id=str(bid.bidder_id),
            bidder=str(bid.receipt.get("bidder")),
            sha256=bid.sha256,
            size=bid.size,
            arrived_at=bid.arrived_at,
            state=str(bid.state),
            receipt=bid.receipt,
            replaced_by=successors.get((bid.lot_id, bid.bidder_id, bid.sha256))
            if bid.state is BidState.SUPERSEDED
            else None,
            withdrawn_at=bid.withdrawn_at if bid.state is BidState.WITHDRAWN else None,
            opened_by=bid.opened_by,
            manifest=bid.manifest,
            failure=bid.failure,
            **standings[bid.id],
        )
        for bid in every
    ]


def _known(instant: Any) -> Any:
    """Return an instant that the tender's state guarantees."""
    if instant is None:
        raise RuntimeError("a published tender has a deadline and a finished opening its end")
    return instant
