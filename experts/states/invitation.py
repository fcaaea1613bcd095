"""What a link is for, and what was said by telephone."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class LinkPurpose(Titled):
    """What a link lets its holder do; never to sign in."""

    ANSWER = "answer", _l("答复邀请")
    CALENDAR = "calendar", _l("读取日程")


class ToldAnswer(Titled):
    """An answer that an officer heard."""

    ACCEPT = "accept", _l("接受，并逐项确认没有应当回避的情形")
    DECLINE = "decline", _l("谢绝")
    RECUSE = "recuse", _l("有应当回避的情形")
