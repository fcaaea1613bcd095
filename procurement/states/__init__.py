"""States of tendering and the kinds of things in it, each with its words; one noun a file."""

from procurement.states.bids import BidState, Outcome
from procurement.states.committee import CorrectionGround, SeatCategory, SeatState
from procurement.states.notices import NoticeKind
from procurement.states.planning import (
    Category,
    KeyAspect,
    PlanState,
    RespondentKind,
    ReviewKind,
    SmeReservation,
    SurveyMeans,
)
from procurement.states.tenders import CriterionKind, Evaluation, FailureGround, Method, TenderState

__all__ = [
    "BidState",
    "Category",
    "CorrectionGround",
    "CriterionKind",
    "Evaluation",
    "FailureGround",
    "KeyAspect",
    "Method",
    "NoticeKind",
    "Outcome",
    "PlanState",
    "RespondentKind",
    "ReviewKind",
    "SeatCategory",
    "SeatState",
    "SmeReservation",
    "SurveyMeans",
    "TenderState",
]
