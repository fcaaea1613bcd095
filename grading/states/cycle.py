"""States of a year's grading and of appeals."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class AppealState(State):
    """Where an agency's appeal against its grade stands."""

    FILED = "filed", _l("待处理"), "waiting"
    UPHELD = "upheld", _l("申诉成立，已更正"), "good"
    PARTLY = "partly", _l("部分成立，已更正"), "good"
    REJECTED = "rejected", _l("申诉不成立"), "neutral"
    LAPSED = "lapsed", _l("征求意见撤回，不再处理"), "neutral"


class LineOutcome(Titled):
    """What was decided on one line of an appeal."""

    UPHELD = "upheld", _l("成立")
    REJECTED = "rejected", _l("不成立")


class CorrectionKind(Titled):
    """What becomes of a published grade."""

    CORRECT = "correct", _l("更正等级")
    WITHDRAW = "withdraw", _l("撤销等级")


class CorrectionState(State):
    """Where a correction after publication stands."""

    PROPOSED = "proposed", _l("待复核"), "waiting"
    CONFIRMED = "confirmed", _l("已更正并公告"), "good"
    DECLINED = "declined", _l("不予更正"), "neutral"


class CycleState(State):
    """Where a year's grading of agencies stands."""

    PREVIEW = "preview", _l("测算中"), "active"
    ANNOUNCED = "announced", _l("征求意见中"), "waiting"
    PUBLISHED = "published", _l("已公布"), "good"
    DROPPED = "dropped", _l("已作废"), "neutral"
