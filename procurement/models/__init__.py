"""Tables of tendering."""

from procurement.models.absence import KeyholderAbsence
from procurement.models.approval import ApprovalGrant, ApprovalSubstitute
from procurement.models.award import Award
from procurement.models.bid import Bid
from procurement.models.committee import CommitteeSeat, ConformityVote, Score
from procurement.models.examination import Examination
from procurement.models.hall import Attendance, Objection
from procurement.models.low_bid_review import LowBidReview
from procurement.models.opening import Opening, OpeningShare
from procurement.models.plan import Plan, PlanItem, PlanItemProject
from procurement.models.postponement import Postponement
from procurement.models.preparation import (
    Intention,
    Preparation,
    RequirementAuthor,
    RequirementReview,
    RequirementSurvey,
)
from procurement.models.remedies import Challenge, Inquiry, RemedyClock
from procurement.models.retender import Retender
from procurement.models.tender import Criterion, Keyholder, Lot, LotProject, Tender

__all__ = [
    "ApprovalGrant",
    "ApprovalSubstitute",
    "Attendance",
    "Award",
    "Bid",
    "Challenge",
    "CommitteeSeat",
    "ConformityVote",
    "Criterion",
    "Examination",
    "Inquiry",
    "Intention",
    "Keyholder",
    "KeyholderAbsence",
    "Lot",
    "LotProject",
    "LowBidReview",
    "Objection",
    "Opening",
    "OpeningShare",
    "Plan",
    "PlanItem",
    "PlanItemProject",
    "Postponement",
    "Preparation",
    "RemedyClock",
    "RequirementAuthor",
    "RequirementReview",
    "RequirementSurvey",
    "Retender",
    "Score",
    "Tender",
]
