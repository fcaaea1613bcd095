"""Forms of the grading room: shape only; what the rules say is in the services."""

from grading.forms.appeal import (
    MOST_ROWS,
    ROWS,
    StatementForm,
    appeal_form,
    contested_in,
    decision_form,
    decisions_in,
    target_choices,
)
from grading.forms.comment import InternalReviewForm, comments_form, comments_in, replies_form, replies_in
from grading.forms.cycle import ReasonForm, YearForm, rule_set_choices
from grading.forms.quality_report import QualityReportForm
from grading.forms.rating import ScoreForm, sheet_form
from grading.forms.report import AskForm, BatchForm, BulkForm, DeliverForm, DisposeForm, Money, answer_form, answers_in

__all__ = [
    "MOST_ROWS",
    "ROWS",
    "AskForm",
    "BatchForm",
    "BulkForm",
    "DeliverForm",
    "DisposeForm",
    "InternalReviewForm",
    "Money",
    "QualityReportForm",
    "ReasonForm",
    "ScoreForm",
    "StatementForm",
    "YearForm",
    "answer_form",
    "answers_in",
    "appeal_form",
    "comments_form",
    "comments_in",
    "contested_in",
    "decision_form",
    "decisions_in",
    "replies_form",
    "replies_in",
    "rule_set_choices",
    "sheet_form",
    "target_choices",
]
