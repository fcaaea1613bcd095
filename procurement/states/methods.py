"""Where invited suppliers come from, and what becomes of a sealed final offer."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class InvitationSource(Titled):
    """The lawful source of the suppliers that are invited, named in the file (R-TENDER-10)."""

    PREQUALIFICATION = "prequalification", _l("资格预审公告")
    POOL = "pool", _l("省级以上供应商库")
    RECOMMENDATION = "recommendation", _l("书面推荐")


class InvitationOrigin(Titled):
    """How a supplier came to be invited; the purchaser recommends at most half (R-NEG-01)."""

    DRAWN = "drawn", _l("随机抽取")
    PURCHASER = "purchaser", _l("采购人书面推荐")
    EXPERT = "expert", _l("评审专家书面推荐")
    FRAMEWORK = "framework", _l("框架协议入围供应商")


class OfferState(State):
    """What became of a sealed final offer."""

    SEALED = "sealed", _l("已递交（密封）"), "active"
    SUPERSEDED = "superseded", _l("已被替换"), "neutral"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"
    OPENED = "opened", _l("已开启"), "good"
    CORRUPT = "corrupt", _l("无法开启"), "bad"
