"""A comparison as a table: a row each, a column an agency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from agencies.comparison import Cell, Facts, Group
from core.i18n import Language
from core.rules import Words
from core.spreadsheets import Column, export_xlsx
from core.spreadsheets.columns import Cell as SheetCell


def comparison_sheet(agencies: Sequence[Facts], groups: Sequence[Group], *, title: str, language: Language) -> bytes:
    """Return the comparison as XLSX."""
    columns = [
        Column("group", "类别", "Group", width=22),
        Column("row", "项目", "Item", width=30),
        Column("differs", "是否不同", "Differs", width=10),
        *(Column(one.id, one.name, one.name, width=26) for one in agencies),
    ]
    rows: list[dict[str, SheetCell]] = []
    for group in groups:
        for row in group.rows:
            said: dict[str, SheetCell] = {
                "group": str(group.title),
                "row": words_in(row.title, language),
                "differs": "≠" if row.differs else "=",
            }
            said |= {one.id: _sheet_cell(cell) for one, cell in zip(agencies, row.cells, strict=True)}
            rows.append(said)
    return export_xlsx(columns, rows, title=title, language=language)


def words_in(title: object, language: Language) -> str:
    """Return a row's title in a language."""
    if isinstance(title, Words):
        return title.en if language == "en" else title.zh
    return str(title)


def _sheet_cell(cell: Cell) -> SheetCell:
    value = cell.value
    if value is None:
        return "—"
    if isinstance(value, list):
        return "、".join(str(one.label) for one in value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | date):
        shown = str(getattr(value, "label", value))
        return f"{shown} {cell.note}".strip()
    return value
