"""What the public may know of a framework within one purchase: who was admitted, what it is called off from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.unit_of_work import UnitOfWork
from procurement.models import Bid, CallOff, FrameworkMember, Lot, Shortlist, Tender
from procurement.public_process import Winner
from procurement.queries.public.parties import party_of


def framework_number(uow: UnitOfWork, tender: Tender) -> str | None:
    """Return the number of the framework call that a purchase is called off from."""
    call_off = uow.session.scalar(select(CallOff).where(CallOff.tender_id == tender.id))
    return call_off.framework.tender.number if call_off is not None else None


def admitted_by(uow: UnitOfWork, tender: Tender) -> tuple[list[Winner], set[str]]:
    """Return the suppliers that a call admitted, by type in their order, and the ids of every bid that was ranked."""
    members = uow.session.scalars(
        select(FrameworkMember)
        .join(Lot, Lot.id == FrameworkMember.lot_id)
        .where(FrameworkMember.tender_id == tender.id)
        .order_by(Lot.position, FrameworkMember.position)
        .options(joinedload(FrameworkMember.bid).joinedload(Bid.lot))
    )
    winners = [
        Winner(
            key=str(one.id),
            lot=str(one.bid.lot.position),
            supplier=party_of(one.supplier),
            amount=one.price,
            at=one.admitted_at,
            bid=str(one.bid_id),
            reason=f"入围，轮候次序第{one.position}位；金额为每项评价的协议价格",
        )
        for one in members
    ]
    records = uow.session.scalars(select(Shortlist.public_record).where(Shortlist.tender_id == tender.id))
    return winners, {str(one["bid"]) for record in records for one in record["ranking"]["scores"]}
