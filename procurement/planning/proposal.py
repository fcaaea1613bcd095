"""采购方式建议: the method a purchase of this size and kind is usually made by, with its reason and its rule.

Pure. Most single evaluations cost less than the procurement limit and are chosen by the bureau's internal comparison
(R-BELOW-01); from the limit on, or in the catalogue, a service bought by government suits consultation (R-NEG-01); from
the open-tender threshold on, alone or together with the year's others, it is an open tender (R-THR-01, R-TENDER-15).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.i18n import Text, _l
from procurement.states import Method


@dataclass(frozen=True)
class Thresholds:
    """The two amounts of a year, in yuan; `confirmed` says whether they may be called law (R-THR-01)."""

    year: int
    open_tender: Decimal
    limit: Decimal
    confirmed: bool = False


@dataclass(frozen=True)
class Proposal:
    """The method proposed, why, and the rule it follows from."""

    method: Method
    reason: Text
    rule_id: str


def propose(amount: Decimal, *, in_catalogue: bool, thresholds: Thresholds, already: Decimal = Decimal(0)) -> Proposal:
    """Return the method for a purchase of this amount (yuan).

    `already` is what the year's purchases of the category by other methods come to without this one.
    """
    year, open_from, limit = thresholds.year, thresholds.open_tender, thresholds.limit
    if amount >= open_from:
        reason = _l("预算达到 %(year)s 年公开招标数额标准 %(amount)s 元", year=year, amount=f"{open_from:,.0f}")
        return Proposal(Method.OPEN_TENDER, reason, "R-THR-01")
    if already and already + amount > open_from:
        words = _l("同类采购本年累计将达 %(total)s 元，超过公开招标数额标准", total=f"{already + amount:,.0f}")
        return Proposal(Method.OPEN_TENDER, words, "R-TENDER-15")
    if in_catalogue:
        words = _l("列入集中采购目录，属于政府购买服务，可以采用竞争性磋商")
        return Proposal(Method.CONSULTATION, words, "R-NEG-01")
    if amount >= limit:
        words = _l("达到采购限额标准 %(amount)s 元而未达到公开招标数额标准，属于政府购买服务", amount=f"{limit:,.0f}")
        return Proposal(Method.CONSULTATION, words, "R-NEG-01")
    reason = _l("未达到 %(year)s 年采购限额标准 %(amount)s 元，且不在集中采购目录内", year=year, amount=f"{limit:,.0f}")
    return Proposal(Method.BELOW_LIMIT, reason, "R-BELOW-01")
