"""Reads from examination to award: own seats, documents of opened bids, public results."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.database import Identified
from core.documents.models import Document
from core.identity.actor import Actor
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Award, Bid, BidInquiry, CommitteeSeat, EvaluationCorrection, Lot, Tender
from procurement.permissions import EvaluationPermission, TenderPermission
from procurement.states import SeatState, TenderState

EVALUATION_STATES = (
    TenderState.UNDER_EVALUATION,
    TenderState.REVIEW_SUSPENDED,
    TenderState.EVALUATED,
    TenderState.AWARDED,
    TenderState.FAILED,
)


def own_seats(actor: Actor, *, text: str = "", state: str = "") -> Select[CommitteeSeat]:
    """Select the actor's seats; a seat shows itself only once the evaluation has begun."""
    query = (
        select(CommitteeSeat)
        .join(Tender, Tender.id == CommitteeSeat.tender_id)
        .where(CommitteeSeat.user_id == actor.user_id, Tender.state.in_(EVALUATION_STATES))
        .options(joinedload(CommitteeSeat.tender))
    )
    if text:
        query = query.where(or_(Tender.title.ilike(f"%{text}%"), Tender.number.ilike(f"%{text}%")))
    if state in {member.value for member in SeatState}:
        query = query.where(CommitteeSeat.state == SeatState(state))
    return query


def awarded_tenders(*, text: str = "") -> Select[Tender]:
    """Select the tenders whose result is published, for anybody."""
    query = select(Tender).where(Tender.state == TenderState.AWARDED).options(selectinload(Tender.lots))
    if text:
        query = query.where(or_(Tender.title.ilike(f"%{text}%"), Tender.number.ilike(f"%{text}%")))
    return query


def awards_by_tender(uow: UnitOfWork, tenders: Sequence[Tender]) -> dict[uuid.UUID, list[Award]]:
    """Return the standing awards of these tenders by tender, in the order of lots: one query."""
    found: dict[uuid.UUID, list[Award]] = {tender.id: [] for tender in tenders}
    rows = uow.session.scalars(
        select(Award)
        .join(Lot, Lot.id == Award.lot_id)
        .where(Award.tender_id.in_(found), Award.superseded_at.is_(None))
        .order_by(Lot.position)
        .options(joinedload(Award.lot), joinedload(Award.bid).joinedload(Bid.bidder))
    )
    for row in rows:
        found[row.tender_id].append(row)
    return found


def opened_documents(uow: UnitOfWork, bids: Sequence[Bid]) -> dict[uuid.UUID, list[Document]]:
    """Return what was inside the opened bids, by bid: one query; the sealed envelopes themselves are left out."""
    found: dict[uuid.UUID, list[Document]] = {bid.id: [] for bid in bids}
    rows = uow.session.scalars(
        select(Document)
        .where(
            Document.owner_kind == "bid",
            Document.owner_id.in_(found),
            Document.id.not_in([bid.document_id for bid in bids]),
            Document.purpose != "result-letter",
        )
        .order_by(Document.owner_id, Document.purpose, Document.version.desc())
    )
    for row in rows:
        found[row.owner_id].append(row)
    return found


def documents_by_owner(uow: UnitOfWork, kind: str, owners: Sequence[Identified]) -> dict[uuid.UUID, list[Document]]:
    """Return the documents of these rows by row: one query."""
    found: dict[uuid.UUID, list[Document]] = {one.id: [] for one in owners}
    rows = select(Document).where(Document.owner_kind == kind, Document.owner_id.in_(found)).order_by(Document.added_at)
    for row in uow.session.scalars(rows):
        found[row.owner_id].append(row)
    return found


def load_tender(uow: UnitOfWork, tender_id: uuid.UUID) -> Tender | None:
    """Return the tender with this id."""
    return uow.get(Tender, tender_id)


def load_seat(uow: UnitOfWork, seat_id: uuid.UUID) -> CommitteeSeat | None:
    """Return the seat with this id."""
    return uow.get(CommitteeSeat, seat_id)


def load_bid(uow: UnitOfWork, bid_id: uuid.UUID) -> Bid | None:
    """Return the bid with this id."""
    return uow.get(Bid, bid_id)


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """The papers of an award are public once the result is (R-AWARD-03)."""
    row = uow.get(Award, document.owner_id)
    return row is not None and policy.allows(uow.actor, TenderPermission.READ_AWARD, row.tender)


def may_read_letter(uow: UnitOfWork, document: Document) -> bool:
    """Papers of an answer are for its bidder, the purchaser, and members who declared (R-EVAL-04)."""
    letter = uow.get(BidInquiry, document.owner_id)
    if letter is None:
        return False
    if policy.allows(uow.actor, EvaluationPermission.READ_INQUIRY, letter):
        return True
    if policy.allows(uow.actor, TenderPermission.READ_BID, letter.bid):
        return True
    seat = uow.session.scalar(
        select(CommitteeSeat).where(
            CommitteeSeat.tender_id == letter.bid.tender_id, CommitteeSeat.user_id == uow.actor.user_id
        )
    )
    stopped = letter.bid.tender.state is TenderState.REVIEW_SUSPENDED
    return seat is not None and not stopped and policy.allows(uow.actor, TenderPermission.SCORE, seat)


def may_read_report(uow: UnitOfWork, document: Document) -> bool:
    """The report of a re-review is for whoever reads the result (R-EVAL-06)."""
    row = uow.get(EvaluationCorrection, document.owner_id)
    return row is not None and policy.allows(uow.actor, TenderPermission.READ_RESULT, row.tender)
