"""States of a procurement plan and the kinds of things that prepare a purchase."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class PlanState(State):
    """Where a year's plan stands; an approved one is adjusted by going back to draft with a reason."""

    DRAFT = "draft", _l("编制中"), "active"
    IN_APPROVAL = "in-approval", _l("待审批"), "waiting"
    APPROVED = "approved", _l("已批准"), "good"


class Category(Titled):
    """What is bought (采购品目): purchases of one category are added up over the year (R-TENDER-15)."""

    EVALUATION = "evaluation", _l("绩效评价服务")
    EX_ANTE = "ex-ante", _l("事前绩效评估服务")
    REVIEW = "review", _l("评审论证服务")
    AUDIT = "audit", _l("会计审计服务")
    CONSULTING = "consulting", _l("其他咨询服务")

    @property
    def has_core_product(self) -> bool:
        """Whether goods with a core product are bought, whose brand could count bidders together (R-OPEN-06)."""
        return False  # every category here is a service


class SmeReservation(Titled):
    """Whether the purchase is reserved for small and medium firms (R-PRICE-06)."""

    NONE = "none", _l("不专门面向中小企业")
    WHOLE = "whole", _l("整体预留，专门面向中小企业")
    PART = "part", _l("部分预留，以联合体或者分包落实")


class SurveyMeans(Titled):
    """How the requirement was surveyed (R-TENDER-19)."""

    CONSULTATION = "consultation", _l("咨询走访")
    DISCUSSION = "discussion", _l("座谈论证")
    QUESTIONNAIRE = "questionnaire", _l("问卷调查")
    DESK = "desk", _l("资料和市场价格收集")


class RespondentKind(Titled):
    """Who was asked."""

    MARKET = "market", _l("市场主体")
    USER = "user", _l("使用单位或服务对象")
    EXPERT = "expert", _l("专家学者")


class ReviewKind(Titled):
    """The two reviews of a requirement (R-TENDER-19)."""

    GENERAL = "general", _l("一般性审查")
    KEY = "key", _l("重点审查")


class KeyAspect(Titled):
    """What the key review looks at (R-TENDER-19)."""

    NON_DISCRIMINATION = "non-discrimination", _l("非歧视性审查")
    COMPETITION = "competition", _l("竞争性审查")
    POLICY = "policy", _l("采购政策审查")
    RISK = "risk", _l("履约风险审查")
