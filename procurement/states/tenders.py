"""States of a tender, the methods of purchase, the kinds of criteria, and why a tender fails."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class TenderState(State):
    """Where a tender stands. Whether it is still open for bids is computed from its deadline, never stored."""

    DRAFT = "draft", _l("起草中"), "active"
    IN_APPROVAL = "in-approval", _l("待审批"), "waiting"
    IN_SELECTION = "in-selection", _l("比选协商中"), "active"
    PUBLISHED = "published", _l("已发布公告"), "active"
    OPENED = "opened", _l("已开标"), "active"
    UNDER_EVALUATION = "under-evaluation", _l("评标中"), "active"
    REVIEW_SUSPENDED = "review-suspended", _l("评标中止"), "bad"
    EVALUATED = "evaluated", _l("评标完成"), "waiting"
    AWARDED = "awarded", _l("已定标"), "good"
    FAILED = "failed", _l("已废标"), "bad"
    CANCELLED = "cancelled", _l("已终止"), "bad"


class Method(Titled):
    """The method of purchase; what each one asks for is data in `procurement/methods.py`."""

    OPEN_TENDER = "open-tender", _l("公开招标")
    INVITED_TENDER = "invited-tender", _l("邀请招标")
    CONSULTATION = "consultation", _l("竞争性磋商")
    NEGOTIATION = "negotiation", _l("竞争性谈判")
    QUOTATION = "quotation", _l("询价")
    SINGLE_SOURCE = "single-source", _l("单一来源采购")
    BELOW_LIMIT = "below-limit", _l("限额以下自行选定")
    FRAMEWORK = "framework", _l("框架协议采购")
    CALL_OFF_DIRECT = "call-off-direct", _l("框架协议·直接选定")
    CALL_OFF_ROTATION = "call-off-rotation", _l("框架协议·顺序轮候")
    CALL_OFF_PRICES = "call-off-prices", _l("框架协议·二次竞价")


class Evaluation(Titled):
    """How the winner is found: the two methods of R-EVAL-01, and what single source and below-limit use instead."""

    COMPREHENSIVE = "comprehensive", _l("综合评分法")
    LOWEST_PRICE = "lowest-price", _l("最低评标价法")
    AGREED_PRICE = "agreed-price", _l("协商确定价格")
    COMPARISON = "comparison", _l("方案和报价比选")


class CriterionKind(Titled):
    """How a criterion is judged (R-EVAL-03); substantive requirements are passed or failed, never scored."""

    SUBSTANTIVE = "substantive", _l("实质性要求")
    OBJECTIVE = "objective", _l("客观评分")
    SUBJECTIVE = "subjective", _l("主观评分")


class FailureGround(Titled):
    """Why a tender failed (R-OPEN-04, R-OPEN-05)."""

    TOO_FEW_BIDS = "too-few-bids", _l("投标人不足法定家数")
    TOO_FEW_VALID = "too-few-valid", _l("合格或实质响应的投标人不足法定家数")
    ABOVE_BUDGET = "above-budget", _l("报价均超过采购预算")
    UNLAWFUL_ACT = "unlawful-act", _l("出现影响公正的违法违规行为")
    CANNOT_OPEN = "cannot-open", _l("开标密钥不足，投标文件无法开启")
    TASK_CANCELLED = "task-cancelled", _l("因重大变故采购任务取消")
