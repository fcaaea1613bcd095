"""States of submitted reports, findings, score sheets and grading cycles."""

from grading.states.cycle import AppealState, CycleState, LineOutcome
from grading.states.rating import Difficulty, RaterKind, SheetState
from grading.states.report import DismissalGround, FileRole, FindingState, LetterState, Stance, SubmissionState

__all__ = [
    "AppealState",
    "CycleState",
    "Difficulty",
    "DismissalGround",
    "FileRole",
    "FindingState",
    "LetterState",
    "LineOutcome",
    "RaterKind",
    "SheetState",
    "Stance",
    "SubmissionState",
]
