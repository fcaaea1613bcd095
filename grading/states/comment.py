"""States and kinds on a report's way from its draft to the signed final."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class ReportKind(Titled):
    """What a delivery is (R-AGENCY-11): a draft that goes out for written comments, or the signed final."""

    DRAFT = "draft", _l("征求意见稿")
    FINAL = "final", _l("正式报告")


class Party(Titled):
    """Who is asked for written comments: the object and the principal."""

    UNIT = "unit", _l("项目单位")
    BUREAU = "bureau", _l("财政局")


class RoundState(State):
    """Where the comments on one draft stand."""

    ASKING = "asking", _l("征求意见中"), "waiting"
    ANSWERED = "answered", _l("意见已逐条答复"), "good"
    REPLACED = "replaced", _l("已有新的征求意见稿"), "neutral"


class LetterStand(State):
    """Where one party's written comments stand; sent ones are not edited."""

    DRAFT = "draft", _l("起草中"), "active"
    SENT = "sent", _l("已反馈"), "good"


class PathStep(Titled):
    """What an agency's report needs next."""

    DRAFT = "draft", _l("提交征求意见稿")
    COMMENTS = "comments", _l("征求意见并逐条答复")
    REVIEW = "review", _l("内部审核")
    FINAL = "final", _l("提交正式报告")
    DONE = "done", _l("正式报告已提交")
