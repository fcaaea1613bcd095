"""States of reviews, draws, seats and sheets."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class ReviewState(State):
    """Where an indicator review stands (R-IND-01)."""

    CONVENED = "convened", _l("已召集"), "active"
    DRAWING = "drawing", _l("抽取中"), "active"
    INVITING = "inviting", _l("邀请专家"), "waiting"
    SCORING = "scoring", _l("专家评审中"), "active"
    SCORED = "scored", _l("评审完成待决定"), "waiting"
    PASSED = "passed", _l("通过并同意"), "good"
    RETURNED = "returned", _l("退回修改"), "bad"
    CANCELLED = "cancelled", _l("已取消"), "neutral"


class DrawState(State):
    """Where a draw stands; a void one is followed by the next attempt."""

    COMMITTED = "committed", _l("方案已锁定"), "active"
    REVEALING = "revealing", _l("等待揭示"), "waiting"
    DONE = "done", _l("已抽取"), "good"
    VOID = "void", _l("作废"), "bad"


class SeatState(State):
    """Where a drawn expert stands."""

    RESERVE = "reserve", _l("候补"), "neutral"
    INVITED = "invited", _l("已邀请"), "waiting"
    ACCEPTED = "accepted", _l("已接受"), "active"
    DECLINED = "declined", _l("已谢绝"), "neutral"
    RECUSED = "recused", _l("已回避"), "bad"
    LAPSED = "lapsed", _l("逾期未答复"), "neutral"
    RELEASED = "released", _l("未递补"), "neutral"
    SUBMITTED = "submitted", _l("已提交评审意见"), "good"


class Outcome(Titled):
    """What the panel's sheets add up to (R-IND)."""

    PASS = "pass", _l("通过")
    REVISE = "revise", _l("修改后复审")
    RETURN = "return", _l("退回")
