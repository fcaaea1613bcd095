"""The room's state machines."""

from grading.workflow.cycle import APPEAL, CYCLE
from grading.workflow.moderation import MODERATION
from grading.workflow.report import FINDING, LETTER, SUBMISSION, all_answered, all_disposed, not_scored
from grading.workflow.rubric import RUBRIC
from grading.workflow.sheet import SHEET

__all__ = [
    "APPEAL",
    "CYCLE",
    "FINDING",
    "LETTER",
    "MODERATION",
    "RUBRIC",
    "SHEET",
    "SUBMISSION",
    "all_answered",
    "all_disposed",
    "not_scored",
]
