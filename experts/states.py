"""States and classifications of experts, reviews, seats and sheets."""

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


class ReviewState(State):
    """Where an indicator review stands (R-IND-01)."""

    CONVENED = "convened", _l("已召集"), "active"
    DRAWING = "drawing", _l("抽取中"), "active"
    INVITING = "inviting", _l("邀请专家"), "waiting"
    SCORING = "scoring", _l("专家评审中"), "active"
    SCORED = "scored", _l("评审完成待决定"), "waiting"
    PASSED = "passed", _l("通过并同意"), "good"
    RETURNED = "returned", _l("退回修改"), "bad"
    CANCELLED = "cancelled", _l("已取消"), "neutral"


class DrawState(State):
    """Where a draw stands; a void one is followed by the next attempt."""

    COMMITTED = "committed", _l("方案已锁定"), "active"
    REVEALING = "revealing", _l("等待揭示"), "waiting"
    DONE = "done", _l("已抽取"), "good"
    VOID = "void", _l("作废"), "bad"


class SeatState(State):
    """Where a drawn expert stands."""

    RESERVE = "reserve", _l("候补"), "neutral"
    INVITED = "invited", _l("已邀请"), "waiting"
    ACCEPTED = "accepted", _l("已接受"), "active"
    DECLINED = "declined", _l("已谢绝"), "neutral"
    RECUSED = "recused", _l("已回避"), "bad"
    LAPSED = "lapsed", _l("逾期未答复"), "neutral"
    SUBMITTED = "submitted", _l("已提交评审意见"), "good"


class Outcome(Titled):
    """What the panel's sheets add up to (R-IND)."""

    PASS = "pass", _l("通过")
    REVISE = "revise", _l("修改后复审")
    RETURN = "return", _l("退回")
