"""An exhibit of the analysis: a plot and its table, what they say in a sentence, and how they are exported.

Pages, exports and the yearly report all take their exhibits from here, so that they never tell different numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from core.i18n import Language, Text, _, heading
from core.plots import Picture
from core.spreadsheets import Column, export_csv, export_xlsx
from core.spreadsheets.columns import Cell
from grading.analysis.estimates import Estimate

Kind = Literal["text", "count", "score", "points", "share", "rate", "days", "coefficient"]
Value = str | int | float | Decimal | Estimate | None
PLACES: dict[Kind, int] = {"score": 2, "points": 2, "share": 4, "rate": 2, "coefficient": 3}


@dataclass(frozen=True)
class Head:
    """A column: its key, its words, and how its values read. `spread`: a value with its interval, three in a file."""

    key: str
    title: Text
    kind: Kind = "text"
    spread: bool = False

    @property
    def numeric(self) -> bool:
        """Whether its values stand flush right."""
        return self.kind != "text"


@dataclass(frozen=True)
class Row:
    """A line of the table, with the address of the rows behind each value where there is one."""

    values: Mapping[str, Value]
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exhibit:
    """A plot with its table. `draw` draws it for a width; `says` is the sentence; `few` why it proves little yet."""

    key: str
    title: str
    says: str
    heads: Sequence[Head]
    rows: Sequence[Row]
    draw: Callable[[float], Picture] | None = None
    notes: Sequence[str] = ()
    rules: Sequence[str] = ()
    few: str = ""


def shown(kind: Kind, value: Value) -> str:
    """Return a value as pages and papers print it; an estimate with its interval in brackets."""
    if isinstance(value, Estimate):
        low, high = shown(kind, value.low), shown(kind, value.high)
        return str(_("%(value)s（%(low)s 至 %(high)s）", value=shown(kind, value.value), low=low, high=high))
    if value is None or isinstance(value, str):
        return value or "—"
    if kind == "share":
        return f"{100 * float(value):.1f}%"
    sign = "+" if kind == "points" else ""
    text = format(float(value), f"{sign}.{PLACES[kind]}f") if kind in PLACES else f"{value:,}"
    return text.replace("-", "−")


def signed(value: float | Decimal) -> str:
    """Return points with their sign, as sentences and plots have them."""
    return shown("points", value)


def columns_of(exhibit: Exhibit) -> list[Column]:
    """Return the columns of the exported table."""
    found: list[Column] = []
    for head in exhibit.heads:
        title = heading(head.title)
        wide = 34 if head.kind == "text" else 14
        kind: Literal["text", "number"] = "text" if head.kind == "text" else "number"
        found.append(Column(head.key, title, title, kind=kind, width=wide))
        if head.spread:
            for end, words in (("low", _("下限")), ("high", _("上限"))):
                name = f"{title} {words}"
                found.append(Column(f"{head.key}.{end}", name, name, kind="number", width=14))
    return found


def records_of(exhibit: Exhibit) -> list[dict[str, Cell]]:
    """Return the rows of the exported table: numbers as numbers, intervals in columns of their own."""
    found = []
    for row in exhibit.rows:
        cells: dict[str, Cell] = {}
        for head in exhibit.heads:
            value = row.values.get(head.key)
            if isinstance(value, Estimate):
                cells[f"{head.key}.low"] = _number(head.kind, value.low)
                cells[f"{head.key}.high"] = _number(head.kind, value.high)
                value = value.value
            cells[head.key] = value if isinstance(value, str) else _number(head.kind, value)
        found.append(cells)
    return found


def table_file(exhibit: Exhibit, ending: str, language: Language) -> bytes:
    """Return the exhibit's table as `csv` or `xlsx`."""
    columns, records = columns_of(exhibit), records_of(exhibit)
    if ending == "csv":
        return export_csv(columns, records, language)
    return export_xlsx(columns, records, title=exhibit.title, language=language)


def _number(kind: Kind, value: float | Decimal | None) -> Cell:
    if value is None or isinstance(value, int):
        return value
    return Decimal(str(round(float(value), PLACES.get(kind, 2))))
