"""Where a season of reviews stands, and what an officer decided about a pair by hand."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class SeasonState(State):
    """Where a season stands."""

    PREPARING = "preparing", _l("准备中"), "active"
    COMPUTING = "computing", _l("计算中"), "waiting"
    PROPOSED = "proposed", _l("已有方案"), "active"
    PUBLISHED = "published", _l("已发布"), "good"
    CANCELLED = "cancelled", _l("已取消"), "neutral"


class Verdict(Titled):
    """A pair decided by hand; the rest is computed around it."""

    SEAT = "seat", _l("指定参加")
    BAR = "bar", _l("不参加本项")


class SeatedState(Titled):
    """What became of a review when the season was published."""

    WAITING = "waiting", _l("等待发出")
    SEATED = "seated", _l("已发出邀请")
    SKIPPED = "skipped", _l("未发出")
