"""The sums a contract must keep to: bond, supplements, instalments, payments. Exact decimals, yuan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

FEN = Decimal("0.01")
HUNDRED = Decimal(100)


def share_of(amount: Decimal, percent: Decimal) -> Decimal:
    """Return the largest sum in whole fen that is not above so many percent of an amount."""
    return (amount * percent / HUNDRED).quantize(FEN, rounding=ROUND_DOWN)


def left_for_supplements(amount: Decimal, agreed: Sequence[Decimal], percent: Decimal) -> Decimal:
    """Return what may still be added: supplements together stay within so many percent of the contract at signing."""
    return max(share_of(amount, percent) - sum(agreed, Decimal(0)), Decimal(0))


def worth(amount: Decimal, agreed: Sequence[Decimal]) -> Decimal:
    """Return what the contract is worth with its supplements; payments never go above it."""
    return amount + sum(agreed, Decimal(0))


def left_to_pay(amount: Decimal, agreed: Sequence[Decimal], asked: Sequence[Decimal]) -> Decimal:
    """Return what may still be asked for."""
    return worth(amount, agreed) - sum(asked, Decimal(0))


def equal_instalments(amount: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount by percent shares into whole fen; the last instalment takes what rounding leaves."""
    parts = [share_of(amount, share) for share in shares[:-1]]
    return [*parts, amount - sum(parts, Decimal(0))]
