"""The state machine of an application to enter the pool (R-EXP-01)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from experts.models import ExpertApplication
from experts.permissions import ApplicationPermission
from experts.states import ApplicationState

APPLICATION: Workflow[ExpertApplication] = Workflow(
    noun="expert_application",
    title=_l("入库申请"),
    initial=ApplicationState.INVITED,
    transitions=(
        Transition(
            "submit",
            frozenset({ApplicationState.INVITED, ApplicationState.RETURNED}),
            ApplicationState.SUBMITTED,
            ApplicationPermission.FILL,
            _l("提交申请"),
            stamp="submitted_at",
            is_manual=False,
        ),
        Transition(
            "return",
            frozenset({ApplicationState.SUBMITTED}),
            ApplicationState.RETURNED,
            ApplicationPermission.DECIDE,
            _l("退回补正"),
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "admit",
            frozenset({ApplicationState.SUBMITTED}),
            ApplicationState.ADMITTED,
            ApplicationPermission.DECIDE,
            _l("同意入库"),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "reject",
            frozenset({ApplicationState.SUBMITTED}),
            ApplicationState.REJECTED,
            ApplicationPermission.DECIDE,
            _l("不予入库"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({ApplicationState.INVITED, ApplicationState.SUBMITTED, ApplicationState.RETURNED}),
            ApplicationState.WITHDRAWN,
            ApplicationPermission.FILL,
            _l("撤回申请"),
            stamp="decided_at",
            is_manual=False,
        ),
    ),
)
