"""报价前后不一致的修正: which of several prices counts, in the lawful order (R-PRICE-04)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal


class MismatchGround(enum.StrEnum):
    """Why a price is corrected; the order of the members is the order of the law."""

    SHEET_OVER_TEXT = "sheet-over-text"
    WORDS_OVER_FIGURES = "words-over-figures"
    DECIMAL_SLIP = "decimal-slip"
    UNIT_TIMES_QUANTITY = "unit-times-quantity"


@dataclass(frozen=True)
class StatedPrices:
    """What a bid says of its price, in yuan: None where it says nothing.

    `sheet` and `words` are the opening sheet's figures and capitals, `text` the total in the bid's text, `unit_price` x
    `quantity` the itemised price.
    """

    sheet: Decimal
    words: Decimal | None = None
    text: Decimal | None = None
    unit_price: Decimal | None = None
    quantity: Decimal | None = None

    @property
    def itemised(self) -> Decimal | None:
        """Return unit price x quantity."""
        if self.unit_price is None or self.quantity is None:
            return None
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class Corrected:
    """The price that counts and every ground that was applied, in order; none where nothing disagrees."""

    price: Decimal
    grounds: tuple[MismatchGround, ...]


def correct_price(stated: StatedPrices) -> Corrected:
    """Return the price that counts.

    The opening sheet prevails over the text; words over figures; then unit price x quantity over the total, except
    where the two differ by a power of ten, an evident slip of the decimal point: there the total rules.
    """
    grounds = []
    price = stated.sheet
    if stated.text is not None and stated.text != price:
        grounds.append(MismatchGround.SHEET_OVER_TEXT)
    if stated.words is not None and stated.words != price:
        grounds.append(MismatchGround.WORDS_OVER_FIGURES)
        price = stated.words
    itemised = stated.itemised
    if itemised is not None and itemised != price:
        if _is_decimal_slip(itemised, price):
            grounds.append(MismatchGround.DECIMAL_SLIP)
        else:
            grounds.append(MismatchGround.UNIT_TIMES_QUANTITY)
            price = itemised.quantize(Decimal("0.01"))
    return Corrected(price, tuple(grounds))


def _is_decimal_slip(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts have the same digits and only the point stands elsewhere."""
    return one > 0 and other > 0 and one.normalize().as_tuple().digits == other.normalize().as_tuple().digits
