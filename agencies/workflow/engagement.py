"""The state machine of an engagement: indicators first, then the evaluation, then the report (R-IND-01)."""

from __future__ import annotations

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.states import EngagementState
from core.i18n import _l
from core.workflow import Transition, Workflow

ENGAGEMENT: Workflow[Engagement] = Workflow(
    noun="engagement",
    title=_l("评价委托"),
    initial=EngagementState.PREPARING,
    transitions=(
        Transition(
            "begin",
            frozenset({EngagementState.PREPARING}),
            EngagementState.EVALUATING,
            AgencyPermission.BEGIN_ENGAGEMENT,
            _l("进入评价阶段"),
            is_manual=False,
        ),
        Transition(
            "deliver",
            frozenset({EngagementState.EVALUATING, EngagementState.DELIVERED}),
            EngagementState.DELIVERED,
            AgencyPermission.DELIVER,
            _l("提交报告"),
            is_manual=False,
        ),
        Transition(
            "close",
            frozenset({EngagementState.DELIVERED}),
            EngagementState.CLOSED,
            AgencyPermission.CLOSE,
            _l("办结"),
            is_manual=False,
        ),
        Transition(
            "terminate",
            frozenset({EngagementState.PREPARING, EngagementState.EVALUATING, EngagementState.DELIVERED}),
            EngagementState.TERMINATED,
            AgencyPermission.TERMINATE,
            _l("终止委托"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
