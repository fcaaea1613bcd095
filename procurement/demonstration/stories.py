"""What becomes of the demonstration's purchases with sealed bids: one story each."""

from __future__ import annotations

from dataclasses import dataclass

from procurement.states import Method


@dataclass(frozen=True)
class Story:
    """One purchase: how many days ago its bids were due, how many bid, how far it has come, and by which method."""

    due: int
    bidders: int
    until: str
    method: Method = Method.OPEN_TENDER


STORIES = (
    Story(-58, 4, "awarded"),
    Story(-44, 3, "awarded"),
    Story(-30, 5, "awarded"),
    Story(-6, 3, "evaluated"),
    Story(-9, 4, "scoring"),
    Story(-7, 3, "suspended"),
    Story(-3, 3, "opened"),
    Story(-1, 4, "due"),
    Story(-12, 2, "failed"),
    Story(9, 2, "published"),
    Story(18, 0, "published"),
    Story(20, 0, "in-approval"),
    Story(22, 0, "draft"),
    Story(15, 0, "cancelled"),
    Story(-82, 3, "awarded"),
    Story(-23, 3, "awarded"),
)


REASONS = {
    Method.OPEN_TENDER: "评价结果用于预算安排，采用公开招标充分竞争",
    Method.INVITED_TENDER: "项目专业性强，符合条件的机构有限，采用邀请招标",
    Method.CONSULTATION: "政府购买服务，评价方法须与供应商磋商确定",
    Method.NEGOTIATION: "技术路线不能事先确定，采用竞争性谈判",
    Method.QUOTATION: "服务标准统一、价格变化小，采用询价",
    Method.FRAMEWORK: "小额零星、多次重复的评价需求归集，采用框架协议",
}
OTHERS = (
    Story(14, 0, "published", Method.INVITED_TENDER),
    Story(-2, 3, "talking", Method.CONSULTATION),
    Story(8, 1, "published", Method.NEGOTIATION),
    Story(-20, 3, "awarded", Method.QUOTATION),
)
"""A purchase of each further method with sealed bids, after those of `STORIES` and the ones without sealed bids."""
OTHERS_FROM = len(STORIES) + 5
