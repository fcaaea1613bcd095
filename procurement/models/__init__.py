"""Tables of tendering."""

from procurement.models.absence import KeyholderAbsence
from procurement.models.acceptance import Acceptance, AcceptanceItem, Payment
from procurement.models.agent import AgentAppointment
from procurement.models.amendment import Amendment, AmendmentKeyholder, BidConfirmation, TenderVersion
from procurement.models.approval import ApprovalGrant, ApprovalSubstitute
from procurement.models.award import Award, AwardProcedure, DepositRefund
from procurement.models.bid import Bid
from procurement.models.bid_inquiry import BidInquiry
from procurement.models.bidder_conflict import ProjectService, SupplierRelation
from procurement.models.call_off import CallOff, CallOffTurn
from procurement.models.chair_vote import ChairVote
from procurement.models.clarification import DocumentHolder, PublishedAnswer, Question
from procurement.models.collusion import (
    BidOrigin,
    CollusionFinding,
    CollusionSearch,
    CollusionSignal,
    CollusionSignalBid,
)
from procurement.models.committee import CommitteeSeat, ConformityItem, ConformityVote, Score
from procurement.models.committee_draw import CommitteeDraw
from procurement.models.complaint import Complaint, ComplaintParty, ComplaintPause
from procurement.models.conduct import ConductRecord
from procurement.models.contract import Contract, Instalment, Supplement
from procurement.models.direct import AskedSupplier, DirectPurchase
from procurement.models.evaluation_events import EvaluationCorrection, IrregularityReport, ReviewPause
from procurement.models.evaluation_terms import EvaluationTerms
from procurement.models.examination import Examination
from procurement.models.framework import Framework, FrameworkMember, FrameworkTerms, Shortlist
from procurement.models.hall import Attendance, Objection
from procurement.models.invitation import Invitation, SupplierDraw
from procurement.models.key_drill import KeyDrill
from procurement.models.low_bid_review import LowBidReview
from procurement.models.ocds_release import OcdsRelease
from procurement.models.opening import Opening, OpeningShare
from procurement.models.plan import Plan, PlanItem, PlanItemProject
from procurement.models.pool_draw import CommitteeCall, CommitteeInvitee
from procurement.models.postponement import Postponement
from procurement.models.preparation import (
    Intention,
    Preparation,
    RequirementAuthor,
    RequirementReview,
    RequirementSurvey,
)
from procurement.models.price_correction import PriceCorrection
from procurement.models.price_deduction import PriceDeduction
from procurement.models.public_notice import PublicNotice
from procurement.models.red_flag import RedFlag
from procurement.models.remedies import Challenge, Inquiry, RemedyClock
from procurement.models.retender import Retender
from procurement.models.review_session import DutyRecord, ReviewSession
from procurement.models.rounds import FinalCall, FinalOffer, FinalShare, NegotiationRound, RequirementChange
from procurement.models.supervision import CaseNote, Inspection, InspectionFinding, InspectionTarget, SupervisionCase
from procurement.models.tender import Criterion, Keyholder, Lot, LotProject, Tender

__all__ = [
    "Acceptance",
    "AcceptanceItem",
    "AgentAppointment",
    "Amendment",
    "AmendmentKeyholder",
    "ApprovalGrant",
    "ApprovalSubstitute",
    "AskedSupplier",
    "Attendance",
    "Award",
    "AwardProcedure",
    "Bid",
    "BidConfirmation",
    "BidInquiry",
    "BidOrigin",
    "CallOff",
    "CallOffTurn",
    "CaseNote",
    "ChairVote",
    "Challenge",
    "CollusionFinding",
    "CollusionSearch",
    "CollusionSignal",
    "CollusionSignalBid",
    "CommitteeCall",
    "CommitteeDraw",
    "CommitteeInvitee",
    "CommitteeSeat",
    "Complaint",
    "ComplaintParty",
    "ComplaintPause",
    "ConductRecord",
    "ConformityItem",
    "ConformityVote",
    "Contract",
    "Criterion",
    "DepositRefund",
    "DirectPurchase",
    "DocumentHolder",
    "DutyRecord",
    "EvaluationCorrection",
    "EvaluationTerms",
    "Examination",
    "FinalCall",
    "FinalOffer",
    "FinalShare",
    "Framework",
    "FrameworkMember",
    "FrameworkTerms",
    "Inquiry",
    "Inspection",
    "InspectionFinding",
    "InspectionTarget",
    "Instalment",
    "Intention",
    "Invitation",
    "IrregularityReport",
    "KeyDrill",
    "Keyholder",
    "KeyholderAbsence",
    "Lot",
    "LotProject",
    "LowBidReview",
    "NegotiationRound",
    "Objection",
    "OcdsRelease",
    "Opening",
    "OpeningShare",
    "Payment",
    "Plan",
    "PlanItem",
    "PlanItemProject",
    "Postponement",
    "Preparation",
    "PriceCorrection",
    "PriceDeduction",
    "ProjectService",
    "PublicNotice",
    "PublishedAnswer",
    "Question",
    "RedFlag",
    "RemedyClock",
    "RequirementAuthor",
    "RequirementChange",
    "RequirementReview",
    "RequirementSurvey",
    "Retender",
    "ReviewPause",
    "ReviewSession",
    "Score",
    "Shortlist",
    "SupervisionCase",
    "Supplement",
    "SupplierDraw",
    "SupplierRelation",
    "Tender",
    "TenderVersion",
]
