"""The records of a finished opening: full for authorised eyes, public with commitments (docs/sealing.md, R-OPEN-07)."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from core.identity.models import User
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders
from procurement.models import Bid, Opening, OpeningShare, Tender
from procurement.sealing.opening_record import (
    Envelope,
    KeyHolder,
    Lot,
    Turn,
    opening_record,
    public_opening_record,
)
from procurement.sealing.opening_record import Opening as OpeningFacts
from procurement.states import BidState


def make_records(uow: UnitOfWork, opening: Opening, tender: Tender, bids: Sequence[Bid]) -> None:
    """Write both forms of the record of an opening that has just been finished; `bids` are those unwrapped."""
    uow.session.flush()
    president = uow.session.get_one(User, opening.begun_by_id)
    turns = _turns(uow, tender, bids)
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
        envelopes=_envelopes(uow, tender, sorted(turn.keyholder for turn in turns)),
    )
    opening.record = opening_record(facts, secrets.token_hex(32))
    opening.public_record = public_opening_record(opening.record)


def _turns(uow: UnitOfWork, tender: Tender, bids: Sequence[Bid]) -> list[Turn]:
    """Return when each keyholder who came first handed something in."""
    places = {holder.id: place for place, holder in enumerate(tender.keyholders)}
    first: dict[int, Any] = {}
    rows = uow.session.scalars(
        select(OpeningShare)
        .where(OpeningShare.bid_id.in_([bid.id for bid in bids]))
        .order_by(OpeningShare.given_at, OpeningShare.id)
    )
    for row in rows:
        first.setdefault(places[row.keyholder_id], row.given_at)
    return sorted((Turn(place, at) for place, at in first.items()), key=lambda turn: (turn.given_at, turn.keyholder))


def _envelopes(uow: UnitOfWork, tender: Tender, came: list[int]) -> list[Envelope]:
    """Return every envelope that ever arrived, whatever became of it."""
    every = uow.session.scalars(select(Bid).where(Bid.tender_id == tender.id).order_by(Bid.arrived_at, Bid.id)).all()
    successors = {(bid.lot_id, bid.bidder_id, bid.receipt.get("replaces")): str(bid.id) for bid in every}
    available = ["-".join(map(str, one)) for one in itertools.combinations(came, tender.keyholders_needed)]
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
            failure=None if bid.failure is None else {**bid.failure, "tried": available},
        )
        for bid in every
    ]


def _known(instant: Any) -> Any:
    """Return an instant that the tender's state guarantees."""
    if instant is None:
        raise RuntimeError("a published tender has a deadline and a finished opening its end")
    return instant
