"""What an amount is: whole fen, bounded, and the error of a text that is none."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
LARGEST = Decimal("9999999999999.99")


class NotAnAmount(Exception):
    """A text that is no amount of money; `reason` says why, in both languages."""

    def __init__(self, text: str, zh: str, en: str) -> None:
        self.text = text
        self.reason = {"zh": zh, "en": en}
        super().__init__(f"{text!r}: {en}")


def round_fen(amount: Decimal) -> Decimal:
    """Round to whole fen, halves away from zero (四舍五入)."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)
