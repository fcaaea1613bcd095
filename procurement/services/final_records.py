"""The record of the final offers' opening: a bid opening's, of the part `final-offer` (R-OPEN-02, R-OPEN-07).

Nobody attends it, because no supplier may learn another's data (R-NEG-02); so it says nothing of who was present.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from core.records import Record
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders
from procurement.models import FinalCall, FinalOffer, FinalShare
from procurement.queries.openings import absences_of
from procurement.queries.rounds import offers_to_open
from procurement.sealing.opening_record import Absence, Envelope, KeyHolder, Lot, Opening, Turn, opening_record
from procurement.services.unsealing import first_turns
from procurement.states import OfferState


def final_record(uow: UnitOfWork, call: FinalCall) -> Record:
    """Return the full record of a finished ceremony; `flask verify opening` recomputes it."""
    tender = call.tender
    opened = {one.bid.lot_id for one in offers_to_open(uow, call)}
    turns = _turns(uow, call)
    if call.begun_at is None or call.finished_at is None or call.begun_by is None:
        raise RuntimeError("the record is written at the end of the ceremony")
    return opening_record(
        Opening(
            part=FinalOffer.part,
            tender=str(tender.id),
            number=tender.number,
            notice=tender.record_hash or "",
            deadline=call.deadline,
            fewest=fewest_bidders(uow, tender),
            needed=tender.keyholders_needed,
            lots=[
                Lot(str(lot.id), lot.position, lot.title, "opened" if lot.id in opened else "too-few-bids")
                for lot in tender.lots
            ],
            keyholders=[
                KeyHolder(holder.fingerprint or "", {"name": holder.user.name, "id": str(holder.user_id)})
                for holder in tender.keyholders
            ],
            begun_at=call.begun_at,
            finished_at=call.finished_at,
            closed_at=call.finished_at,
            presided_by=call.begun_by.name,
            turns=[Turn(place, at) for place, at in turns],
            envelopes=_envelopes(uow, call),
            absences=_absences(uow, call, {place for place, _at in turns}),
        ),
        secrets.token_hex(32),
    )


def _turns(uow: UnitOfWork, call: FinalCall) -> list[tuple[int, datetime]]:
    places = {holder.id: place for place, holder in enumerate(call.tender.keyholders)}
    rows = uow.session.scalars(
        select(FinalShare)
        .join(FinalOffer, FinalOffer.id == FinalShare.offer_id)
        .where(FinalOffer.call_id == call.id)
        .order_by(FinalShare.given_at, FinalShare.id)
    )
    return sorted(first_turns(rows, places).items(), key=lambda turn: (turn[1], turn[0]))


def _absences(uow: UnitOfWork, call: FinalCall, came: set[int]) -> list[Absence]:
    """Return the absences confirmed at the bid opening of those who did not come here either."""
    return [
        Absence(
            keyholder=one.keyholder.position - 1,
            reason=one.reason,
            reported_by=one.reported_by.name,
            reported_at=one.reported_at,
            confirmed_by=one.confirmed_by.name,
            confirmed_at=one.confirmed_at,
        )
        for one in absences_of(uow, call.tender)
        if one.confirmed_by is not None and one.confirmed_at is not None and one.keyholder.position - 1 not in came
    ]


def _envelopes(uow: UnitOfWork, call: FinalCall) -> list[Envelope]:
    rows = select(FinalOffer).where(FinalOffer.call_id == call.id).order_by(FinalOffer.arrived_at, FinalOffer.id)
    every = uow.session.scalars(rows).all()
    successors = {(one.bid_id, one.receipt.get("replaces")): str(one.id) for one in every}
    notice = call.tender.record_hash
    return [
        Envelope(
            bid=str(one.id),
            lot=str(one.bid.lot_id),
            bidder_id=str(one.bid.bidder_id),
            bidder=str(one.receipt.get("bidder")),
            sha256=one.sha256,
            size=one.size,
            arrived_at=one.arrived_at,
            state=str(one.state),
            receipt=one.receipt,
            replaced_by=successors.get((one.bid_id, one.sha256)) if one.state is OfferState.SUPERSEDED else None,
            withdrawn_at=one.withdrawn_at,
            opened_by=one.opened_by,
            manifest=one.manifest,
            failure=one.failure,
            sealed_for=notice,
            answered=notice,
        )
        for one in every
    ]
