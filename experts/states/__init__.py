"""States and classifications of experts, reviews, seats and sheets."""

from experts.states.pool import Category, ConflictKind, DutyRating, ExpertState, TitleLevel
from experts.states.review import DrawState, Outcome, ReviewState, SeatState

__all__ = [
    "Category",
    "ConflictKind",
    "DrawState",
    "DutyRating",
    "ExpertState",
    "Outcome",
    "ReviewState",
    "SeatState",
    "TitleLevel",
]
