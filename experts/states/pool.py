"""States and classifications of experts and what is known about them."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class ExpertState(State):
    """Whether an expert may be drawn."""

    ACTIVE = "active", _l("在库"), "good"
    SUSPENDED = "suspended", _l("暂停"), "waiting"
    LEFT = "left", _l("已退出"), "neutral"


class Category(Titled):
    """In what capacity an expert judges (rulebook 6: the third axis of the pool)."""

    PERFORMANCE = "performance", _l("绩效管理专家")
    INDUSTRY = "industry", _l("行业专家")
    FINANCE = "finance", _l("财务会计专家")
    LAW = "law", _l("法律专家")
    INFORMATION = "information", _l("信息化专家")
    COST = "cost", _l("工程造价专家")
    SCHOLAR = "scholar", _l("高校学者")
    CONGRESS = "congress", _l("人大代表")
    CPPCC = "cppcc", _l("政协委员")
    AUDIT = "audit", _l("审计人员")
    DISCIPLINE = "discipline", _l("纪检监察人员")


class TitleLevel(Titled):
    """How high a professional title ranks (R-COMM-14)."""

    SENIOR = "senior", _l("高级职称")
    INTERMEDIATE = "intermediate", _l("中级职称")
    OTHER = "other", _l("其他职称")


class DutyRating(Titled):
    """How an expert did the duty on a committee, recorded after the review (R-COMM-13)."""

    GOOD = "good", _l("履职良好")
    ORDINARY = "ordinary", _l("履职正常")
    POOR = "poor", _l("履职不到位")
    BREACH = "breach", _l("违反评审纪律")


class ConflictKind(Titled):
    """Why an expert must not judge somebody (R-COMM-06)."""

    EMPLOYMENT = "employment", _l("劳动关系或任职")
    SHAREHOLDING = "shareholding", _l("持股或控制")
    KINSHIP = "kinship", _l("亲属关系")
    PAST_WORK = "past-work", _l("三年内有业务合作")
    COACHING = "coaching", _l("指导过该机构或该指标体系")
    OTHER = "other", _l("其他可能影响公正的关系")
