"""Reads about bids and openings. Before the opening a bid exists for nobody but its bidder."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.documents.models import Document
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.methods import rules_of
from procurement.models import Bid, CommitteeSeat, Keyholder, Lot, Tender
from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE, TenderPermission
from procurement.queries.agents import purview
from procurement.queries.tenders import known_to
from procurement.states import BidState, SeatState, TenderState


def sealed_since(uow: UnitOfWork) -> datetime | None:
    """Return when the oldest purchase that still takes sealed bids was published; None when there is none."""
    return uow.session.scalar(select(func.min(Tender.published_at)).where(Tender.state == TenderState.PUBLISHED))


def visible_bids(actor: Actor) -> Select[Bid]:
    """Select the bids the actor may read: the same rule as `TenderPermission.READ_BID`."""
    clauses: list[ColumnElement[bool]] = [Bid.bidder_id.in_(actor.organisations_as(*BIDDER_SIDE))]
    if actor.has(*PURCHASER_SIDE):
        readable = select(Tender.id).where(Tender.state != TenderState.REVIEW_SUSPENDED, purview(actor))
        clauses.append(and_(Bid.state.in_([BidState.OPENED, BidState.CORRUPT]), Bid.tender_id.in_(readable)))
    return select(Bid).where(or_(*clauses))


def own_bids(actor: Actor, *, text: str = "", state: str = "") -> Select[Bid]:
    """Select the bids of the actor's own organisations, by tender and state."""
    query = (
        select(Bid)
        .join(Tender, Tender.id == Bid.tender_id)
        .where(Bid.bidder_id.in_(actor.organisations_as(*BIDDER_SIDE)))
        .options(joinedload(Bid.tender), joinedload(Bid.lot))
    )
    if text:
        query = query.where(or_(Tender.title.ilike(f"%{text}%"), Tender.number.ilike(f"%{text}%")))
    if state in {member.value for member in BidState}:
        query = query.where(Bid.state == BidState(state))
    return query


def open_lots(uow: UnitOfWork, *, limit: int = 10) -> list[Lot]:
    """Return the lots for which bids may arrive now and the actor's organisations have none standing."""
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    taken = select(Bid.lot_id).where(Bid.bidder_id.in_(own), Bid.state == BidState.SEALED)
    return list(
        uow.session.scalars(
            select(Lot)
            .join(Tender, Tender.id == Lot.tender_id)
            .where(Tender.is_open_at(uow.now), Lot.id.not_in(taken), known_to(uow.actor))
            .order_by(Tender.deadline, Lot.position)
            .limit(limit)
            .options(joinedload(Lot.tender))
        )
    )


def tenders_at_opening(actor: Actor, *, text: str = "") -> Select[Tender]:
    """Select the tenders whose opening the actor may attend: past or coming, the same rule as the hall's page."""
    query = select(Tender).where(Tender.published_at.is_not(None), Tender.state != TenderState.CANCELLED)
    if not _watches(actor):
        own = select(Keyholder.tender_id).where(Keyholder.user_id == actor.user_id)
        query = query.where(or_(Tender.id.in_(own), purview(actor)))
    if text:
        query = query.where(or_(Tender.title.ilike(f"%{text}%"), Tender.number.ilike(f"%{text}%")))
    return query.options(selectinload(Tender.keyholders))


def _watches(actor: Actor) -> bool:
    return actor.has(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)


def load_bid(uow: UnitOfWork, bid_id: uuid.UUID) -> Bid | None:
    """Return the bid with this id."""
    return uow.get(Bid, bid_id)


def load_bid_tender(uow: UnitOfWork, tender_id: uuid.UUID) -> Tender | None:
    """Return the tender with this id."""
    return uow.get(Tender, tender_id)


def lot_at(tender: Tender, position: int) -> Lot | None:
    """Return the tender's lot of this number."""
    return next((lot for lot in tender.lots if lot.position == position), None)


def read_out(uow: UnitOfWork, tender: Tender) -> list[Bid]:
    """Return what was read out at the opening: the opened bids and those that could not be, in order of arrival.

    In consultation and negotiation nothing is: nobody learns another supplier's data there (R-NEG-02, R-OPEN-07).
    """
    if tender.opened_at is None or not rules_of(tender).reads_out:
        return []
    return list(
        uow.session.scalars(
            select(Bid)
            .where(Bid.tender_id == tender.id, Bid.state.in_([BidState.OPENED, BidState.CORRUPT]))
            .order_by(Bid.arrived_at, Bid.id)
            .options(joinedload(Bid.lot))
        )
    )


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """A bid's files are for its bidder; once opened for the purchaser and for members who declared (R-COMM-06)."""
    bid = uow.get(Bid, document.owner_id)
    if bid is None:
        return False
    if policy.allows(uow.actor, TenderPermission.READ_BID, bid):
        return True
    if bid.state is not BidState.OPENED or document.id == bid.document_id:
        return False
    if bid.tender.state is TenderState.REVIEW_SUSPENDED:  # the files are sealed until the review goes on (R-COMM-10)
        return False
    sits = and_(
        CommitteeSeat.tender_id == bid.tender_id,
        CommitteeSeat.user_id == uow.actor.user_id,
        CommitteeSeat.state.in_([SeatState.DECLARED, SeatState.LOCKED]),
    )
    return uow.session.scalar(select(CommitteeSeat.id).where(sits)) is not None
