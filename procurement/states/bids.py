"""What becomes of a sealed bid, until it is opened and after it was examined."""

from __future__ import annotations

from core.i18n import _l
from core.states import State


class BidState(State):
    """What became of a sealed bid."""

    SEALED = "sealed", _l("已递交（密封）"), "active"
    SUPERSEDED = "superseded", _l("已被替换"), "neutral"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"
    LAPSED = "lapsed", _l("未确认更正，不予开启"), "bad"
    OPENED = "opened", _l("已开启"), "good"
    CORRUPT = "corrupt", _l("无法开启"), "bad"


class Outcome(State):
    """What examination, conformity and price review made of an opened bid; computed, never stored."""

    PENDING = "pending", _l("审查中"), "waiting"
    VALID = "valid", _l("有效投标"), "good"
    CORRUPT = "corrupt", _l("无法开启"), "bad"
    DISQUALIFIED = "disqualified", _l("资格审查未通过"), "bad"
    ABOVE_CEILING = "above-ceiling", _l("报价超过最高限价或预算"), "bad"
    PRICE_UNCONFIRMED = "price-unconfirmed", _l("投标人不确认修正后的报价"), "bad"
    NONCONFORMING = "nonconforming", _l("符合性审查未通过"), "bad"
    BELOW_MINIMUM = "below-minimum", _l("商务技术分低于采购文件规定的最低分"), "bad"
    NO_FINAL_OFFER = "no-final-offer", _l("未提交有效的最后报价"), "bad"
    COLLUSION = "collusion", _l("视为串通投标"), "bad"
    TOO_LOW = "too-low", _l("异常低价且不能证明合理"), "bad"
