"""The three folders of an evaluation's archive and what they hold (R-AGENCY-13)."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class Folder(Titled):
    """The folders of the rule, in its order; the value is the folder's name in the ZIP."""

    ORIGIN = "01-立项性材料", _l("立项性材料")
    EVIDENCE = "02-证明性材料", _l("证明性材料")
    CONCLUSION = "03-结论性材料", _l("结论性材料")


class PaperKind(Titled):
    """What a paper of the archive is."""

    CONTRACT = "contract", _l("委托合同")
    PLAN = "plan", _l("评价方案")
    DATA = "data", _l("基础数据和资料")
    WORKING = "working", _l("工作底稿")
    QUESTIONNAIRE = "questionnaire", _l("调查问卷")
    REPORT = "report", _l("评价报告")
    FEEDBACK = "feedback", _l("反馈意见和答复")
    NOTE = "note", _l("其他说明")


class ArchiveState(State):
    """Where the archive of an evaluation stands."""

    OPEN = "open", _l("整理中"), "active"
    FILED = "filed", _l("已归档"), "good"
