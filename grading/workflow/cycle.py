"""The state machines of a year's grading and of appeals."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from grading.models import GradeAppeal, GradingCycle
from grading.permissions import GradePermission
from grading.states import AppealState, CycleState

CYCLE: Workflow[GradingCycle] = Workflow(
    noun="grading_cycle",
    title=_l("年度评级"),
    initial=CycleState.PREVIEW,
    transitions=(
        Transition(
            "publish",
            frozenset({CycleState.PREVIEW}),
            CycleState.PUBLISHED,
            GradePermission.PUBLISH,
            _l("公布评级"),
            stamp="published_at",
            is_manual=False,
        ),
        Transition(
            "drop",
            frozenset({CycleState.PREVIEW}),
            CycleState.DROPPED,
            GradePermission.DROP,
            _l("作废，另开一轮"),
            needs_reason=True,
            stamp="dropped_at",
            is_manual=False,
        ),
    ),
)


APPEAL: Workflow[GradeAppeal] = Workflow(
    noun="grade_appeal",
    title=_l("评级申诉"),
    initial=AppealState.FILED,
    transitions=(
        Transition(
            "uphold",
            frozenset({AppealState.FILED}),
            AppealState.UPHELD,
            GradePermission.DECIDE_APPEAL,
            _l("申诉成立"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "reject",
            frozenset({AppealState.FILED}),
            AppealState.REJECTED,
            GradePermission.DECIDE_APPEAL,
            _l("申诉不成立"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
    ),
)
