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
