"""Income tax withheld from a fee for labour (劳务报酬所得预扣预缴, R-EXP.tax); pure.

Fees of one month by the same payer count as one income where the rule says so; what earlier lists of the month withheld
is taken off, so that the month's total does not depend on how it was split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Bracket:
    """Up to how much taxable income (None: without end) a rate counts, in percent, and its quick deduction in yuan."""

    up_to: Decimal | None
    rate: int
    quick: Decimal


@dataclass(frozen=True)
class TaxScale:
    """The allowance in yuan up to an income, its share in percent beyond, and the brackets in rising order."""

    allowance: Decimal
    allowance_up_to: Decimal
    allowance_share: Decimal
    brackets: Sequence[Bracket]
    month_together: bool = True


@dataclass(frozen=True)
class Withheld:
    """What is taken from a fee: the month's taxable income, its rate in percent, the tax of this fee, what arrives."""

    gross: Decimal
    earlier: Decimal
    taxable: Decimal
    rate: int
    tax: Decimal

    @property
    def net(self) -> Decimal:
        """What arrives, in yuan."""
        return self.gross - self.tax


def taxable_of(income: Decimal, scale: TaxScale) -> Decimal:
    """Return the taxable part of one income, in yuan."""
    if income <= scale.allowance_up_to:
        return max(Decimal(0), income - scale.allowance)
    return (income * (100 - scale.allowance_share) / 100).quantize(CENT, ROUND_HALF_UP)


def tax_on(income: Decimal, scale: TaxScale) -> tuple[Decimal, int, Decimal]:
    """Return the taxable part of one income, the rate it falls under and the tax, in yuan and percent."""
    taxable = taxable_of(income, scale)
    bracket = next(one for one in scale.brackets if one.up_to is None or taxable <= one.up_to)
    tax = (taxable * bracket.rate / 100 - bracket.quick).quantize(CENT, ROUND_HALF_UP)
    return taxable, bracket.rate, max(Decimal(0), tax)


def withhold(
    gross: Decimal, scale: TaxScale, *, earlier: Decimal = Decimal(0), withheld: Decimal = Decimal(0)
) -> Withheld:
    """Return what is taken from a fee after `earlier` fees of the same month, of which `withheld` was taken."""
    before = earlier if scale.month_together else Decimal(0)
    taken = withheld if scale.month_together else Decimal(0)
    taxable, rate, tax = tax_on(before + gross, scale)
    return Withheld(gross, before, taxable, rate, max(Decimal(0), tax - taken))
