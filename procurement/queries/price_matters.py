"""What the committee and its bidders settled about prices: terms of the document, corrections, deductions, letters."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from procurement.models import Bid, BidInquiry, EvaluationTerms, PriceCorrection, PriceDeduction, Tender
from procurement.scoring import LowBidThresholds, SmallBusiness
from procurement.states import InquiryKind, InquiryStanding, PriceStanding, TieMethod


@dataclass(frozen=True)
class Terms:
    """What the document says of the evaluation, or the lawful least values where it says nothing."""

    thresholds: LowBidThresholds
    percents: Mapping[SmallBusiness, Decimal]
    minimum: Decimal | None = None
    tie_method: TieMethod = TieMethod.DRAW
    tie_rule: str = ""


@dataclass(frozen=True)
class PriceMatters:
    """What was settled about the prices of a tender's bids, by bid; `now` decides whose time is up."""

    terms: Terms
    now: datetime
    corrections: Mapping[uuid.UUID, PriceCorrection] = field(default_factory=dict)
    deductions: Mapping[uuid.UUID, PriceDeduction] = field(default_factory=dict)
    inquiries: Mapping[uuid.UUID, Sequence[BidInquiry]] = field(default_factory=dict)

    def price_of(self, bid: Bid) -> Decimal | None:
        """Return the price that counts: the corrected one once its bidder has confirmed it (R-PRICE-04)."""
        correction = self.corrections.get(bid.id)
        return correction.corrected if correction is not None and correction.confirmed else bid.price

    def correction_standing(self, bid: Bid) -> PriceStanding | None:
        """Return where the correction of a bid's price stands, None where there is none."""
        correction = self.corrections.get(bid.id)
        return None if correction is None else correction.standing_at(self.now)

    def deduction_of(self, bid: Bid) -> Decimal:
        """Return how many percent are deducted from the bid's price for its points (R-PRICE-05)."""
        found = self.deductions.get(bid.id)
        return Decimal(0) if found is None else found.percent

    def price_inquiry(self, bid: Bid) -> BidInquiry | None:
        """Return the latest letter that asks the bidder to explain a low price (R-ALP-02)."""
        letters = [one for one in self.inquiries.get(bid.id, ()) if one.kind is InquiryKind.LOW_PRICE]
        return letters[-1] if letters else None

    @property
    def waiting(self) -> list[BidInquiry]:
        """The letters that are neither answered nor out of time."""
        return [
            one
            for letters in self.inquiries.values()
            for one in letters
            if one.standing_at(self.now) is InquiryStanding.WAITING
        ]


def terms_of(uow: UnitOfWork, tender: Tender) -> Terms:
    """Return the terms that the tender's document fixes, or those of the rules in force (R-ALP-01, R-PRICE-05)."""
    row = uow.session.scalar(select(EvaluationTerms).where(EvaluationTerms.tender_id == tender.id))
    if row is None:
        return default_terms(uow)
    return Terms(
        LowBidThresholds(row.mean, row.next_lowest, row.ceiling),
        {SmallBusiness.SMALL_OR_MICRO: row.small_percent, SmallBusiness.PARTNER: row.partner_percent},
        row.minimum_merit,
        row.tie_method,
        row.tie_rule,
    )


def default_terms(uow: UnitOfWork) -> Terms:
    """Return the lawful least values of today."""

    def number(rule: str, name: str) -> Decimal:
        return uow.house.rules.number(rule, name, on=uow.today)

    return Terms(
        LowBidThresholds(*(number("R-ALP-01", name) for name in ("mean", "next_lowest", "ceiling"))),
        {
            SmallBusiness.SMALL_OR_MICRO: number("R-PRICE-05", "deduction_min"),
            SmallBusiness.PARTNER: number("R-PRICE-05", "joint_min"),
        },
    )


def price_matters_of(uow: UnitOfWork, tender: Tender, bids: Sequence[Bid]) -> PriceMatters:
    """Return what was settled about these bids' prices: four queries, however many bids there are."""
    ids = [bid.id for bid in bids]
    letters: dict[uuid.UUID, list[BidInquiry]] = {}
    rows = select(BidInquiry).where(BidInquiry.bid_id.in_(ids)).order_by(BidInquiry.asked_at, BidInquiry.id)
    for one in uow.session.scalars(rows):
        letters.setdefault(one.bid_id, []).append(one)
    return PriceMatters(
        terms_of(uow, tender),
        uow.now,
        {
            one.bid_id: one
            for one in uow.session.scalars(select(PriceCorrection).where(PriceCorrection.bid_id.in_(ids)))
        },
        {one.bid_id: one for one in uow.session.scalars(select(PriceDeduction).where(PriceDeduction.bid_id.in_(ids)))},
        letters,
    )
