"""Tables of tendering."""

from procurement.models.award import Award
from procurement.models.bid import Bid
from procurement.models.committee import CommitteeSeat, ConformityVote, Score
from procurement.models.examination import Examination
from procurement.models.low_bid_review import LowBidReview
from procurement.models.opening import Opening, OpeningShare
from procurement.models.tender import Criterion, Keyholder, Lot, LotProject, Tender

__all__ = [
    "Award",
    "Bid",
    "CommitteeSeat",
    "ConformityVote",
    "Criterion",
    "Examination",
    "Keyholder",
    "Lot",
    "LotProject",
    "LowBidReview",
    "Opening",
    "OpeningShare",
    "Score",
    "Tender",
]
