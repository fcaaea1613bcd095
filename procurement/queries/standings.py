"""How every opened bid of a tender stands: examined, conforming, priced too low, valid; computed from what was judged.

Nothing of this is stored, so that a judgement and what follows from it can never disagree.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from procurement.methods import rules_of
from procurement.models import Bid, CommitteeSeat, ConformityVote, Examination, Lot, LowBidReview, Tender
from procurement.queries.collusion import rigged_bids
from procurement.queries.conformity import nonconformity
from procurement.queries.price_matters import PriceMatters, price_matters_of
from procurement.queries.rounds import final_bids
from procurement.scoring import LowBid, LowBidTest, low_bids
from procurement.states import GONE, BidState, Outcome, PriceStanding

FELL_EARLY = frozenset(
    {Outcome.CORRUPT, Outcome.DISQUALIFIED, Outcome.ABOVE_CEILING, Outcome.PRICE_UNCONFIRMED, Outcome.COLLUSION}
)


@dataclass(frozen=True)
class BidStanding:
    """One bid with what became of it, the reason where it fell, and the low-price triggers it sets off.

    `price` (yuan) is the one that counts: as opened, or as corrected and confirmed; None where nothing could be opened.
    """

    bid: Bid
    outcome: Outcome
    reason: Text = ""
    flags: tuple[LowBid, ...] = ()
    price: Decimal | None = None

    @property
    def qualified(self) -> bool:
        """Whether it passed the purchaser's examination and may be judged by the committee."""
        return self.outcome not in FELL_EARLY


@dataclass(frozen=True)
class Standings:
    """Every opened bid of a tender with the judgements made so far; `seats` are those not recused."""

    tender: Tender
    bids: Sequence[BidStanding]
    seats: Sequence[CommitteeSeat]
    examinations: Mapping[uuid.UUID, Examination]
    votes: Mapping[tuple[uuid.UUID, uuid.UUID], ConformityVote]
    reviews: Mapping[uuid.UUID, LowBidReview]
    prices: PriceMatters

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

    @property
    def unconfirmed(self) -> list[BidStanding]:
        """The bids whose corrected price their bidders may still confirm (R-PRICE-04)."""
        return [one for one in self.bids if self.prices.correction_standing(one.bid) is PriceStanding.WAITING]

    def of_lot(self, lot: Lot) -> list[BidStanding]:
        """Return the standings of one lot's bids."""
        return [one for one in self.bids if one.bid.lot_id == lot.id]

    def in_race(self, lot: Lot) -> list[BidStanding]:
        """Return a lot's bids that have not fallen."""
        return [one for one in self.of_lot(lot) if one.outcome in (Outcome.VALID, Outcome.PENDING)]

    def valid(self, lot: Lot) -> list[BidStanding]:
        """Return a lot's valid bids."""
        return [one for one in self.of_lot(lot) if one.outcome is Outcome.VALID]

    def votes_on(self, bid: Bid) -> list[ConformityVote]:
        """Return the judgements of a bid by those who sit, in the order of the seats."""
        found = (self.votes.get((seat.id, bid.id)) for seat in self.seats)
        return [one for one in found if one is not None]

    def has_voted(self, seat: CommitteeSeat) -> bool:
        """Whether a member has voted on every candidate."""
        return all((seat.id, one.bid.id) in self.votes for one in self.candidates)


def price_limit(tender: Tender, lot: Lot) -> Decimal:
    """Return the highest lawful price of a lot in yuan: its budget, or a lower ceiling of the tender."""
    return lot.budget if tender.ceiling is None else min(lot.budget, tender.ceiling)


def seats_of(uow: UnitOfWork, tender: Tender, *, recused: bool = False) -> list[CommitteeSeat]:
    """Return the committee in the order of names; those who sit no longer only when asked for."""
    query = select(CommitteeSeat).where(CommitteeSeat.tender_id == tender.id)
    if not recused:
        query = query.where(CommitteeSeat.state.not_in(GONE))
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
            select(ConformityVote)
            .where(ConformityVote.seat_id.in_([seat.id for seat in seats]))
            .options(selectinload(ConformityVote.items))
        )
    }
    prices = price_matters_of(uow, tender, bids)
    finals = final_bids(uow, tender) if rules_of(tender).final_offers else set[uuid.UUID]()
    first = [_before_committee(bid, tender, examinations.get(bid.id), prices, talks=finals is None) for bid in bids]
    rigged = rigged_bids(uow, tender)
    first = [_unless_rigged(one, rigged) for one in first]
    if not rules_of(tender).by_envelope:  # nothing is judged there: the purchaser compared and gave its reason
        plain = [BidStanding(one, Outcome.VALID, price=one.price) for one in bids]
        return Standings(tender, plain, [], {}, {}, {}, prices)
    draft = Standings(tender, first, seats, examinations, votes, reviews, prices)
    if not draft.conformity_closed:
        return draft
    judged = [_after_conformity(one, seats, votes, reviews) for one in first]
    if rules_of(tender).final_offers:
        judged = [_after_final(one, finals) for one in judged]
    final = _with_flags(judged, tender, prices, reviews)
    return Standings(tender, final, seats, examinations, votes, reviews, prices)


