"""Reads about the award's procedure: its row, its clocks, who was replaced, which deposits went back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from core.clock import SHANGHAI, shanghai
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.contracting.clocks import CONTRACT_DUTIES, DECISION, TENDER_DUTIES, Clock, Duty, reckon
from procurement.models import Award, AwardProcedure, Bid, Contract, DepositRefund, Lot, Tender
from procurement.states import BidState, TenderState


def procedure_of(uow: UnitOfWork, tender: Tender) -> AwardProcedure | None:
    """Return the procedure of an evaluated tender."""
    return uow.get(AwardProcedure, tender.id)


def replaced_awards(uow: UnitOfWork, tender: Tender) -> list[Award]:
    """Return the awards that no longer stand, in the order in which they were made."""
    return list(
        uow.session.scalars(
            select(Award)
            .where(Award.tender_id == tender.id, Award.superseded_at.is_not(None))
            .order_by(Award.decided_at)
        )
    )


def lots_without_award(uow: UnitOfWork, tender: Tender) -> list[Lot]:
    """Return the lots whose winner fell away and that nobody else won: they are bought anew."""
    standing = set(
        uow.session.scalars(select(Award.lot_id).where(Award.tender_id == tender.id, Award.superseded_at.is_(None)))
    )
    replaced = {one.lot_id for one in replaced_awards(uow, tender)}
    return [lot for lot in tender.lots if lot.id in replaced - standing]


def tender_clocks(uow: UnitOfWork, tender: Tender) -> list[Clock]:
    """Return the clocks from the evaluation's end to the losers' deposits, as far as they have begun."""
    procedure = procedure_of(uow, tender)
    received = procedure.report_received_at if procedure else tender.evaluated_at
    noticed = procedure.notice_at if procedure else None
    published = noticed or tender.awarded_at
    begun = {
        "report": day_of(tender.evaluated_at) if procedure and procedure.by_agent else None,
        "decision": day_of(received),
        "notice": day_of(tender.awarded_at),
        "notice-period": day_of(published),
    }
    done = {"report": received, "decision": tender.awarded_at, "notice": noticed}
    if tender.state is TenderState.FAILED:
        begun = {**begun, "decision": None, "report": None}
    if tender.deposit > 0 and tender.awarded_at is not None:
        begun["losers-deposits"] = day_of(tender.awarded_at)
        done["losers-deposits"] = losers_refunded_at(uow, tender)
    known = _reckon(uow, TENDER_DUTIES, begun, done)
    period = next((one for one in known if one.duty.key == "notice-period"), None)
    if period is None:
        return known
    begun["challenge"] = period.deadline.last_day
    return _reckon(uow, TENDER_DUTIES, begun, done)


def decision_clock(uow: UnitOfWork, tender: Tender) -> Clock | None:
    """Return the clock of the purchaser's decision, once the report was received."""
    return next((one for one in tender_clocks(uow, tender) if one.duty is DECISION), None)


def contract_clocks(uow: UnitOfWork, award: Award, contract: Contract | None) -> list[Clock]:
    """Return the clocks from the award letter to the contract's filing."""
    if award.superseded_at is not None:
        return []
    signed = contract.signed_on if contract else None
    begun = {"signing": day_of(award.decided_at), "publication": signed, "filing": signed}
    done: dict[str, datetime | None] = {"signing": at_noon(signed)}
    if contract is not None:
        done |= {"publication": contract.published_at, "filing": at_noon(contract.filed_on)}
    if award.tender.deposit > 0:
        begun["winners-deposit"] = signed
        refund = uow.get(DepositRefund, award.bid_id)
        done["winners-deposit"] = refund.refunded_at if refund else None
    return _reckon(uow, CONTRACT_DUTIES, begun, done)


def refunds_of(uow: UnitOfWork, tender: Tender) -> dict[uuid.UUID, DepositRefund]:
    """Return the deposits already paid back, by bid."""
    rows = uow.session.scalars(
        select(DepositRefund).join(Bid, Bid.id == DepositRefund.bid_id).where(Bid.tender_id == tender.id)
    )
    return {row.bid_id: row for row in rows}


def depositors(uow: UnitOfWork, tender: Tender) -> list[Bid]:
    """Return the bids whose deposit is held: those that were opened, in order of arrival."""
    return list(
        uow.session.scalars(
            select(Bid)
            .where(Bid.tender_id == tender.id, Bid.state.in_((BidState.OPENED, BidState.CORRUPT)))
            .order_by(Bid.arrived_at)
        )
    )


def losers_refunded_at(uow: UnitOfWork, tender: Tender) -> datetime | None:
    """Return when the last loser got its deposit back, or None while one is still held."""
    winners = set(
        uow.session.scalars(select(Award.bid_id).where(Award.tender_id == tender.id, Award.superseded_at.is_(None)))
    )
    refunds = refunds_of(uow, tender)
    losers = [bid.id for bid in depositors(uow, tender) if bid.id not in winners]
    if not losers or any(one not in refunds for one in losers):
        return None
    return max(refunds[one].refunded_at for one in losers)


def day_of(instant: datetime | None) -> date | None:
    """Return the civil day of an instant in Shanghai."""
    return instant.astimezone(SHANGHAI).date() if instant else None


def at_noon(day: date | None) -> datetime | None:
    """Return an instant that lies within a civil day, for duties of which only the day was noted."""
    return shanghai(day, 12) if day else None


def _reckon(
    uow: UnitOfWork,
    duties: Sequence[Duty],
    begun: dict[str, date | None],
    done: dict[str, datetime | None],
) -> list[Clock]:
    return reckon(
        duties,
        begun,
        done=done,
        calendar=work_calendar(uow),
        book=uow.house.rules,
        overrides=overrides(uow),
    )
