"""The state machine of the bureau's own rubrics."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from grading.models import RubricVersion
from grading.permissions.rubric import RubricPermission
from grading.states import RubricState

RUBRIC: Workflow[RubricVersion] = Workflow(
    noun="rubric_version",
    title=_l("报告评分标准"),
    initial=RubricState.DRAFT,
    transitions=(
        Transition(
            "fix",
            frozenset({RubricState.DRAFT}),
            RubricState.FIXED,
            RubricPermission.EDIT,
            _l("定稿并启用"),
            stamp="fixed_at",
            is_manual=False,
        ),
    ),
)
