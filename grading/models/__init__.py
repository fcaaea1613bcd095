"""Tables of report checking, quality scoring and grading."""

from grading.models.appeal import AppealLine, EntryConsent, GradeAppeal
from grading.models.archive import ArchivePaper, EvaluationArchive
from grading.models.certificate import GradeCertificate
from grading.models.check_batch import CheckBatch, CheckItem
from grading.models.comment import CommentLetter, CommentRound, ReportComment
from grading.models.correction import GradeCorrection
from grading.models.cycle import CycleEntry, GradingCycle
from grading.models.cycle_run import CycleChunk, CycleRater, CycleRun, CycleTask
from grading.models.finding import ReportFinding
from grading.models.internal_review import InternalReview
from grading.models.key_figures import KeyFigures
from grading.models.moderation import Moderation
from grading.models.quality import QualityDeduction, QualityLine, QualitySheet, TaskScore
from grading.models.quality_report import QualityReport
from grading.models.question import QuestionItem, QuestionLetter
from grading.models.recycled import RecycledPassage, ReportPrint
from grading.models.report_review import ReportGuest, ReportReview, ReportSeat
from grading.models.rubric import RubricChoice, RubricVersion
from grading.models.signature import LeadSignature
from grading.models.submission import Submission
from grading.models.submission_file import SubmissionFile
from grading.models.task_rating import Measure, TaskRating
from grading.models.triage_version import TriageVersion

__all__ = [
    "AppealLine",
    "ArchivePaper",
    "CheckBatch",
    "CheckItem",
    "CommentLetter",
    "CommentRound",
    "CycleChunk",
    "CycleEntry",
    "CycleRater",
    "CycleRun",
    "CycleTask",
    "EntryConsent",
    "EvaluationArchive",
    "GradeAppeal",
    "GradeCertificate",
    "GradeCorrection",
    "GradingCycle",
    "InternalReview",
    "KeyFigures",
    "LeadSignature",
    "Measure",
    "Moderation",
    "QualityDeduction",
    "QualityLine",
    "QualityReport",
    "QualitySheet",
    "QuestionItem",
    "QuestionLetter",
    "RecycledPassage",
    "ReportComment",
    "ReportFinding",
    "ReportGuest",
    "ReportPrint",
    "ReportReview",
    "ReportSeat",
    "RubricChoice",
    "RubricVersion",
    "Submission",
    "SubmissionFile",
    "TaskRating",
    "TaskScore",
    "TriageVersion",
]
