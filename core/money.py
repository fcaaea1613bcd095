"""Money: exact yuan, read from what people write and written the way each language writes it.

Amounts are `Decimal` yuan with at most two decimals; nothing here ever touches binary floating point.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from core.amounts import FEN, LARGEST, NotAnAmount, round_fen
from core.chinese_numbers import amount_to_capital, capital_to_amount, looks_capital
from core.i18n import Language

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
_UNITS: dict[str, Decimal] = {"": Decimal(1), "元": Decimal(1), "万元": WAN, "万": WAN, "亿元": YI, "亿": YI}
_AMOUNT = re.compile(r"^(?:人民币|RMB|CNY|[¥￥])?(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(元|万元|万|亿元|亿)?整?$")


def parse_amount(text: str, *, negative: bool = False) -> Decimal:
    """Read an amount in yuan: `1,234.50`, `¥1234.5`, `123.45万元`, `1.2亿`, or capitals such as `壹佰元整`.

    Raises NotAnAmount when it is none, is finer than one fen, is negative (unless allowed) or too large.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if looks_capital(plain):
        return capital_to_amount(plain)
    match = _AMOUNT.match(plain)
    if match is None:
        raise NotAnAmount(
            text,
            zh="请填写金额，例如 1,234,500.00 或 123.45万元。",
            en="Write an amount such as 1,234,500.00 or 123.45万元.",
        )
    sign, whole, fraction, unit = match.groups()
    try:
        amount = Decimal(whole.replace(",", "") + (fraction or "")) * _UNITS[unit or ""]
    except InvalidOperation as error:
        raise NotAnAmount(text, zh="金额无法识别。", en="The amount cannot be read.") from error
    if amount > LARGEST:
        raise NotAnAmount(text, zh="金额过大。", en="The amount is too large.")
    if amount != amount.quantize(FEN):
        raise NotAnAmount(text, zh="金额最多精确到分（两位小数）。", en="An amount has at most two decimals.")
    if sign and not negative:
        raise NotAnAmount(text, zh="金额不能为负数。", en="The amount may not be negative.")
    return (-amount if sign else amount).quantize(FEN)


def format_amount(amount: Decimal, language: Language = "zh") -> str:
    """Write an amount with thousands and two decimals: `1,234.50 元` or `CNY 1,234.50`."""
    figure = f"{round_fen(amount):,.2f}"
    return f"{figure} 元" if language == "zh" else f"CNY {figure}"


def format_wan(amount: Decimal, language: Language = "zh", places: int = 2) -> str:
    """Write an amount in ten thousands of yuan (万元), or in English in millions, rounded to `places` decimals."""
    if language == "zh":
        return f"{_rounded(amount / WAN, places):,.{places}f} 万元"
    return f"CNY {_rounded(amount / 1_000_000, places):,.{places}f} million"


def format_capital(amount: Decimal) -> str:
    """Write an amount in Chinese capitals (大写): `壹佰贰拾叁元整`; see core.chinese_numbers."""
    return amount_to_capital(amount)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return part of whole in percent, rounded to two decimals; None when there is no whole to share."""
    return _rounded(part / whole * 100, 2) if whole else None


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide an amount over weights into whole fen so that the parts add up exactly (largest remainder).

    Raises NotAnAmount when the weights are empty, negative or add up to nothing.
    """
    total = sum(weights, Decimal(0))
    if total <= 0 or min(weights) < 0:
        raise NotAnAmount(
            str(list(weights)), zh="分摊权重之和必须大于零。", en="The weights must add up to more than zero."
        )
    fen = int(round_fen(amount) / FEN)
    sign, fen = (-1, -fen) if fen < 0 else (1, fen)
    exact = [fen * weight / total for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: fen - sum(parts)]:
        parts[place] += 1
    return [sign * part * FEN for part in parts]


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
