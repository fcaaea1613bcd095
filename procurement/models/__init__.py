"""Tables of tendering."""

from procurement.models.approval import ApprovalGrant, ApprovalSubstitute
from procurement.models.award import Award
from procurement.models.bid import Bid
from procurement.models.committee import CommitteeSeat, ConformityVote, Score
from procurement.models.examination import Examination
from procurement.models.low_bid_review import LowBidReview
from procurement.models.ocds_release import OcdsRelease
from procurement.models.opening import Opening, OpeningShare
from procurement.models.plan import Plan, PlanItem, PlanItemProject
from procurement.models.preparation import (
    Intention,
    Preparation,
    RequirementAuthor,
    RequirementReview,
    RequirementSurvey,
)
from procurement.models.public_notice import PublicNotice
from procurement.models.tender import Criterion, Keyholder, Lot, LotProject, Tender

__all__ = [
    "ApprovalGrant",
    "ApprovalSubstitute",
    "Award",
    "Bid",
    "CommitteeSeat",
    "ConformityVote",
    "Criterion",
    "Examination",
    "Intention",
    "Keyholder",
    "Lot",
    "LotProject",
    "LowBidReview",
    "OcdsRelease",
    "Opening",
    "OpeningShare",
    "Plan",
    "PlanItem",
    "PlanItemProject",
    "Preparation",
    "PublicNotice",
    "RequirementAuthor",
    "RequirementReview",
    "RequirementSurvey",
    "Score",
    "Tender",
]
