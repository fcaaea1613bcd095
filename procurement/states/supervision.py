"""Cases and inspections of procurement supervision."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class CaseState(State):
    """Where a case stands."""

    OPEN = "open", _l("办理中"), "active"
    CLOSED = "closed", _l("已办结"), "good"


class CaseOrigin(Titled):
    """What a case was opened from."""

    SIGNAL = "signal", _l("异常信号")
    COMPLAINT = "complaint", _l("投诉")
    INSPECTION = "inspection", _l("监督检查")
    REPORT = "report", _l("来信来访或者移送")


class CaseOutcome(Titled):
    """What a case ended in."""

    UNFOUNDED = "unfounded", _l("未发现问题")
    ADVISED = "advised", _l("提醒、约谈")
    SANCTIONED = "sanctioned", _l("作出处理处罚")
    REFERRED = "referred", _l("移送纪检监察、司法或者行业主管部门")


class InspectionState(State):
    """Where an inspection stands."""

    PREPARED = "prepared", _l("待见证抽取"), "waiting"
    DRAWN = "drawn", _l("检查中"), "active"
    CLOSED = "closed", _l("已办结"), "good"


class CheckItem(Titled):
    """The seven matters of an inspection (财监〔2021〕4号 art. 23, R-AGENCY-15)."""

    STANDARDS = "standards", _l("遵守法律法规和业务规范")
    REGISTRATION = "registration", _l("录入信息的真实、完整和及时更新")
    PEOPLE = "people", _l("主评人和从业人员条件")
    QUALITY = "quality", _l("质量控制制度的建立和执行")
    REPORTS = "reports", _l("评价报告的真实、准确、完整")
    ARCHIVES = "archives", _l("档案管理和保密")
    OTHER = "other", _l("其他应当检查的事项")


class Finding(Titled):
    """What was found about one matter."""

    GOOD = "good", _l("符合")
    MINOR = "minor", _l("一般问题，限期整改")
    SERIOUS = "serious", _l("严重问题")
