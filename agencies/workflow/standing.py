"""The state machines of decisions about the standing and of coaching (R-AGENCY.standing, R-GRADE.C)."""

from __future__ import annotations

from agencies.models import Coaching, StandingDecision
from agencies.permissions import StandingPermission
from agencies.states import CoachingState, DecisionState
from core.i18n import _l
from core.workflow import Transition, Workflow

D, P = DecisionState, StandingPermission

STANDING: Workflow[StandingDecision] = Workflow(
    noun="standing_decision",
    title=_l("在库状态的决定"),
    initial=D.ASKED,
    transitions=(
        Transition(
            "support",
            frozenset({D.ASKED}),
            D.PROPOSED,
            P.PROPOSE,
            _l("审核同意，提交确认"),
            stamp="proposed_at",
            is_manual=False,
        ),
        Transition(
            "decide",
            frozenset({D.PROPOSED}),
            D.DECIDED,
            P.DECIDE,
            _l("确认"),
            primary=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "refuse",
            frozenset({D.ASKED, D.PROPOSED}),
            D.REFUSED,
            P.DECIDE,
            _l("不同意"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "revoke",
            frozenset({D.DECIDED}),
            D.REVOKED,
            P.REVOKE,
            _l("撤销决定"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)

COACHING: Workflow[Coaching] = Workflow(
    noun="coaching",
    title=_l("辅导"),
    initial=CoachingState.RUNNING,
    transitions=(
        Transition(
            "close",
            frozenset({CoachingState.RUNNING}),
            CoachingState.CLOSED,
            P.COACH,
            _l("结束辅导"),
            stamp="closed_at",
            is_manual=False,
        ),
    ),
)
