"""The state machine of a request for the bureau's consent (R-AGENCY-07, R-AGENCY-10, R-AGENCY-14)."""

from __future__ import annotations

from agencies.models import EngagementRequest
from agencies.permissions import FollowingPermission
from agencies.states import RequestState
from core.i18n import _l
from core.workflow import Transition, Workflow

REQUEST: Workflow[EngagementRequest] = Workflow(
    noun="engagement_request",
    title=_l("机构的申请"),
    initial=RequestState.ASKED,
    transitions=(
        Transition(
            "agree",
            frozenset({RequestState.ASKED}),
            RequestState.AGREED,
            FollowingPermission.DECIDE,
            _l("同意申请"),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "refuse",
            frozenset({RequestState.ASKED}),
            RequestState.REFUSED,
            FollowingPermission.DECIDE,
            _l("不同意申请"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({RequestState.ASKED}),
            RequestState.WITHDRAWN,
            FollowingPermission.WITHDRAW,
            _l("撤回申请"),
            stamp="decided_at",
            is_manual=False,
        ),
    ),
)
