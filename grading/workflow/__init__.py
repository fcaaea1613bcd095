"""The room's state machines."""

from grading.workflow.archive import ARCHIVE
from grading.workflow.comment import COMMENTS, ROUND, commented, numbers_unanswered, parties_waited_for
from grading.workflow.cycle import APPEAL, CORRECTION, CYCLE
from grading.workflow.moderation import MODERATION
from grading.workflow.quality_report import QUALITY_REPORT
from grading.workflow.report import FINDING, LETTER, SUBMISSION, all_answered, all_disposed, not_scored
from grading.workflow.report_review import REPORT_REVIEW, REPORT_SEAT
from grading.workflow.rubric import RUBRIC
from grading.workflow.sheet import SHEET

__all__ = [
    "APPEAL",
    "ARCHIVE",
    "COMMENTS",
    "CORRECTION",
    "CYCLE",
    "FINDING",
    "LETTER",
    "MODERATION",
    "QUALITY_REPORT",
    "REPORT_REVIEW",
    "REPORT_SEAT",
    "ROUND",
    "RUBRIC",
    "SHEET",
    "SUBMISSION",
    "all_answered",
    "all_disposed",
    "commented",
    "not_scored",
    "numbers_unanswered",
    "parties_waited_for",
]
