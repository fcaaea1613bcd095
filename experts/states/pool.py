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


class BudgetFunction(Titled):
    """Classes of the functional classification of expenditure (支出功能分类类级), the second axis of the pool."""

    GENERAL = "201", _l("一般公共服务")
    SAFETY = "204", _l("公共安全")
    EDUCATION = "205", _l("教育支出")
    SCIENCE = "206", _l("科学技术")
    CULTURE = "207", _l("文化旅游体育与传媒")
    SOCIAL = "208", _l("社会保障和就业")
    HEALTH = "210", _l("卫生健康")
    ENVIRONMENT = "211", _l("节能环保")
    URBAN = "212", _l("城乡社区")
    FARMING = "213", _l("农林水")
    TRANSPORT = "214", _l("交通运输")
    TRADE_AND_INDUSTRY = "215", _l("资源勘探工业信息等")
    COMMERCE = "216", _l("商业服务业等")
    FINANCIAL = "217", _l("金融支出")
    NATURE = "220", _l("自然资源海洋气象等")
    HOUSING = "221", _l("住房保障")
    STORES = "222", _l("粮油物资储备")
    EMERGENCY = "224", _l("灾害防治及应急管理")
    OTHER = "229", _l("其他支出")


class Gender(Titled):
    """For parity among a panel's quotas."""

    WOMAN = "woman", _l("女")
    MAN = "man", _l("男")


class Education(Titled):
    """The highest degree (R-EXP-08)."""

    DOCTOR = "doctor", _l("博士")
    MASTER = "master", _l("硕士")
    BACHELOR = "bachelor", _l("本科")
    OTHER = "other", _l("本科以下")


class TitleLevel(Titled):
    """How high a professional title ranks (R-COMM-14)."""

    SENIOR = "senior", _l("高级职称")
    INTERMEDIATE = "intermediate", _l("中级职称")
    OTHER = "other", _l("其他职称")


class EntryRoute(Titled):
    """How somebody came into the pool (R-EXP-01, R-EXP-06)."""

    APPLICATION = "application", _l("本人申请")
    RECOMMENDATION = "recommendation", _l("单位推荐")
    INVITATION = "invitation", _l("本局邀请")


class ApplicationState(State):
    """Where an application to enter the pool stands (R-EXP-01)."""

    INVITED = "invited", _l("已邀请待填写"), "waiting"
    SUBMITTED = "submitted", _l("已提交待审核"), "waiting"
    RETURNED = "returned", _l("退回补正"), "active"
    ADMITTED = "admitted", _l("已入库"), "good"
    REJECTED = "rejected", _l("未予入库"), "neutral"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"


class AppointmentKind(Titled):
    """Whether a term is somebody's first or a further one (R-EXP.term)."""

    FIRST = "first", _l("首次聘任")
    RENEWAL = "renewal", _l("续聘")


class ExitKind(Titled):
    """Why somebody left the pool; it decides whether they may come back (R-EXP-01, R-EXP-02, R-EXP.exit)."""

    REQUEST = "request", _l("本人申请退出")
    TERM = "term", _l("聘期届满不再续聘")
    SCORE = "score", _l("履职评分不合格")
    OFFENCE = "offence", _l("受到刑事处罚或者开除公职")
    REFUSAL = "refusal", _l("拒绝配合质疑、投诉处理")
    FALSE_MATERIAL = "false-material", _l("提供虚假材料")
    DECEASED = "deceased", _l("身故或者失去评审能力")


class ChangeState(State):
    """Where a reported change of an expert's particulars stands (R-EXP-01)."""

    REPORTED = "reported", _l("待核对"), "waiting"
    CONFIRMED = "confirmed", _l("已核对变更"), "good"
    REJECTED = "rejected", _l("未采纳"), "neutral"


class DutyKind(Titled):
    """What an expert served in (R-EXP-07)."""

    COMMITTEE = "committee", _l("采购评审")
    REVIEW = "review", _l("指标评审")
    REPORT = "report", _l("报告评审")


class Attendance(Titled):
    """Whether somebody who had accepted came and stayed (R-EXP.suspension, R-COMM-15)."""

    ATTENDED = "attended", _l("全程参加")
    LATE = "late", _l("迟到或者中途离开")
    ABSENT = "absent", _l("应邀后缺席")


class DutyRating(Titled):
    """How an expert did the duty of a review, recorded after it (R-COMM-13)."""

    GOOD = "good", _l("履职良好")
    ORDINARY = "ordinary", _l("履职正常")
    POOR = "poor", _l("履职不到位")
    BREACH = "breach", _l("违反评审纪律")


class ConflictKind(Titled):
    """Why an expert must not judge somebody (R-COMM-06)."""

    EMPLOYMENT = "employment", _l("劳动关系或任职")
    DIRECTORSHIP = "directorship", _l("担任董事、监事或者顾问")
    SHAREHOLDING = "shareholding", _l("持股或控制")
    KINSHIP = "kinship", _l("亲属关系")
    PAST_WORK = "past-work", _l("三年内有业务合作")
    COACHING = "coaching", _l("指导过该机构或该指标体系")
    REQUIREMENT = "requirement", _l("参与过需求或者指标的编制、论证")
    OTHER = "other", _l("其他可能影响公正的关系")


class PaymentState(State):
    """Where a list of fees for the finance office stands (R-EXP.fee, R-SEC-02)."""

    DRAFTED = "drafted", _l("待审批"), "waiting"
    APPROVED = "approved", _l("已审批待支付"), "active"
    PAID = "paid", _l("已支付"), "good"
    CANCELLED = "cancelled", _l("已作废"), "neutral"
