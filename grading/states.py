"""States of submitted reports, findings, score sheets and grading cycles."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class SubmissionState(State):
    """Where a delivered report stands."""

    RECEIVED = "received", _l("已收到，待核查"), "waiting"
    UNREADABLE = "unreadable", _l("无法读取"), "bad"
    CHECKED = "checked", _l("核查完成，待处置"), "active"
    DISPOSED = "disposed", _l("疑点已处置"), "good"
    SUPERSEDED = "superseded", _l("已有新版本"), "neutral"


class FindingState(State):
    """What a reviewer made of a finding; it is a question until then."""

    OPEN = "open", _l("待处置"), "waiting"
    UPHELD = "upheld", _l("成立"), "bad"
    DISMISSED = "dismissed", _l("不成立"), "neutral"


class RaterKind(Titled):
    """Who rates a report (R-GRADE.raters)."""

    UNIT = "unit", _l("项目单位")
    BUREAU = "bureau", _l("财政局")
    EXPERT = "expert", _l("评审专家")


class SheetState(State):
    """Where a rater's sheet stands."""

    DRAFT = "draft", _l("评分中"), "active"
    LOCKED = "locked", _l("已锁定"), "good"


class CycleState(State):
    """Where a year's grading of agencies stands."""

    PREVIEW = "preview", _l("测算中"), "active"
    PUBLISHED = "published", _l("已公布"), "good"
