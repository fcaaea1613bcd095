"""The price deduction of small and micro enterprises, verified by the purchaser (R-PRICE-05)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.fault_words import refusal_of
from procurement.models import Bid, PriceDeduction, Tender
from procurement.permissions import TenderPermission
from procurement.queries.price_matters import terms_of
from procurement.queries.standings import seats_of
from procurement.queries.statements import statement_of
from procurement.scoring import SmallBusiness, check_deduction
from procurement.sealing.statement import SMALL_OR_MICRO
from procurement.states import BidState, SeatState, SmeReservation, TenderState

OPEN_STATES = frozenset({TenderState.OPENED, TenderState.UNDER_EVALUATION})


def is_reserved(tender: Tender) -> bool:
    """Whether the whole purchase is reserved for small and medium enterprises: then nothing is deducted."""
    return tender.sme_reservation is SmeReservation.WHOLE


def declared_ground(bid: Bid) -> SmallBusiness:
    """Return what the bid's own declaration letter claims, NONE where its manifest holds none.

    A firm that bids with others is on the ground of its small partners; which of them are small the papers say.
    """
    statement = statement_of(bid)
    if statement is None or statement.firm_size not in SMALL_OR_MICRO:
        return SmallBusiness.NONE
    return SmallBusiness.PARTNER if statement.members else SmallBusiness.SMALL_OR_MICRO


def verify_deduction(
    uow: UnitOfWork, bid: Bid, ground: SmallBusiness, *, declared: bool, partner_share: Decimal | None = None
) -> PriceDeduction | None:
    """Enter, as the purchaser, that a bidder is small or micro itself or with partners; NONE takes it back.

    The percentage is the one of the document, the same for everybody on the same ground. Raises `Forbidden`, or
    `Refused` without the declaration letter, for too small a share, in a reserved purchase, and once a sheet is locked.
    """
    tender = bid.tender
    decision = policy.decide(uow.actor, TenderPermission.EXAMINE, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    locked = any(seat.state is SeatState.LOCKED for seat in seats_of(uow, tender))
    if tender.state not in OPEN_STATES or bid.state is not BidState.OPENED or locked:
        raise Refused(Refusal(_l("开标之后、评标结果汇总之前才能核定价格扣除"), rule_id="R-PRICE-05"))
    row = uow.session.scalar(select(PriceDeduction).where(PriceDeduction.bid_id == bid.id))
    before = {} if row is None else {"ground": str(row.ground), "percent": str(row.percent)}
    if ground is SmallBusiness.NONE:
        if row is not None:
            uow.session.delete(row)
            uow.session.flush()
            uow.record("price_deduction.verify", bid, about=(tender,), before=before, after={"ground": str(ground)})
        return None
    percent = terms_of(uow, tender).percents[ground]
    share = partner_share if ground is SmallBusiness.PARTNER else None
    faults = check_deduction(ground, percent, reserved=is_reserved(tender), declared=declared, partner_share=share)
    if faults:
        raise Refused(*(refusal_of(fault) for fault in faults))
    if row is None:
        row = uow.add(PriceDeduction(bid_id=bid.id, ground=ground, percent=percent, partner_share=share))
    row.ground, row.percent, row.partner_share, row.verified_at = ground, percent, share, uow.now
    if uow.actor.user_id is not None:
        row.verified_by_id = uow.actor.user_id
    uow.session.flush()
    after = {"ground": str(ground), "percent": str(percent)}
    uow.record("price_deduction.verify", bid, about=(tender,), before=before, after=after)
    return row
