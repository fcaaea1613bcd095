"""States of submitted reports, findings, score sheets and grading cycles."""

from grading.states.archive import ArchiveState, Folder, PaperKind
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
    "ArchiveState",
    "CorrectionKind",
    "CorrectionState",
    "CycleState",
    "DeductionState",
    "Difficulty",
    "DismissalGround",
    "FileRole",
    "FindingState",
    "Folder",
    "LetterStand",
    "LetterState",
    "LineOutcome",
    "ModerationState",
    "PanelWay",
    "PaperKind",
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
