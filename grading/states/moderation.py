"""States of a moderation."""

from __future__ import annotations

from core.i18n import _l
from core.states import State


class ModerationState(State):
    """Where the moderation of a report's ratings stands (R-GRADE.moderation)."""

    ASKED = "asked", _l("待决定是否合议"), "waiting"
    OPEN = "open", _l("合议中"), "active"
    AGREED = "agreed", _l("已形成一致分数"), "good"
    LEFT = "left", _l("维持平均"), "neutral"
    DECLINED = "declined", _l("不予合议"), "neutral"
