"""The steps of an engagement that have a date."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class MilestoneKind(Titled):
    """The dated steps of an evaluation, in their order (R-PERF-09)."""

    PLAN = "plan", _l("评价方案")
    COLLECTION = "collection", _l("资料采集")
    VISIT = "visit", _l("现场调查")
    DRAFT = "draft", _l("报告初稿")
    COMMENTS = "comments", _l("征求意见")
    REVIEW = "review", _l("内部审核")
    FINAL = "final", _l("正式报告")
    ARCHIVE = "archive", _l("归档")
