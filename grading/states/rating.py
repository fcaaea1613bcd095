"""States and classifications of ratings and scores."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class RaterKind(Titled):
    """Who rates a report (R-GRADE.raters)."""

    UNIT = "unit", _l("项目单位")
    BUREAU = "bureau", _l("财政局")
    EXPERT = "expert", _l("评审专家")


class SheetState(State):
    """Where a rater's sheet stands."""

    DRAFT = "draft", _l("评分中"), "active"
    LOCKED = "locked", _l("已锁定"), "good"


class Difficulty(Titled):
    """How hard a task was; rule sets that weigh by difficulty give each its weight (R-GRADE.year)."""

    SIMPLE = "simple", _l("较易")
    USUAL = "usual", _l("一般")
    COMPLEX = "complex", _l("复杂")


class PartState(Titled):
    """What a rater says of required content (R-GRADE.rubric): only what is absent costs points.

    `UNSEEN` is the reader's word, not the rater's: it was not found by machine, so please look.
    """

    PRESENT = "present", _l("有")
    ABSENT = "absent", _l("缺")
    UNSEEN = "unseen", _l("系统未找到，请查看")
    NOT_APPLICABLE = "not-applicable", _l("不适用")


class DeductionState(State):
    """What a rater made of a proposed deduction."""

    OPEN = "open", _l("待定"), "waiting"
    ACCEPTED = "accepted", _l("已采纳"), "good"
    CHANGED = "changed", _l("改动后采纳"), "active"
    DECLINED = "declined", _l("没有采纳"), "neutral"
