"""States of engagements."""

from __future__ import annotations

from core.i18n import _l
from core.states import State


class EngagementState(State):
    """Where an engagement stands; nothing is evaluated before the indicators are approved (R-IND-01)."""

    PREPARING = "preparing", _l("编制方案和指标"), "active"
    EVALUATING = "evaluating", _l("开展评价"), "active"
    DELIVERED = "delivered", _l("报告已提交"), "waiting"
    CLOSED = "closed", _l("已办结"), "good"
    TERMINATED = "terminated", _l("委托已终止"), "bad"
