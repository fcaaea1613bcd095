"""The result as its notice shows it: winners, valid bids with their prices, the committee's names (R-AWARD-03)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.unit_of_work import UnitOfWork
from procurement.models import Award, Bid, CommitteeSeat, Lot, Tender
from procurement.public_process import PublicBid, Result, Revocation, Winner
from procurement.queries.public.framework import admitted_by
from procurement.queries.public.parties import party_of
from procurement.queries.standings import seats_of
from procurement.states import Method, SeatCategory, SeatSource


def results_of(uow: UnitOfWork, tender: Tender) -> list[Result]:
    """Return the result once its notice is out, then one for each time an award did not stand and another followed."""
    if tender.awarded_at is None:
        return []
    if tender.method is Method.FRAMEWORK:
        return [_admission(uow, tender, tender.awarded_at)]
    awards = uow.session.scalars(
        select(Award)
        .join(Lot, Lot.id == Award.lot_id)
        .where(Award.tender_id == tender.id)
        .order_by(Award.decided_at, Lot.position)
        .options(joinedload(Award.lot), joinedload(Award.bid).joinedload(Bid.bidder))
    ).all()
    won = {award.lot_id for award in awards}
    bids = _bids(uow, tender, {key for award in awards for key in _ranked(award)})
    seats = seats_of(uow, tender)
    committee = tuple(_member(seat) for seat in seats)
    decisions = dict.fromkeys(award.decided_at for award in awards)
    found = []
    for place, at in enumerate(decisions or [tender.awarded_at]):
        found.append(
            Result(
                at=at,
                winners=tuple(_winner(award) for award in awards if award.decided_at == at),
                bids=bids if place == 0 else (),
                committee=committee,
                replaced=tuple(_replaced(award) for award in awards if at in _followed_at(award, awards)),
                chosen_by_purchaser=any(seat.source is SeatSource.SELF_SELECTED for seat in seats),
                failed_lots=tuple(str(lot.position) for lot in tender.lots if lot.id not in won) if place == 0 else (),
            )
        )
    return found


def _admission(uow: UnitOfWork, tender: Tender, at: datetime) -> Result:
    """Return who was admitted to a framework agreement, by type, at the agreed unit price (R-FRAME-01)."""
    winners, ranked = admitted_by(uow, tender)
    won = {one.lot for one in winners}
    return Result(
        at=at,
        winners=tuple(winners),
        bids=_bids(uow, tender, ranked),
        committee=tuple(_member(seat) for seat in seats_of(uow, tender)),
        failed_lots=tuple(str(lot.position) for lot in tender.lots if str(lot.position) not in won),
    )


def revocations_of(uow: UnitOfWork, tender: Tender) -> tuple[Revocation, ...]:
    """Return the awards that did not stand."""
    if tender.awarded_at is None:
        return ()
    rows = uow.session.scalars(
        select(Award)
        .where(Award.tender_id == tender.id, Award.superseded_at.is_not(None))
        .order_by(Award.superseded_at)
    )
    return tuple(Revocation(str(row.id), row.superseded_at, row.superseded_reason) for row in rows if row.superseded_at)


def _winner(award: Award) -> Winner:
    return Winner(
        key=str(award.id),
        lot=str(award.lot.position),
        supplier=party_of(award.bid.bidder),
        amount=award.amount,
        at=award.decided_at,
        bid=str(award.bid_id),
        reason=str(award.public_record.get("award", {}).get("reason", "")),
    )


def _bids(uow: UnitOfWork, tender: Tender, ranked: set[str]) -> tuple[PublicBid, ...]:
    rows = uow.session.scalars(
        select(Bid)
        .where(Bid.tender_id == tender.id)
        .order_by(Bid.arrived_at, Bid.id)
        .options(joinedload(Bid.lot), joinedload(Bid.bidder))
    )
    return tuple(
        PublicBid(
            key=str(bid.id),
            lot=str(bid.lot.position),
            bidder=party_of(bid.bidder),
            arrived_at=bid.arrived_at,
            valid=True,
            price=bid.price,
        )
        for bid in rows
        if str(bid.id) in ranked
    )


def _ranked(award: Award) -> list[str]:
    return [str(award.bid_id), *(str(one["bid"]) for one in award.public_record.get("scores", ()))]


def _followed_at(award: Award, awards: Sequence[Award]) -> list[datetime]:
    """Return when the one that followed an award which did not stand was decided."""
    if award.superseded_at is None:
        return []
    later = [one.decided_at for one in awards if one.lot_id == award.lot_id and one.decided_at > award.decided_at]
    return later[:1]


def _replaced(award: Award) -> str:
    reason = award.superseded_reason.rstrip("。")
    return f"第{award.lot.position}包原{award.bid.bidder.name}不再中标：{reason}。"


def _member(seat: CommitteeSeat) -> str:
    """Return a member's name; who was not drawn but selected is marked (R-COMM-04)."""
    name = f"*{seat.name}" if seat.source is SeatSource.SELF_SELECTED else seat.name
    return f"{name}（采购人代表）" if seat.category is SeatCategory.PURCHASER else name
