"""Columns of a table that is written for, or read from, people: titles, kinds and what each cell may hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from core.amounts import NotAnAmount
from core.i18n import Language
from core.money import parse_amount

Kind = Literal["text", "amount", "number", "date"]
Cell = str | int | Decimal | date | datetime | bool | None


@dataclass(frozen=True)
class Message:
    """A text in both languages."""

    zh: str
    en: str


class CellRefused(Exception):
    """A cell's value is not what its column asks for."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = Message(zh, en)
        super().__init__(en)


@dataclass(frozen=True)
class Column:
    """One column: `key` in the result, titles, how a cell is read, whether it must be filled, its longest text."""

    key: str
    zh: str
    en: str
    parse: Callable[[str], object] = str
    required: bool = True
    limit: int = 500
    note: Message | None = None
    choices: tuple[str, ...] = ()
    kind: Kind = "text"
    width: int = 18
    rule_id: str | None = None
    """The rule that asks for the column, named with whatever is wrong in a cell."""

    def title(self, language: Language) -> str:
        """Return the heading in `language`."""
        return self.zh if language == "zh" else self.en

    def read(self, text: str) -> object:
        """Return a cell's value; raises CellRefused with a message for the user, which names the column's rule."""
        if self.rule_id is None:
            return self._read(text)
        try:
            return self._read(text)
        except CellRefused as refused:
            said, rule = refused.message, self.rule_id
            raise CellRefused(
                f"{said.zh.removesuffix('。')}（{rule}）。", f"{said.en.removesuffix('.')} ({rule})."
            ) from refused

    def _read(self, text: str) -> object:
        if not text:
            if self.required:
                raise CellRefused(f"“{self.zh}”不能为空。", f"“{self.en}” may not be empty.")
            return None
        if len(text) > self.limit:
            raise CellRefused(
                f"“{self.zh}”不能超过{self.limit}个字符。", f"“{self.en}” has at most {self.limit} characters."
            )
        if self.choices and text not in self.choices:
            listed = "、".join(self.choices)
            raise CellRefused(f"“{self.zh}”只能填写：{listed}。", f"“{self.en}” is one of: {listed}.")
        return self.parse(text)


def amount_cell(text: str) -> Decimal:
    """Read a cell as yuan."""
    try:
        return parse_amount(text)
    except NotAnAmount as error:
        raise CellRefused(error.reason["zh"], error.reason["en"]) from error


def number_cell(text: str) -> Decimal:
    """Read a cell as a plain finite decimal number."""
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise CellRefused("请填写数字。", "Write a number.") from error
    if not number.is_finite():
        raise CellRefused("请填写数字。", "Write a number.")
    return number


def whole_cell(text: str) -> int:
    """Read a cell as a whole number."""
    number = number_cell(text)
    if number != number.to_integral_value() or abs(number) > 10**12:
        raise CellRefused("请填写整数。", "Write a whole number.")
    return int(number)


def date_cell(text: str) -> date:
    """Read a cell as a date: 2026-11-23, 2026/11/23, 2026年11月23日."""
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").split(" ")[0].split("T")[0]
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise CellRefused("请填写日期，例如 2026-11-23。", "Write a date such as 2026-11-23.") from error
