"""How every opened bid of a tender stands: examined, conforming, priced too low, valid; computed from what was judged.

Nothing of this is stored, so that a judgement and what follows from it can never disagree.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.methods import rules_of
from procurement.models import Bid, CommitteeSeat, ConformityVote, Examination, Lot, LowBidReview, Tender
from procurement.scoring import LowBid, LowBidThresholds, low_bids
from procurement.states import BidState, Outcome, SeatState


@dataclass(frozen=True)
class BidStanding:
    """One bid with what became of it, the reason where it fell, and the low-price triggers it sets off."""

    bid: Bid
    outcome: Outcome
    reason: Text = ""
    flags: tuple[LowBid, ...] = ()

    @property
    def price(self) -> Decimal | None:
        """The price that counts, in yuan; None where the envelope could not be opened."""
        return self.bid.price

    @property
    def qualified(self) -> bool:
        """Whether it passed the purchaser's examination and may be judged by the committee."""
        return self.outcome not in (Outcome.CORRUPT, Outcome.DISQUALIFIED, Outcome.ABOVE_CEILING)


@dataclass(frozen=True)
class Standings:
    """Every opened bid of a tender with the judgements made so far; `seats` are those not recused."""

    tender: Tender
    bids: Sequence[BidStanding]
    seats: Sequence[CommitteeSeat]
    examinations: Mapping[uuid.UUID, Examination]
    votes: Mapping[tuple[uuid.UUID, uuid.UUID], ConformityVote]
    reviews: Mapping[uuid.UUID, LowBidReview]

    @property
    def all_examined(self) -> bool:
        """Whether the purchaser has examined every bid that could be opened (R-QUAL-01)."""
        return all(one.bid.id in self.examinations or one.outcome is Outcome.CORRUPT for one in self.bids)

    @property
    def candidates(self) -> list[BidStanding]:
        """The bids whose conformity the committee judges; those still unexamined are not among them."""
        return [one for one in self.bids if one.qualified and one.bid.id in self.examinations]

    @property
    def conformity_closed(self) -> bool:
        """Whether every member has voted on every candidate; then the votes stand."""
        return bool(self.seats) and all(
            (seat.id, one.bid.id) in self.votes for seat in self.seats for one in self.candidates
        )

    @property
    def unreviewed(self) -> list[BidStanding]:
        """The bids that set off the low-price review and have no outcome of it yet (R-ALP-02)."""
        return [one for one in self.bids if one.flags and one.bid.id not in self.reviews]

    def of_lot(self, lot: Lot) -> list[BidStanding]:
        """Return the standings of one lot's bids."""
        return [one for one in self.bids if one.bid.lot_id == lot.id]

    def in_race(self, lot: Lot) -> list[BidStanding]:
        """Return a lot's bids that have not fallen."""
        return [one for one in self.of_lot(lot) if one.outcome in (Outcome.VALID, Outcome.PENDING)]

    def valid(self, lot: Lot) -> list[BidStanding]:
        """Return a lot's valid bids."""
        return [one for one in self.of_lot(lot) if one.outcome is Outcome.VALID]

    def has_voted(self, seat: CommitteeSeat) -> bool:
        """Whether a member has voted on every candidate."""
        return all((seat.id, one.bid.id) in self.votes for one in self.candidates)


def price_limit(tender: Tender, lot: Lot) -> Decimal:
    """Return the highest lawful price of a lot in yuan: its budget, or a lower ceiling of the tender."""
    return lot.budget if tender.ceiling is None else min(lot.budget, tender.ceiling)


def thresholds(uow: UnitOfWork) -> LowBidThresholds:
    """Return the triggers of the low-price review in force (R-ALP-01), in percent."""
    rules = uow.house.rules
    mean, following, ceiling = (
        rules.number("R-ALP-01", name, on=uow.today) for name in ("mean", "next_lowest", "ceiling")
    )
    return LowBidThresholds(mean, following, ceiling)


def seats_of(uow: UnitOfWork, tender: Tender, *, recused: bool = False) -> list[CommitteeSeat]:
    """Return the committee in the order of names; recused members only when asked for."""
    query = select(CommitteeSeat).where(CommitteeSeat.tender_id == tender.id)
    if not recused:
        query = query.where(CommitteeSeat.state != SeatState.RECUSED)
    return list(uow.session.scalars(query.order_by(CommitteeSeat.category, CommitteeSeat.name, CommitteeSeat.id)))


