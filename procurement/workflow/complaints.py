"""The state machine of a complaint; only procurement supervision decides."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from procurement.models import Complaint
from procurement.permissions import ComplaintPermission as P
from procurement.states import ComplaintState as S

COMPLAINT: Workflow[Complaint] = Workflow(
    noun="complaint",
    title=_l("投诉"),
    initial=S.FILED,
    transitions=(
        Transition("accept", frozenset({S.FILED}), S.ACCEPTED, P.HANDLE, _l("受理"), stamp="accepted_at", primary=True),
        Transition("correct", frozenset({S.FILED}), S.CORRECTING, P.HANDLE, _l("通知补正"), needs_reason=True),
        Transition("supplement", frozenset({S.CORRECTING}), S.FILED, P.SUPPLEMENT, _l("提交补正材料"), is_manual=False),
        Transition(
            "refuse", frozenset({S.FILED, S.CORRECTING}), S.REFUSED, P.HANDLE, _l("不予受理"), needs_reason=True
        ),
        Transition(
            "dismiss",
            frozenset({S.ACCEPTED}),
            S.DISMISSED,
            P.HANDLE,
            _l("驳回投诉"),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "uphold",
            frozenset({S.ACCEPTED}),
            S.UPHELD,
            P.HANDLE,
            _l("认定投诉成立"),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({S.FILED, S.CORRECTING, S.ACCEPTED}),
            S.WITHDRAWN,
            P.WITHDRAW,
            _l("撤回投诉"),
            needs_reason=True,
        ),
    ),
)
