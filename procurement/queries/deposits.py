"""The bid deposits of a purchase, as the sealed statements that were opened tell them (R-TENDER-08)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.clock import SHANGHAI
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.models import Award, Bid, Contract, DepositRefund, Tender
from procurement.queries.statements import statement_of
from procurement.states import BidState, TenderState

HELD = (BidState.OPENED, BidState.CORRUPT, BidState.LAPSED, BidState.SEALED, BidState.WITHDRAWN)
"""Whose deposit is held once bids are known: whatever became of the envelope, unless another took its place."""


@dataclass(frozen=True)
class Deposit:
    """One bidder's deposit: what its sealed statement said, and whether it went back.

    `is_stated` is False where no statement was opened (withdrawn, never opened, or sealed by an older page): then the
    amount is the one that was asked for. `due_on` is the last day of the refund, None before its clock runs.
    """

    bid: Bid
    amount: Decimal
    is_stated: bool
    means: str = ""
    reference: str = ""
    paid_on: str = ""
    payer: str = ""
    bank: str = ""
    account: str = ""
    due_on: date | None = None
    refund: DepositRefund | None = None

    @property
    def from_other(self) -> bool:
        """Whether somebody else than the bidder paid it."""
        return bool(self.payer) and self.payer != self.bid.bidder.name


def deposits_of(uow: UnitOfWork, tender: Tender) -> list[Deposit]:
    """Return every deposit that was handed in with a bid, in order of arrival; nothing where none was asked for."""
    if tender.deposit <= 0:
        return []
    rows = select(Bid).where(Bid.tender_id == tender.id, Bid.state.in_(HELD)).options(joinedload(Bid.lot))
    every = uow.session.scalars(rows.order_by(Bid.arrived_at, Bid.id)).all()
    standing = {(one.lot_id, one.bidder_id) for one in every if one.state is not BidState.WITHDRAWN}
    last = {(one.lot_id, one.bidder_id): one.id for one in every}
    held = [
        one
        for one in every
        if one.state is not BidState.WITHDRAWN
        or ((one.lot_id, one.bidder_id) not in standing and last[one.lot_id, one.bidder_id] == one.id)
    ]
    refunds, dues = _refunds(uow, tender), _dues(uow, tender, held)
    return [_deposit(tender, one, dues.get(one.id), refunds.get(one.id)) for one in held]


def _deposit(tender: Tender, bid: Bid, due_on: date | None, refund: DepositRefund | None) -> Deposit:
    said = statement_of(bid)
    if said is None or not said.deposit_amount:
        return Deposit(bid, tender.deposit, is_stated=False, due_on=due_on, refund=refund)
    return Deposit(
        bid,
        Decimal(said.deposit_amount),
        is_stated=True,
        means=said.deposit_means,
        reference=said.deposit_reference,
        paid_on=said.deposit_paid_on,
        payer=said.deposit_payer,
        bank=said.deposit_bank,
        account=said.deposit_account,
        due_on=due_on,
        refund=refund,
    )


def _refunds(uow: UnitOfWork, tender: Tender) -> dict[uuid.UUID, DepositRefund]:
    rows = select(DepositRefund).join(Bid, Bid.id == DepositRefund.bid_id).where(Bid.tender_id == tender.id)
    return {one.bid_id: one for one in uow.session.scalars(rows)}


def _dues(uow: UnitOfWork, tender: Tender, held: Sequence[Bid]) -> dict[uuid.UUID, date]:
    """Return the last day of each refund: so many working days after withdrawal, award notice or contract."""
    days = uow.house.rules.whole("R-TENDER-08", "refund_days", on=uow.today)
    calendar = work_calendar(uow)
    winners = uow.session.execute(
        select(Award.bid_id, Contract.signed_on)
        .outerjoin(Contract, Contract.award_id == Award.id)
        .where(Award.tender_id == tender.id, Award.superseded_at.is_(None))
    )
    signed: dict[uuid.UUID, date | None] = {row.bid_id: row.signed_on for row in winners}
    awarded = tender.awarded_at.astimezone(SHANGHAI).date() if tender.awarded_at else None
    found = {}
    for bid in held:
        begun = signed.get(bid.id) if bid.id in signed else awarded
        if bid.state is BidState.WITHDRAWN and bid.withdrawn_at is not None:
            begun = bid.withdrawn_at.astimezone(SHANGHAI).date()
        if begun is not None:
            found[bid.id] = calendar.add_working_days(begun, days).date
    return found


def tenders_with_deposits(uow: UnitOfWork) -> Sequence[Tender]:
    """Return the decided or failed purchases in which a deposit is still held."""
    waiting = (
        select(Bid.id)
        .outerjoin(DepositRefund, DepositRefund.bid_id == Bid.id)
        .where(Bid.tender_id == Tender.id, Bid.state.in_(HELD), DepositRefund.bid_id.is_(None))
    )
    over = (TenderState.AWARDED, TenderState.FAILED)
    query = select(Tender).where(Tender.deposit > 0, Tender.state.in_(over), waiting.exists())
    return uow.session.scalars(query.order_by(Tender.awarded_at, Tender.id)).all()
