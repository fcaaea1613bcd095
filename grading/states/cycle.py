"""States of a year's grading and of appeals."""

from __future__ import annotations

from core.i18n import _l
from core.states import State


class AppealState(State):
    """Where an agency's appeal against its grade stands."""

    FILED = "filed", _l("待处理"), "waiting"
    UPHELD = "upheld", _l("申诉成立，已更正"), "good"
    REJECTED = "rejected", _l("申诉不成立"), "neutral"


class CycleState(State):
    """Where a year's grading of agencies stands."""

    PREVIEW = "preview", _l("测算中"), "active"
    PUBLISHED = "published", _l("已公布"), "good"
    DROPPED = "dropped", _l("已作废"), "neutral"
