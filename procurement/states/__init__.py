"""States of tendering and the kinds of things in it, each with its words; one noun a file."""

from procurement.states.bids import BidState, Outcome
from procurement.states.committee import CorrectionGround, SeatCategory, SeatState
from procurement.states.tenders import CriterionKind, Evaluation, FailureGround, Method, TenderState

__all__ = [
    "BidState",
    "CorrectionGround",
    "CriterionKind",
    "Evaluation",
    "FailureGround",
    "Method",
    "Outcome",
    "SeatCategory",
    "SeatState",
    "TenderState",
]
