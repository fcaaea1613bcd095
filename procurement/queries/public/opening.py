"""How many bids were opened; known once the opening is over, never before (R-OPEN-02, R-SEC-03)."""

from __future__ import annotations

from sqlalchemy import func, select

from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Lot, Tender
from procurement.public_process import LotOpening
from procurement.states import BidState


def opening_of(uow: UnitOfWork, tender: Tender) -> tuple[LotOpening, ...]:
    """Return how many bids were opened for each lot."""
    if tender.opened_at is None:
        return ()
    rows = uow.session.execute(
        select(Lot.position, func.count(Bid.id))
        .outerjoin(Bid, (Bid.lot_id == Lot.id) & Bid.state.in_((BidState.OPENED, BidState.CORRUPT)))
        .where(Lot.tender_id == tender.id)
        .group_by(Lot.position)
        .order_by(Lot.position)
    )
    return tuple(LotOpening(str(position), count) for position, count in rows)
