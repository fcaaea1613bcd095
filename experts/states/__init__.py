"""States and classifications of experts, reviews, seats and sheets."""

from experts.states.divisions import Division
from experts.states.invitation import LinkPurpose, ToldAnswer
from experts.states.meeting import OBSERVERS, REPRESENTATIVES, Adoption, Capacity, Presence
from experts.states.pool import (
    ApplicationState,
    AppointmentKind,
    Attendance,
    BudgetFunction,
    Category,
    ChangeState,
    ConflictKind,
    DutyKind,
    DutyRating,
    Education,
    EntryRoute,
    ExitKind,
    ExpertState,
    Gender,
    PaymentState,
    TitleLevel,
)
from experts.states.review import DrawState, Outcome, ReviewState, SeatState
from experts.states.season import SeasonState, SeatedState, Verdict

__all__ = [
    "OBSERVERS",
    "REPRESENTATIVES",
    "Adoption",
    "ApplicationState",
    "AppointmentKind",
    "Attendance",
    "BudgetFunction",
    "Capacity",
    "Category",
    "ChangeState",
    "ConflictKind",
    "Division",
    "DrawState",
    "DutyKind",
    "DutyRating",
    "Education",
    "EntryRoute",
    "ExitKind",
    "ExpertState",
    "Gender",
    "LinkPurpose",
    "Outcome",
    "PaymentState",
    "Presence",
    "ReviewState",
    "SeasonState",
    "SeatState",
    "SeatedState",
    "TitleLevel",
    "ToldAnswer",
    "Verdict",
]