def standings_of(uow: UnitOfWork, tender: Tender) -> Standings:
    """Return how every opened bid of the tender stands now; a constant number of queries."""
    session = uow.session
    bids = session.scalars(
        select(Bid)
        .where(Bid.tender_id == tender.id, Bid.state.in_((BidState.OPENED, BidState.CORRUPT)))
        .order_by(Bid.arrived_at, Bid.id)
        .options(joinedload(Bid.lot), joinedload(Bid.bidder))
    ).all()
    ids = [bid.id for bid in bids]
    examinations = {one.bid_id: one for one in session.scalars(select(Examination).where(Examination.bid_id.in_(ids)))}
    reviews = {one.bid_id: one for one in session.scalars(select(LowBidReview).where(LowBidReview.bid_id.in_(ids)))}
    seats = seats_of(uow, tender)
    votes = {
        (one.seat_id, one.bid_id): one
        for one in session.scalars(
            select(ConformityVote).where(ConformityVote.seat_id.in_([seat.id for seat in seats]))
        )
    }
    first = [_before_committee(bid, tender, examinations.get(bid.id)) for bid in bids]
    if not rules_of(tender).by_envelope:  # nothing is judged there: the purchaser compared and gave its reason
        return Standings(tender, [BidStanding(one, Outcome.VALID) for one in bids], [], {}, {}, {})
    draft = Standings(tender, first, seats, examinations, votes, reviews)
    if not draft.conformity_closed:
        return draft
    judged = [_after_conformity(one, seats, votes, reviews) for one in first]
    final = _with_flags(judged, tender, thresholds(uow), reviews)
    return Standings(tender, final, seats, examinations, votes, reviews)


def _before_committee(bid: Bid, tender: Tender, examination: Examination | None) -> BidStanding:
    if bid.state is BidState.CORRUPT:
        return BidStanding(bid, Outcome.CORRUPT, str((bid.failure or {}).get("zh", "")))
    if examination is not None and not examination.passed:
        return BidStanding(bid, Outcome.DISQUALIFIED, examination.reason)
    if bid.price is not None and bid.price > price_limit(tender, bid.lot):
        return BidStanding(bid, Outcome.ABOVE_CEILING, _l("投标报价超过采购文件规定的预算金额或者最高限价"))
    return BidStanding(bid, Outcome.PENDING)


def _after_conformity(
    one: BidStanding,
    seats: Sequence[CommitteeSeat],
    votes: Mapping[tuple[uuid.UUID, uuid.UUID], ConformityVote],
    reviews: Mapping[uuid.UUID, LowBidReview],
) -> BidStanding:
    if one.outcome is not Outcome.PENDING or any((seat.id, one.bid.id) not in votes for seat in seats):
        return one
    given = [votes[seat.id, one.bid.id] for seat in seats]
    if 2 * sum(vote.passed for vote in given) <= len(given):
        reasons = dict.fromkeys(vote.reason for vote in given if not vote.passed)
        return BidStanding(one.bid, Outcome.NONCONFORMING, "；".join(reasons))
    review = reviews.get(one.bid.id)
    if review is not None and not review.accepted:
        return BidStanding(one.bid, Outcome.TOO_LOW, review.conclusion)
    return BidStanding(one.bid, Outcome.VALID)


def _with_flags(
    judged: Sequence[BidStanding],
    tender: Tender,
    limits: LowBidThresholds,
    reviews: Mapping[uuid.UUID, LowBidReview],
) -> list[BidStanding]:
    """Mark what sets off the low-price review in each lot; it stays pending until the committee has concluded."""
    flags: dict[str, list[LowBid]] = {}
    for lot in tender.lots:
        prices = {
            str(one.bid.id): one.bid.price
            for one in judged
            if one.bid.lot_id == lot.id and one.outcome is Outcome.VALID and one.bid.price is not None
        }
        for flag in low_bids(prices, lot.budget, tender.ceiling, limits):
            flags.setdefault(flag.bid, []).append(flag)
    return [
        BidStanding(
            one.bid,
            Outcome.PENDING if one.bid.id not in reviews else one.outcome,
            one.reason,
            tuple(flags[str(one.bid.id)]),
        )
        if str(one.bid.id) in flags
        else one
        for one in judged
    ]
