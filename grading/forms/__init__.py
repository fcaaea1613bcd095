"""Forms of the grading room: shape only; what the rules say is in the services."""

from grading.forms.cycle import AppealForm, DecideAppealForm, ReasonForm, YearForm, rule_set_choices
from grading.forms.rating import ScoreForm, points_in, sheet_form
from grading.forms.report import AskForm, BatchForm, BulkForm, DeliverForm, DisposeForm, Money, answer_form, answers_in

__all__ = [
    "AppealForm",
    "AskForm",
    "BatchForm",
    "BulkForm",
    "DecideAppealForm",
    "DeliverForm",
    "DisposeForm",
    "Money",
    "ReasonForm",
    "ScoreForm",
    "YearForm",
    "answer_form",
    "answers_in",
    "points_in",
    "rule_set_choices",
    "sheet_form",
]
