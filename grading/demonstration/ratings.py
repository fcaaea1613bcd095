"""How the demonstration's people rate a report: levels, proposals answered, sheets locked."""

from __future__ import annotations

from decimal import Decimal

from core.unit_of_work import UnitOfWork
from grading.models import QualitySheet, Submission
from grading.queries.rubric import rubric_for
from grading.services.rating import Decision, Mark, kind_of_rater, lines_of, lock_sheet, save_sheet
from grading.services.sheet_content import most_of, proposed_for
from grading.states import DeductionState

CENT = Decimal("0.01")
USUAL = "报告结构完整，建议可操作。"


def rate(
    uow: UnitOfWork, submission: Submission, share: int, comment: str = USUAL, *, locks: bool = True
) -> QualitySheet:
    """Fill in the actor's sheet at a share of each line, accept every proposed deduction, and lock it."""
    rubric = rubric_for(uow, submission)
    accepted = {one.key: Decision(DeductionState.ACCEPTED) for one in proposed_for(uow, submission, rubric)}
    sheet = save_sheet(uow, submission, {}, comment, decisions=accepted)
    marks = {
        line.key: Mark(min(most_of(line, sheet), line.full * share / 100).quantize(CENT), "结合报告质量综合评定。")
        for line in lines_of(uow, submission, kind_of_rater(uow, submission), rubric)
    }
    save_sheet(uow, submission, marks, comment)
    return lock_sheet(uow, submission) if locks else sheet
