"""The state machines of a call for committee experts and of its invitations (R-POOL-01, R-EXP-02)."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from procurement.models import CommitteeCall, CommitteeInvitee
from procurement.permissions import PoolDrawPermission
from procurement.states import CallState, InviteeState

C, V, P = CallState, InviteeState, PoolDrawPermission

CALL: Workflow[CommitteeCall] = Workflow(
    noun="committee_call",
    title=_l("评审专家抽取"),
    initial=C.PLANNED,
    transitions=(
        Transition("lock", frozenset({C.PLANNED}), C.DRAWING, P.PLAN, _l("锁定抽取方案"), is_manual=False),
        Transition("invite", frozenset({C.DRAWING}), C.INVITING, P.ADVANCE, _l("抽取完成，发出邀请"), is_manual=False),
        Transition(
            "cancel",
            frozenset({C.PLANNED, C.DRAWING}),
            C.CANCELLED,
            P.PLAN,
            _l("取消抽取"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)

INVITEE: Workflow[CommitteeInvitee] = Workflow(
    noun="committee_invitee",
    title=_l("评标邀请"),
    initial=V.RESERVE,
    transitions=(
        Transition(
            "invite",
            frozenset({V.RESERVE}),
            V.INVITED,
            P.ADVANCE,
            _l("邀请"),
            stamp="invited_at",
            is_manual=False,
        ),
        Transition(
            "accept",
            frozenset({V.INVITED}),
            V.ACCEPTED,
            P.ANSWER,
            _l("接受邀请"),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "decline",
            frozenset({V.INVITED}),
            V.DECLINED,
            P.ANSWER,
            _l("谢绝邀请"),
            stamp="answered_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "recuse",
            frozenset({V.RESERVE, V.INVITED}),
            V.RECUSED,
            P.ANSWER,
            _l("回避"),
            stamp="answered_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition("lapse", frozenset({V.INVITED}), V.LAPSED, P.REPLACE, _l("视为不能参加"), is_manual=False),
        Transition(
            "replace",
            frozenset({V.ACCEPTED}),
            V.REPLACED,
            P.REPLACE,
            _l("由候补递补"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
