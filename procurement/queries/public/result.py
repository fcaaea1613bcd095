"""The result as its notice shows it: winners, valid bids with their prices, the committee's names (R-AWARD-03)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.unit_of_work import UnitOfWork
from procurement.models import Award, Bid, CommitteeSeat, Lot, Tender
from procurement.public_process import PublicBid, Result, Winner
from procurement.queries.public.parties import party_of
from procurement.queries.standings import seats_of
from procurement.states import SeatCategory


def result_of(uow: UnitOfWork, tender: Tender) -> Result | None:
    """Return the result once its notice is out, else None."""
    if tender.awarded_at is None:
        return None
    awards = uow.session.scalars(
        select(Award)
        .join(Lot, Lot.id == Award.lot_id)
        .where(Award.tender_id == tender.id)
        .order_by(Lot.position)
        .options(joinedload(Award.lot), joinedload(Award.bid).joinedload(Bid.bidder))
    ).all()
    ranked = {key for award in awards for key in _ranked(award)}
    bids = uow.session.scalars(
        select(Bid)
        .where(Bid.tender_id == tender.id)
        .order_by(Bid.arrived_at, Bid.id)
        .options(joinedload(Bid.lot), joinedload(Bid.bidder))
    )
    won = {award.lot_id for award in awards}
    return Result(
        at=tender.awarded_at,
        winners=tuple(
            Winner(
                key=str(award.id),
                lot=str(award.lot.position),
                supplier=party_of(award.bid.bidder),
                amount=award.amount,
                at=award.decided_at,
                bid=str(award.bid_id),
                reason=str(award.public_record.get("award", {}).get("reason", "")),
            )
            for award in awards
        ),
        bids=tuple(
            PublicBid(
                key=str(bid.id),
                lot=str(bid.lot.position),
                bidder=party_of(bid.bidder),
                arrived_at=bid.arrived_at,
                valid=True,
                price=bid.price,
            )
            for bid in bids
            if str(bid.id) in ranked
        ),
        committee=tuple(_member(seat) for seat in seats_of(uow, tender)),
        failed_lots=tuple(str(lot.position) for lot in tender.lots if lot.id not in won),
    )


def _ranked(award: Award) -> list[str]:
    return [str(award.bid_id), *(str(one["bid"]) for one in award.public_record.get("scores", ()))]


def _member(seat: CommitteeSeat) -> str:
    return f"{seat.name}（采购人代表）" if seat.category is SeatCategory.PURCHASER else seat.name
