"""States of delivered reports, findings and letters."""

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


class FileRole(Titled):
    """What a file of a delivery is: only one of them is the report whose text counts."""

    REPORT = "report", _l("评价报告")
    ANNEX = "annex", _l("附件")
    SCAN = "scan", _l("盖章扫描件")


class FindingState(State):
    """What a reviewer made of a finding; it is a question until then."""

    OPEN = "open", _l("待处置"), "waiting"
    UPHELD = "upheld", _l("成立"), "bad"
    DISMISSED = "dismissed", _l("不成立"), "neutral"
    WITHDRAWN = "withdrawn", _l("复查未再发现"), "neutral"


class DismissalGround(Titled):
    """Why a reviewer says that a finding is none; what was misread teaches the reader, the rest the model."""

    SCOPE = "scope", _l("口径不同，报告已说明")
    ROUNDING = "rounding", _l("四舍五入或打印精度所致")
    EXPLAINED = "explained", _l("报告另处已有解释")
    MISREAD = "misread", _l("系统读取有误（表格或数字识别错）")
    PERIOD = "period", _l("属于上年或其他期间的数据")
    RULE = "rule", _l("与评分细则或批复一致")
    REPEATED = "repeated", _l("与另一条疑点重复")


class LetterState(State):
    """Where a question letter to an agency stands."""

    SENT = "sent", _l("待机构答复"), "waiting"
    ANSWERED = "answered", _l("已答复"), "good"
    CORRECTED = "corrected", _l("已提交修改版"), "good"


class Stance(Titled):
    """What an agency answers to a finding."""

    AGREES = "agrees", _l("同意，将改正")
    EXPLAINS = "explains", _l("说明情况")
