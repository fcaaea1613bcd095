"""States of a draw from the bureau's own pool for a committee, and of those it drew (R-POOL-01)."""

from __future__ import annotations

from core.i18n import _l
from core.states import State


class CallState(State):
    """Where a call for experts stands."""

    PLANNED = "planned", _l("待锁定方案"), "active"
    DRAWING = "drawing", _l("抽取中"), "active"
    INVITING = "inviting", _l("已抽取，邀请专家"), "waiting"
    CANCELLED = "cancelled", _l("已取消"), "neutral"


class InviteeState(State):
    """Where a drawn expert stands; whoever accepted sits on the committee."""

    RESERVE = "reserve", _l("候补"), "neutral"
    INVITED = "invited", _l("已邀请"), "waiting"
    ACCEPTED = "accepted", _l("已接受"), "good"
    DECLINED = "declined", _l("已谢绝"), "neutral"
    RECUSED = "recused", _l("已回避"), "bad"
    LAPSED = "lapsed", _l("逾期未答复"), "neutral"
    REPLACED = "replaced", _l("已由他人递补"), "neutral"


INVITEE_GONE = frozenset({InviteeState.DECLINED, InviteeState.RECUSED, InviteeState.LAPSED, InviteeState.REPLACED})
"""Whoever no longer counts and may not follow again."""
