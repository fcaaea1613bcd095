"""States of a report's review by a panel, and of the experts' seats on it."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class PanelWay(Titled):
    """How the panel for a report comes about (R-GRADE.panel)."""

    DRAWN = "drawn", _l("随机抽取")
    AGAIN = "again", _l("沿用指标评审专家组")
    CHOSEN = "chosen", _l("直接邀请")


class ReportReviewState(State):
    """Where the review of a report stands."""

    PLANNED = "planned", _l("已拟定"), "waiting"
    DRAWING = "drawing", _l("抽取专家中"), "active"
    RATING = "rating", _l("专家评审中"), "active"
    CONCLUDED = "concluded", _l("已形成评审意见"), "good"
    CANCELLED = "cancelled", _l("已取消"), "neutral"


class ReportSeatState(State):
    """Where an expert's seat stands; a reserve does not know of it."""

    RESERVE = "reserve", _l("候补"), "neutral"
    INVITED = "invited", _l("待答复"), "waiting"
    ACCEPTED = "accepted", _l("已接受"), "good"
    DECLINED = "declined", _l("已谢绝"), "neutral"
    RECUSED = "recused", _l("已回避"), "neutral"
    LAPSED = "lapsed", _l("逾期未答复"), "bad"
    REPLACED = "replaced", _l("已递补"), "neutral"
