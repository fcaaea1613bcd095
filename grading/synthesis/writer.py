"""Collecting the blocks of a report, with figures set in the house's way and marked with what they state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from grading.synthesis.blocks import Block, mark
from grading.synthesis.chance import wording
from grading.synthesis.facts import Facts
from grading.synthesis.house import House

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
NUMERALS = "一二三四五六七八九十"


class Writer:
    """Blocks written so far, in order; `part` names the section that is being written."""

    def __init__(self, facts: Facts, house: House) -> None:
        """Begin an empty report of these facts."""
        self.facts = facts
        self.house = house
        self.blocks: list[Block] = []
        self.part = "cover"

    def pick(self, key: str, *options: str) -> str:
        """This house's phrasing of a sentence."""
        return wording(self.house.seed, key, options)

    def head(self, level: int, text: str, part: str | None = None) -> None:
        """A heading; `part` begins a new section."""
        self.part = part or self.part
        self.blocks.append(Block("head", text, level, self.part))

    def say(self, text: str) -> None:
        """A paragraph."""
        self.blocks.append(Block("text", text, part=self.part))

    def grid(
        self,
        rows: Sequence[Sequence[str]],
        merges: Sequence[tuple[int, int, int, int]] = (),
        *,
        caption: str = "",
        wide: bool = False,
    ) -> None:
        """A table, with its caption as a paragraph above it."""
        if caption:
            self.say(caption)
        self.blocks.append(
            Block("table", part=self.part, rows=tuple(map(tuple, rows)), merges=tuple(merges), wide=wide)
        )

    def number(self, key: str, value: Decimal | int) -> str:
        """A marked figure: money and points with two decimals, counts whole."""
        grouped = f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}"
        text = grouped if self.house.separators else grouped.replace(",", "")
        blank = " " if self.house.spaced else ""
        return f"{blank}{mark(key, text)}{blank}"

    def money(self, key: str, value: Decimal) -> str:
        """An amount in 万元 with its unit, each marked."""
        return self.number(key, value) + mark(f"unit.{key}", "万元")

    def cell(self, key: str, value: Decimal | int) -> str:
        """A marked figure for a table cell."""
        return self.number(key, value).strip()

    def points(self, key: str, value: Decimal) -> str:
        """Points: whole weights without decimals where the house prints them so."""
        bare = (
            key.endswith("weight")
            and value == value.to_integral_value()
            and self.pick("points", "bare", "full") == "bare"
        )
        return mark(key, f"{value.to_integral_value():f}" if bare else f"{value:.2f}")

    def rate(self, key: str, value: Decimal) -> str:
        """A percentage with its sign."""
        return mark(key, f"{value:.2f}%")

    def day(self, key: str, value: date) -> str:
        """A date in words."""
        text = f"{value.year}年{value.month}月{value.day}日"
        return mark(key, text.translate(WIDE) if self.house.wide else text)
