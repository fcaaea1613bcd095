"""States of the yearly report on quality."""

from __future__ import annotations

from core.i18n import _l
from core.states import State


class QualityReportState(State):
    """Where a year's report on quality stands."""

    PREPARING = "preparing", _l("正在生成"), "waiting"
    DRAFT = "draft", _l("待审核发布"), "active"
    RELEASED = "released", _l("已发布"), "good"
    DROPPED = "dropped", _l("已撤回"), "neutral"
