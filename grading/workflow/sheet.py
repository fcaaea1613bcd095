"""The state machine of a rater's sheet."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from grading.models import QualitySheet
from grading.permissions import SubmissionPermission
from grading.states import SheetState

SHEET: Workflow[QualitySheet] = Workflow(
    noun="quality_sheet",
    title=_l("报告评分表"),
    initial=SheetState.DRAFT,
    transitions=(
        Transition(
            "lock",
            frozenset({SheetState.DRAFT}),
            SheetState.LOCKED,
            SubmissionPermission.LOCK_SHEET,
            _l("锁定评分"),
            stamp="locked_at",
            is_manual=False,
        ),
    ),
)
