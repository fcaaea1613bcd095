"""Reads about an opening: its session, the envelopes, the keyholders' turns and absences, what was put off."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders
from procurement.models import (
    Attendance,
    Bid,
    Keyholder,
    KeyholderAbsence,
    Lot,
    Objection,
    Opening,
    OpeningShare,
    Postponement,
    Tender,
)
from procurement.states import BidState

STANDING = (BidState.SEALED, BidState.OPENED, BidState.CORRUPT)


@dataclass(frozen=True)
class Progress:
    """How far the opening has come."""

    opened: int
    corrupt: int
    total: int

    @property
    def finished(self) -> bool:
        """Whether every envelope is opened or known to be corrupt."""
        return self.opened + self.corrupt == self.total


def opening_of(uow: UnitOfWork, tender: Tender) -> Opening | None:
    """Return the tender's opening, or None before it began."""
    return uow.session.scalar(select(Opening).where(Opening.tender_id == tender.id))


def openable_lots(uow: UnitOfWork, tender: Tender) -> list[Lot]:
    """Return the lots for which enough have bid; the envelopes of the others stay sealed (R-OPEN-04)."""
    fewest = fewest_bidders(uow, tender)
    bids = uow.session.scalars(select(Bid.lot_id).where(Bid.tender_id == tender.id, Bid.state.in_(STANDING)))
    count = Counter(bids)
    return [lot for lot in tender.lots if count[lot.id] >= fewest]


def bids_to_open(uow: UnitOfWork, tender: Tender) -> list[Bid]:
    """Return the bids that are or were unwrapped, in order of arrival; withdrawn and superseded ones never are."""
    lots = [lot.id for lot in openable_lots(uow, tender)]
    return list(
        uow.session.scalars(
            select(Bid)
            .where(Bid.lot_id.in_(lots), Bid.state.in_(STANDING))
            .order_by(Bid.arrived_at, Bid.id)
            .options(selectinload(Bid.tender), selectinload(Bid.lot))
        )
    )


def progress_of(bids: Sequence[Bid]) -> Progress:
    """Return how far the opening of these bids has come."""
    states = Counter(bid.state for bid in bids)
    return Progress(states[BidState.OPENED], states[BidState.CORRUPT], len(bids))


def given_shares(uow: UnitOfWork, bids: Iterable[Bid]) -> dict[tuple[uuid.UUID, str, int], OpeningShare]:
    """Return what keyholders handed in: by bid, subset and place of the keyholder, counted from 0."""
    rows = uow.session.scalars(
        select(OpeningShare)
        .where(OpeningShare.bid_id.in_([bid.id for bid in bids]))
        .options(joinedload(OpeningShare.keyholder))
    )
    return {(row.bid_id, row.subset, row.keyholder.position - 1): row for row in rows}


def keyholders_who_came(uow: UnitOfWork, tender: Tender) -> frozenset[uuid.UUID]:
    """Return the keyholders who have handed in something at this opening."""
    rows = uow.session.scalars(
        select(OpeningShare.keyholder_id)
        .where(OpeningShare.keyholder_id.in_([holder.id for holder in tender.keyholders]))
        .distinct()
    )
    return frozenset(rows)


def absences_of(uow: UnitOfWork, tender: Tender) -> list[KeyholderAbsence]:
    """Return the reports of absence that stand, confirmed or not, in order."""
    return list(
        uow.session.scalars(
            select(KeyholderAbsence)
            .where(KeyholderAbsence.tender_id == tender.id, KeyholderAbsence.ended_at.is_(None))
            .order_by(KeyholderAbsence.reported_at)
            .options(
                joinedload(KeyholderAbsence.keyholder).joinedload(Keyholder.user),
                joinedload(KeyholderAbsence.reported_by),
                joinedload(KeyholderAbsence.confirmed_by),
            )
        )
    )


def absent_keyholders(uow: UnitOfWork, tender: Tender) -> frozenset[uuid.UUID]:
    """Return the keyholders whose absence is confirmed: their subsets no longer count as available (R-KEY-01)."""
    return frozenset(one.keyholder_id for one in absences_of(uow, tender) if one.confirmed_at is not None)


def has_enough_keyholders(uow: UnitOfWork, tender: Tender) -> bool:
    """Whether those not confirmed as absent suffice to open."""
    return len(tender.keyholders) - len(absent_keyholders(uow, tender)) >= tender.keyholders_needed


def postponements_of(uow: UnitOfWork, tender: Tender) -> list[Postponement]:
    """Return what was put off, in order; the last may still wait for its second person."""
    return list(
        uow.session.scalars(
            select(Postponement)
            .where(Postponement.tender_id == tender.id)
            .order_by(Postponement.proposed_at)
            .options(joinedload(Postponement.proposed_by))
        )
    )


def postponed_until(uow: UnitOfWork, tender: Tender) -> datetime | None:
    """Return the instant to which the opening was put off, while that is still to come."""
    last = uow.session.scalar(
        select(Postponement.until)
        .where(Postponement.tender_id == tender.id, Postponement.confirmed_at.is_not(None))
        .order_by(Postponement.confirmed_at.desc())
        .limit(1)
    )
    return last if last is not None and last > uow.now else None


def attendances_of(uow: UnitOfWork, tender: Tender) -> list[Attendance]:
    """Return the bidders who signed in to the opening, in order."""
    return list(
        uow.session.scalars(
            select(Attendance)
            .where(Attendance.tender_id == tender.id)
            .order_by(Attendance.at, Attendance.id)
            .options(joinedload(Attendance.bid), joinedload(Attendance.user))
        )
    )


def objections_of(uow: UnitOfWork, tender: Tender) -> list[Objection]:
    """Return the objections raised at the opening, in order, answered or not (R-OPEN-03)."""
    return list(
        uow.session.scalars(
            select(Objection)
            .where(Objection.tender_id == tender.id)
            .order_by(Objection.raised_at, Objection.id)
            .options(joinedload(Objection.bid), joinedload(Objection.answered_by))
        )
    )


def load_objection(uow: UnitOfWork, objection_id: uuid.UUID) -> Objection | None:
    """Return the objection with this id."""
    return uow.get(Objection, objection_id)
