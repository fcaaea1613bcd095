"""What agencies may not do, how grave it is, and where a case of it and a measure against it stand."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class ConductCode(Titled):
    """What an agency did (财监〔2021〕4号 art. 11, R-AGENCY-05; leaks R-AGENCY-14; its record not kept R-AGENCY-03)."""

    TRANSFERRED = "transferred", _l("转包业务")
    SUBCONTRACTED = "subcontracted", _l("未经委托方同意分包业务")
    LENT_NAME = "lent-name", _l("出借、借用名义执业")
    NOT_UNDERTAKEN = "not-undertaken", _l("未承办业务即出具报告")
    NO_PROCEDURES = "no-procedures", _l("未履行适当评价程序即出具报告")
    FALSE_REPORT = "false-report", _l("出具虚假评价报告或者伪造数据")
    OMISSION = "omission", _l("评价报告有重大遗漏")
    UNDERBID = "underbid", _l("以恶意压价等不正当竞争手段承揽业务")
    UNQUALIFIED = "unqualified", _l("聘用或者指定不具备条件的人员开展业务")
    LEAK = "leak", _l("泄露评价信息，或者未经同意对外提供、发布")
    NOT_UPDATED = "not-updated", _l("未按规定更新登记信息或者登记不实")
    OTHER = "other", _l("其他违反业务规范的行为")

    @property
    def rule_id(self) -> str:
        """The rule that names it."""
        return {"leak": "R-AGENCY-14", "not-updated": "R-AGENCY-03"}.get(self.value, "R-AGENCY-05")


class HonestyStep(Titled):
    """A step of the honesty ladder (R-GRADE.year): how many points, and for how long."""

    NONE = "none", _l("只记录，不扣分")
    MINOR = "minor", _l("一般失信")
    MAJOR = "major", _l("较重失信")


class ConductState(State):
    """Where a case stands: the agency is heard before anything is recorded."""

    NOTIFIED = "notified", _l("已告知，待陈述"), "waiting"
    STATED = "stated", _l("已陈述，待认定"), "waiting"
    RECORDED = "recorded", _l("已认定并记录"), "bad"
    DISMISSED = "dismissed", _l("不予认定"), "neutral"
    WITHDRAWN = "withdrawn", _l("已撤销"), "neutral"


class MeasureKind(Titled):
    """The ladder of 财监〔2021〕4号 art. 26 (R-AGENCY-16); the entry in the honesty archive is the case itself."""

    CORRECTION = "correction", _l("责令改正")
    ADMONITION = "admonition", _l("约谈诫勉")
    REGULATOR = "regulator", _l("通报行业主管部门")
    TRANSFER = "transfer", _l("移送政府采购监督管理部门")


class MeasureState(State):
    """Where a measure stands."""

    PROPOSED = "proposed", _l("待签发"), "waiting"
    ISSUED = "issued", _l("已发出"), "active"
    REPORTED = "reported", _l("已报整改，待核实"), "waiting"
    FULFILLED = "fulfilled", _l("已落实"), "good"
    CANCELLED = "cancelled", _l("未签发或者已撤回"), "neutral"


class SanctionKind(Titled):
    """Who else sanctioned an agency, and by what."""

    PROCUREMENT = "procurement", _l("政府采购处罚（法第77条、条例第72条）")
    INDUSTRY = "industry", _l("行业监管处罚、惩戒")
    CREDIT = "credit", _l("信用平台失信记录")


class SanctionState(State):
    """Where a record of somebody else's sanction stands."""

    REPORTED = "reported", _l("待核对"), "waiting"
    CONFIRMED = "confirmed", _l("已核对"), "bad"
    REJECTED = "rejected", _l("不采用"), "neutral"
    WITHDRAWN = "withdrawn", _l("已撤销"), "neutral"
