"""The recomputation behind a finding, step by step, from what the finding itself says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
SUM = re.compile(r"（([^（）]*\d[^（）]*[+＋×÷][^（）]*\d[^（）]*)）")
QUOTIENT = re.compile(r"(?:而|按|，|^)([^，；。（）而]*\d[^，；。（）]*[÷×][^，；。（）＝=]*)[＝=]")


@dataclass(frozen=True)
class Reckoning:
    """What was worked out: the formula with the report's own figures, its result, what the report says instead.

    `gap` is stated − expected in the printed unit, `tolerance` how far rounding alone may carry; "" where unknown.
    """

    formula: str
    expected: str
    stated: str
    gap: str = ""
    tolerance: str = ""


def reckoning_of(
    message: str, stated: str | None, expected: str | None, signals: Mapping[str, float]
) -> Reckoning | None:
    """Return the steps of a finding that rests on arithmetic; None for one that does not."""
    formula = formula_in(message)
    left, right = number_in(stated), number_in(expected)
    if left is None or right is None:
        return Reckoning(formula, expected or "", stated or "") if formula else None
    gap, residual = left - right, signals.get("residual")
    tolerance = ""
    if residual and gap:
        tolerance = _short(abs(gap) / Decimal(str(residual)))
    return Reckoning(formula, expected or "", stated or "", f"{gap:+,f}", tolerance)


def formula_in(message: str) -> str:
    """Return the sum, product or quotient that a finding's sentence spells out, "" where it has none."""
    found = SUM.search(message) or QUOTIENT.search(message)
    return found.group(1).strip() if found else ""


def number_in(text: str | None) -> Decimal | None:
    """Return the one figure that a stated or expected value is; None where it is words or several figures."""
    figures = NUMBER.findall(text or "")
    if len(figures) != 1:
        return None
    try:
        return Decimal(figures[0].replace(",", ""))
    except InvalidOperation:
        return None


def _short(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"
