"""States of tenders, bids, seats and sheets, and the kinds of criteria and failures."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class TenderState(State):
    """Where a tender stands. Whether it is still open for bids is computed from its deadline, never stored."""

    DRAFT = "draft", _l("起草中"), "active"
    IN_APPROVAL = "in-approval", _l("待审批"), "waiting"
    PUBLISHED = "published", _l("已发布公告"), "active"
    OPENED = "opened", _l("已开标"), "active"
    UNDER_EVALUATION = "under-evaluation", _l("评标中"), "active"
    EVALUATED = "evaluated", _l("评标完成"), "waiting"
    AWARDED = "awarded", _l("已定标"), "good"
    FAILED = "failed", _l("已废标"), "bad"
    CANCELLED = "cancelled", _l("已终止"), "bad"


class Method(Titled):
    """The method of purchase; further methods join here."""

    OPEN_TENDER = "open-tender", _l("公开招标")


class CriterionKind(Titled):
    """How a criterion is judged (R-EVAL-03); substantive requirements are passed or failed, never scored."""

    SUBSTANTIVE = "substantive", _l("实质性要求")
    OBJECTIVE = "objective", _l("客观评分")
    SUBJECTIVE = "subjective", _l("主观评分")


class BidState(State):
    """What became of a sealed bid."""

    SEALED = "sealed", _l("已递交（密封）"), "active"
    SUPERSEDED = "superseded", _l("已被替换"), "neutral"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"
    OPENED = "opened", _l("已开启"), "good"
    CORRUPT = "corrupt", _l("无法开启"), "bad"


class SeatCategory(Titled):
    """In what capacity somebody sits on the committee (R-COMM-01, R-COMM-08)."""

    EXPERT = "expert", _l("评审专家")
    PURCHASER = "purchaser", _l("采购人代表")


class SeatState(State):
    """Where a member of the committee stands."""

    NAMED = "named", _l("待声明"), "waiting"
    DECLARED = "declared", _l("已声明无利害关系"), "active"
    RECUSED = "recused", _l("已回避"), "bad"
    LOCKED = "locked", _l("评分已锁定"), "good"


class FailureGround(Titled):
    """Why a tender failed (R-OPEN-04, R-OPEN-05)."""

    TOO_FEW_BIDS = "too-few-bids", _l("投标人不足三家")
    TOO_FEW_VALID = "too-few-valid", _l("合格或实质响应的投标人不足三家")
    ABOVE_BUDGET = "above-budget", _l("报价均超过采购预算")
    UNLAWFUL_ACT = "unlawful-act", _l("出现影响公正的违法违规行为")
    TASK_CANCELLED = "task-cancelled", _l("因重大变故采购任务取消")


class Outcome(State):
    """What examination, conformity and price review made of an opened bid; computed, never stored."""

    PENDING = "pending", _l("审查中"), "waiting"
    VALID = "valid", _l("有效投标"), "good"
    CORRUPT = "corrupt", _l("无法开启"), "bad"
    DISQUALIFIED = "disqualified", _l("资格审查未通过"), "bad"
    ABOVE_CEILING = "above-ceiling", _l("报价超过最高限价或预算"), "bad"
    NONCONFORMING = "nonconforming", _l("符合性审查未通过"), "bad"
    TOO_LOW = "too-low", _l("异常低价且不能证明合理"), "bad"


class CorrectionGround(Titled):
    """The only grounds on which locked scores may be touched again (R-EVAL-05)."""

    ARITHMETIC = "arithmetic", _l("分值汇总计算错误")
    OUT_OF_RANGE = "out-of-range", _l("分项评分超出评分标准范围")
    OBJECTIVE_DIFFERS = "objective-differs", _l("客观评审因素评分不一致")
    EXTREME = "extreme", _l("评分畸高、畸低")
