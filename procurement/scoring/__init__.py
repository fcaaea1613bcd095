"""Committee rules, exact prices and points, totals and ranking, and the award's record. Pure: no database needed.

Every number is a `Decimal` or an exact fraction; rounding happens once per printed figure, half up, to the places that
the scheme states (two by default), and ranking uses the printed figures, so that anyone can redo it by hand.
"""

from __future__ import annotations

from procurement.scoring.award_record import (
    Award,
    Deduction,
    PriceChange,
    award_record,
    public_award_record,
    verify_award,
)
from procurement.scoring.committee import CommitteeRule, Member, SeatKind, check_committee, committee_rule
from procurement.scoring.criteria import Band, Criterion, CriterionKind, Scheme, check_scheme
from procurement.scoring.deductions import SmallBusiness, check_deduction, evaluation_price
from procurement.scoring.low_bids import LowBid, LowBidTest, LowBidThresholds, low_bids
from procurement.scoring.lowest_price import PRICE_ALONE, by_price
from procurement.scoring.outliers import Outlier, outliers
from procurement.scoring.price import (
    Procedure,
    Subject,
    benchmark_price,
    check_price_weight,
    price_points,
    price_weight_range,
)
from procurement.scoring.price_mismatch import Corrected, MismatchGround, StatedPrices, correct_price
from procurement.scoring.ranking import BidScore, Offer, merits_of, rank, score_bids
from procurement.scoring.sheets import Sheet, check_sheets
from procurement.scoring.ties import TieDraw

__all__ = [
    "PRICE_ALONE",
    "Award",
    "Band",
    "BidScore",
    "CommitteeRule",
    "Corrected",
    "Criterion",
    "CriterionKind",
    "Deduction",
    "LowBid",
    "LowBidTest",
    "LowBidThresholds",
    "Member",
    "MismatchGround",
    "Offer",
    "Outlier",
    "PriceChange",
    "Procedure",
    "Scheme",
    "SeatKind",
    "Sheet",
    "SmallBusiness",
    "StatedPrices",
    "Subject",
    "TieDraw",
    "award_record",
    "benchmark_price",
    "by_price",
    "check_committee",
    "check_deduction",
    "check_price_weight",
    "check_scheme",
    "check_sheets",
    "committee_rule",
    "correct_price",
    "evaluation_price",
    "low_bids",
    "merits_of",
    "outliers",
    "price_points",
    "price_weight_range",
    "public_award_record",
    "rank",
    "score_bids",
    "verify_award",
]
