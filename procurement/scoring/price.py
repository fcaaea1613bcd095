"""价格分: points for the price, and the range in which its weight may lie (R-PRICE-01, R-PRICE-02, R-PRICE-03)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from core.records import Fault

PLACES = 2


class NotAPrice(Exception):
    """A price or weight with which no points can be computed; carries the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} {en}")


class Subject(enum.StrEnum):
    """What is bought: goods (货物) or services (服务)."""

    GOODS = "goods"
    SERVICES = "services"


class Procedure(enum.StrEnum):
    """How it is bought, as far as scoring differs: tendering, consultation, negotiation or quotation, framework."""

    TENDER = "tender"
    CONSULTATION = "consultation"
    NEGOTIATION = "negotiation"
    FRAMEWORK = "framework"


def rounded(value: Fraction, places: int = PLACES) -> Decimal:
    """Return an exact value as printed: half up, away from zero at a tie, to so many decimal places."""
    # A fraction is brought to whole units of the last place first, so that no division loses digits.
    scaled = value * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    sign = -1 if scaled < 0 else 1
    return Decimal(sign * whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def benchmark_price(prices: Mapping[str, Decimal]) -> Decimal:
    """评标基准价: the lowest evaluation price of the bids that passed (R-PRICE-01). Raises NotAPrice without one."""
    if not prices:
        raise NotAPrice("没有通过审查的投标，无法确定评标基准价。", "No bid passed, so there is no benchmark price.")
    for bid, price in prices.items():
        if not price.is_finite() or price <= 0:
            raise NotAPrice(
                f"投标 {bid} 的报价 {price} 应为正数。", f"The price {price} of bid {bid} must be positive."
            )
    return min(prices.values())


def price_points(prices: Mapping[str, Decimal], weight: Decimal, *, places: int = PLACES) -> dict[str, Decimal]:
    """Return each bid's price points: benchmark / price x weight, of a total of 100 points (R-PRICE-01).

    `prices` are evaluation prices in yuan of all bids that passed: none is left out as highest or lowest, and an
    abnormally low one only once it is ruled invalid. `weight` is in points. Rounded half up once, at the end.
    """
    lowest = Fraction(benchmark_price(prices))
    return {bid: rounded(lowest / Fraction(price) * Fraction(weight), places) for bid, price in prices.items()}


def price_weight_range(subject: Subject, procedure: Procedure) -> tuple[Decimal, Decimal, str]:
    """Return the least and greatest lawful price weight in points, and the rule that says so.

    Tendering: goods at least 30, services at least 10 (R-PRICE-02); consultation: goods 30-60, services 10-30
    (R-PRICE-03). A framework call that ranks by quality gives no points for the price (R-FRAME-01).
    """
    if procedure is Procedure.FRAMEWORK:
        return Decimal(0), Decimal(0), "R-FRAME-01"
    least = Decimal(30) if subject is Subject.GOODS else Decimal(10)
    if procedure is Procedure.CONSULTATION:
        return least, least + (30 if subject is Subject.GOODS else 20), "R-PRICE-03"
    return least, Decimal(100), "R-PRICE-02"


def check_price_weight(
    weight: Decimal, subject: Subject, procedure: Procedure, *, price_is_fixed: bool = False
) -> list[Fault]:
    """Return what is wrong with a price weight; where the state fixes the price, price is no factor (R-PRICE-02)."""
    if price_is_fixed:
        if weight == 0:
            return []
        return [
            Fault(
                "R-PRICE-02",
                "price_weight",
                "执行国家统一定价标准和采用固定价格采购的项目，价格不列为评审因素。",
                "Where the price is fixed by a national standard, price is not an evaluation factor.",
            )
        ]
    least, most, rule = price_weight_range(subject, procedure)
    if least <= weight <= most:
        return []
    return [
        Fault(
            rule,
            "price_weight",
            f"价格分权重 {weight} 不在 {least}–{most} 之间。",
            f"The price weight {weight} is not within {least}-{most}.",
        )
    ]