def _unless_rigged(one: BidStanding, rigged: Mapping[uuid.UUID, str]) -> BidStanding:
    """A bid that the committee found rigged is invalid, whatever else it is (R-COLL-01)."""
    if one.outcome is not Outcome.PENDING or one.bid.id not in rigged:
        return one
    return replace(one, outcome=Outcome.COLLUSION, reason=rigged[one.bid.id])


def _after_final(one: BidStanding, finals: set[uuid.UUID] | None) -> BidStanding:
    """Until final offers are opened nothing can be ranked; who made none has withdrawn (R-NEG-01)."""
    if one.outcome is not Outcome.VALID or (finals is not None and one.bid.id in finals):
        return one
    if finals is None:
        return BidStanding(one.bid, Outcome.PENDING, price=one.price)
    words = _l("未在规定时间内提交有效的最后报价，视为退出")
    return BidStanding(one.bid, Outcome.NO_FINAL_OFFER, words, price=one.price)


def _before_committee(
    bid: Bid, tender: Tender, examination: Examination | None, prices: PriceMatters, *, talks: bool = False
) -> BidStanding:
    """Say what examination and price make of a bid; while talks go on a first price binds nobody."""
    price = prices.price_of(bid)
    if bid.state is BidState.CORRUPT:
        return BidStanding(bid, Outcome.CORRUPT, str((bid.failure or {}).get("zh", "")))
    if examination is not None and not examination.passed:
        return BidStanding(bid, Outcome.DISQUALIFIED, examination.reason, price=price)
    if not talks and price is not None and price > price_limit(tender, bid.lot):
        words = _l("投标报价超过采购文件规定的预算金额或者最高限价")
        return BidStanding(bid, Outcome.ABOVE_CEILING, words, price=price)
    if prices.correction_standing(bid) in (PriceStanding.REFUSED, PriceStanding.LAPSED):
        return BidStanding(bid, Outcome.PRICE_UNCONFIRMED, _l("投标人没有确认修正后的报价"), price=price)
    return BidStanding(bid, Outcome.PENDING, price=price)


def _after_conformity(
    one: BidStanding,
    seats: Sequence[CommitteeSeat],
    votes: Mapping[tuple[uuid.UUID, uuid.UUID], ConformityVote],
    reviews: Mapping[uuid.UUID, LowBidReview],
) -> BidStanding:
    if one.outcome is not Outcome.PENDING or any((seat.id, one.bid.id) not in votes for seat in seats):
        return one
    reason = nonconformity(one.bid.tender, [votes[seat.id, one.bid.id] for seat in seats])
    if reason is not None:
        return replace(one, outcome=Outcome.NONCONFORMING, reason=reason)
    review = reviews.get(one.bid.id)
    if review is not None and not review.accepted:
        return replace(one, outcome=Outcome.TOO_LOW, reason=review.conclusion)
    return replace(one, outcome=Outcome.VALID)


def _with_flags(
    judged: Sequence[BidStanding], tender: Tender, prices: PriceMatters, reviews: Mapping[uuid.UUID, LowBidReview]
) -> list[BidStanding]:
    """Mark what sets off the low-price review in each lot; it stays pending until the committee has concluded.

    The committee's own judgement counts from the letter in which it asks the bidder to explain its price.
    """
    flags: dict[str, list[LowBid]] = {}
    for lot in tender.lots:
        valid = {
            str(one.bid.id): one
            for one in judged
            if one.bid.lot_id == lot.id and one.outcome is Outcome.VALID and one.price is not None
        }
        offered = {bid: one.price for bid, one in valid.items() if one.price is not None}
        for flag in low_bids(offered, lot.budget, tender.ceiling, prices.terms.thresholds):
            flags.setdefault(flag.bid, []).append(flag)
        for bid, one in valid.items():
            if bid not in flags and prices.price_inquiry(one.bid) is not None:
                flags[bid] = [LowBid(bid, LowBidTest.JUDGEMENT, Fraction(1), Fraction(one.price or 0))]
    return [
        replace(
            one,
            outcome=Outcome.PENDING if one.bid.id not in reviews else one.outcome,
            flags=tuple(flags[str(one.bid.id)]),
        )
        if str(one.bid.id) in flags
        else one
        for one in judged
    ]
