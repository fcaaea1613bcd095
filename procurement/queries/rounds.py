"""Reads about rounds and final offers."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders, fewest_rule, rules_of
from procurement.models import Bid, FinalCall, FinalOffer, NegotiationRound, RequirementChange, Tender
from procurement.states import OfferState

STANDING = (OfferState.SEALED, OfferState.OPENED, OfferState.CORRUPT)


def call_of(uow: UnitOfWork, tender: Tender) -> FinalCall | None:
    """Return the tender's call for final offers, or None before it was made."""
    return uow.session.scalar(select(FinalCall).where(FinalCall.tender_id == tender.id))


def rounds_of(uow: UnitOfWork, tender: Tender) -> list[NegotiationRound]:
    """Return every record of a round, by round and time."""
    rows = select(NegotiationRound).where(NegotiationRound.tender_id == tender.id)
    return list(uow.session.scalars(rows.order_by(NegotiationRound.number, NegotiationRound.held_at)))


def changes_of(uow: UnitOfWork, tender: Tender) -> list[RequirementChange]:
    """Return the changed requirements in their order."""
    rows = select(RequirementChange).where(RequirementChange.tender_id == tender.id)
    return list(uow.session.scalars(rows.order_by(RequirementChange.number)))


def rounds_held(uow: UnitOfWork, tender: Tender) -> Mapping[uuid.UUID, int]:
    """Return how many rounds were held with each bid's supplier."""
    return Counter(one.bid_id for one in rounds_of(uow, tender))


def offers_of_call(uow: UnitOfWork, call: FinalCall) -> list[FinalOffer]:
    """Return the final offers that stand, in order of arrival; replaced ones are left out."""
    rows = select(FinalOffer).where(FinalOffer.call_id == call.id, FinalOffer.state.in_(STANDING))
    rows = rows.options(joinedload(FinalOffer.bid).joinedload(Bid.lot))
    return list(uow.session.scalars(rows.order_by(FinalOffer.arrived_at, FinalOffer.id)))


def offers_to_open(uow: UnitOfWork, call: FinalCall) -> list[FinalOffer]:
    """Return the standing offers for lots with enough of them; the envelopes of the others stay sealed (R-NEG-01)."""
    offers = offers_of_call(uow, call)
    count, fewest = Counter(one.bid.lot_id for one in offers), fewest_bidders(uow, call.tender)
    return [one for one in offers if count[one.bid.lot_id] >= fewest]


def standing_offer(uow: UnitOfWork, bid: Bid) -> FinalOffer | None:
    """Return the supplier's final offer that stands."""
    return uow.session.scalar(select(FinalOffer).where(FinalOffer.bid_id == bid.id, FinalOffer.state.in_(STANDING)))


def last_offer(uow: UnitOfWork, bid: Bid) -> FinalOffer | None:
    """Return the supplier's newest final offer, whatever became of it."""
    rows = select(FinalOffer).where(FinalOffer.bid_id == bid.id)
    return uow.session.scalar(rows.order_by(FinalOffer.arrived_at.desc(), FinalOffer.id.desc()).limit(1))


def load_offer(uow: UnitOfWork, offer_id: uuid.UUID) -> FinalOffer | None:
    """Return the final offer with this id."""
    return uow.get(FinalOffer, offer_id)


def load_call(uow: UnitOfWork, call_id: uuid.UUID) -> FinalCall | None:
    """Return the call with this id."""
    return uow.get(FinalCall, call_id)


def final_bids(uow: UnitOfWork, tender: Tender) -> set[uuid.UUID] | None:
    """Return the bids whose final offer was opened; None until the ceremony is over."""
    call = call_of(uow, tender)
    if call is None or call.finished_at is None:
        return None
    return {one.bid_id for one in offers_of_call(uow, call) if one.state is OfferState.OPENED}


def final_offer_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return why nothing can be scored or added up yet: final offers are not opened."""
    if not rules_of(tender).final_offers or final_bids(uow, tender) is not None:
        return []
    return [Refusal(_l("最后报价开启之后才能评审和汇总"), rule_id=fewest_rule(tender))]
