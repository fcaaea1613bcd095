"""States of tendering and the kinds of things in it, each with its words; one noun a file."""

from experts.states import DutyRating
from procurement.states.agents import AgentStep
from procurement.states.bids import BidState, Outcome
from procurement.states.clarifications import AmendmentState, Consequence, QuestionState, QuestionSubject
from procurement.states.collusion import Sign, SignExcuse, SignForm, SignVerdict, SignWeight
from procurement.states.committee import (
    GONE,
    CorrectionGround,
    DisciplineCode,
    SeatCategory,
    SeatSource,
    SeatState,
)
from procurement.states.conduct import ConductCode, RelationKind, Sanction, ServiceKind
from procurement.states.contracts import (
    AcceptanceState,
    ContractState,
    DepartureGround,
    PaymentState,
    StandardKind,
    SupplementKind,
    SupplementState,
)
from procurement.states.direct import SoleGround
from procurement.states.evaluation import (
    CorrectionOrder,
    InquiryKind,
    InquiryStanding,
    PauseGround,
    PriceStanding,
    TieMethod,
)
from procurement.states.frameworks import FrameworkState, MemberState, RemovalGround, TurnDeed
from procurement.states.methods import InvitationOrigin, InvitationSource, OfferState
from procurement.states.notices import NoticeKind
from procurement.states.openings import ShareResult
from procurement.states.planning import (
    Category,
    KeyAspect,
    PlanState,
    RespondentKind,
    ReviewKind,
    SmeReservation,
    SurveyMeans,
)
from procurement.states.pool_draw import INVITEE_GONE, CallState, InviteeState
from procurement.states.red_flags import FlagRole, Indicator
from procurement.states.remedies import (
    ChallengeBasis,
    ChallengeState,
    ComplaintState,
    DismissalGround,
    InquiryState,
    Measure,
    ProcessStep,
    Verdict,
)
from procurement.states.supervision import CaseOrigin, CaseOutcome, CaseState, CheckItem, Finding, InspectionState
from procurement.states.tenders import CriterionKind, Evaluation, FailureGround, Method, TenderState

__all__ = [
    "GONE",
    "INVITEE_GONE",
    "AcceptanceState",
    "AgentStep",
    "AmendmentState",
    "BidState",
    "CallState",
    "CaseOrigin",
    "CaseOutcome",
    "CaseState",
    "Category",
    "ChallengeBasis",
    "ChallengeState",
    "CheckItem",
    "ComplaintState",
    "ConductCode",
    "Consequence",
    "ContractState",
    "CorrectionGround",
    "CorrectionOrder",
    "CriterionKind",
    "DepartureGround",
    "DisciplineCode",
    "DismissalGround",
    "DutyRating",
    "Evaluation",
    "FailureGround",
    "Finding",
    "FlagRole",
    "FrameworkState",
    "Indicator",
    "InquiryKind",
    "InquiryStanding",
    "InquiryState",
    "InspectionState",
    "InvitationOrigin",
    "InvitationSource",
    "InviteeState",
    "KeyAspect",
    "Measure",
    "MemberState",
    "Method",
    "NoticeKind",
    "OfferState",
    "Outcome",
    "PauseGround",
    "PaymentState",
    "PlanState",
    "PriceStanding",
    "ProcessStep",
    "QuestionState",
    "QuestionSubject",
    "RelationKind",
    "RemovalGround",
    "RespondentKind",
    "ReviewKind",
    "Sanction",
    "SeatCategory",
    "SeatSource",
    "SeatState",
    "ServiceKind",
    "ShareResult",
    "Sign",
    "SignExcuse",
    "SignForm",
    "SignVerdict",
    "SignWeight",
    "SmeReservation",
    "SoleGround",
    "StandardKind",
    "SupplementKind",
    "SupplementState",
    "SurveyMeans",
    "TenderState",
    "TieMethod",
    "TurnDeed",
    "Verdict",
]
