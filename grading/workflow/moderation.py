"""The state machine of a moderation (R-GRADE.moderation)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from grading.models import Moderation
from grading.permissions.moderation import ModerationPermission
from grading.states import ModerationState

M, P = ModerationState, ModerationPermission

MODERATION: Workflow[Moderation] = Workflow(
    noun="moderation",
    title=_l("评分合议"),
    initial=M.ASKED,
    transitions=(
        Transition(
            "open", frozenset({M.ASKED}), M.OPEN, P.CONCLUDE, _l("召集合议"), stamp="opened_at", is_manual=False
        ),
        Transition(
            "decline",
            frozenset({M.ASKED}),
            M.DECLINED,
            P.CONCLUDE,
            _l("不予合议"),
            stamp="closed_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "agree",
            frozenset({M.OPEN}),
            M.AGREED,
            P.CONCLUDE,
            _l("记录一致分数"),
            stamp="closed_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "leave",
            frozenset({M.OPEN}),
            M.LEFT,
            P.CONCLUDE,
            _l("维持平均"),
            stamp="closed_at",
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
