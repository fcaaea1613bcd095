"""价格扣除: the price deduction for small and micro enterprises (R-PRICE-05)."""

from __future__ import annotations

import enum
from decimal import Decimal

from core.records import Fault
from procurement.scoring.price import NotAPrice

LEAST_SHARE = Decimal(30)
RULE = "R-PRICE-05"


class SmallBusiness(enum.StrEnum):
    """On what ground a deduction is claimed, always by 《中小企业声明函》."""

    NONE = "none"
    SMALL_OR_MICRO = "small_or_micro"
    PARTNER = "partner"

    @property
    def percent(self) -> tuple[Decimal, Decimal]:
        """Return the lawful range of the deduction in percent: itself small or micro 10-20, with such partners 4-6."""
        if self is SmallBusiness.SMALL_OR_MICRO:
            return Decimal(10), Decimal(20)
        return (Decimal(4), Decimal(6)) if self is SmallBusiness.PARTNER else (Decimal(0), Decimal(0))


def check_deduction(
    ground: SmallBusiness,
    percent: Decimal,
    *,
    reserved: bool = False,
    declared: bool = True,
    partner_share: Decimal | None = None,
) -> list[Fault]:
    """Return what is wrong with a deduction.

    `reserved` says that the whole project is reserved for such enterprises (then nothing is deducted); `declared` that
    the declaration letter was handed in; `partner_share` is the percentage of the contract that small or micro
    partners take, at least 30.
    """
    least, most = ground.percent
    faults = []
    if not least <= percent <= most:
        faults.append(
            Fault(
                RULE,
                "deduction",
                f"价格扣除比例应在 {least}%–{most}% 之间。",
                f"The deduction must be {least}%-{most}%.",
            )
        )
    if percent and reserved:
        faults.append(
            Fault(
                RULE,
                "deduction",
                "专门面向中小企业采购的项目不再执行价格扣除。",
                "In a project reserved for small enterprises nothing is deducted.",
            )
        )
    if percent and not declared:
        faults.append(
            Fault(
                RULE,
                "declaration",
                "未提供《中小企业声明函》,不予价格扣除。",
                "There is no declaration letter: no deduction.",
            )
        )
    if ground is SmallBusiness.PARTNER and (partner_share is None or partner_share < LEAST_SHARE):
        faults.append(
            Fault(
                RULE,
                "partner_share",
                "小微企业所占合同份额应在 30% 以上。",
                "The small or micro partners' share of the contract must be at least 30%.",
            )
        )
    return faults


def evaluation_price(bid: Decimal, percent: Decimal) -> Decimal:
    """评审价: bid x (1 - percent / 100), exact; used for points only, the contract price stays the bid (R-PRICE-05)."""
    if not bid.is_finite() or bid <= 0 or not 0 <= percent < 100:
        raise NotAPrice("报价应为正数，扣除比例应小于 100%。", "The bid must be positive and the deduction below 100%.")
    return (bid * (100 - percent)).scaleb(-2).normalize() + Decimal(0) if percent else bid
