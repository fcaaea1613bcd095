"""States of submitted reports, findings, score sheets and grading cycles."""

from grading.states.comment import LetterStand, Party, PathStep, ReportKind, RoundState
from grading.states.cycle import AppealState, CorrectionKind, CorrectionState, CycleState, LineOutcome
from grading.states.moderation import ModerationState
from grading.states.quality_report import QualityReportState
from grading.states.rating import DeductionState, Difficulty, PartState, RaterKind, SheetState
from grading.states.report import DismissalGround, FileRole, FindingState, LetterState, Stance, SubmissionState
from grading.states.report_review import PanelWay, ReportReviewState, ReportSeatState
from grading.states.rubric import RubricState

__all__ = [
    "AppealState",
    "CorrectionKind",
    "CorrectionState",
    "CycleState",
    "DeductionState",
    "Difficulty",
    "DismissalGround",
    "FileRole",
    "FindingState",
    "LetterStand",
    "LetterState",
    "LineOutcome",
    "ModerationState",
    "PanelWay",
    "PartState",
    "Party",
    "PathStep",
    "QualityReportState",
    "RaterKind",
    "ReportKind",
    "ReportReviewState",
    "ReportSeatState",
    "RoundState",
    "RubricState",
    "SheetState",
    "Stance",
    "SubmissionState",
]
