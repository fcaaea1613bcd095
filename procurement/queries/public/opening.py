"""Around the opening: how many bids were opened, known once it is over and never before (R-OPEN-02, R-SEC-03)."""

from __future__ import annotations

from sqlalchemy import func, select

from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Lot, Postponement, Retender, Tender
from procurement.public_process import LotOpening, PutOff
from procurement.states import BidState


def put_off_of(uow: UnitOfWork, tender: Tender) -> tuple[PutOff, ...]:
    """Return the times the opening was put off, each confirmed by a second person."""
    rows = uow.session.scalars(
        select(Postponement)
        .where(Postponement.tender_id == tender.id, Postponement.confirmed_at.is_not(None))
        .order_by(Postponement.confirmed_at)
    )
    return tuple(PutOff(str(row.id), row.confirmed_at, row.until, row.reason) for row in rows if row.confirmed_at)


def previous_of(uow: UnitOfWork, tender: Tender) -> str | None:
    """Return the number of the failed purchase that this one repeats (R-OPEN-05)."""
    return uow.session.scalar(
        select(Tender.number).join(Retender, Retender.failed_id == Tender.id).where(Retender.successor_id == tender.id)
    )


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
