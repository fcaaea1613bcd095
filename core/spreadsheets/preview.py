"""Tables in: read every row, name every bad cell, and write nothing before all of it is clean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.spreadsheets.columns import CellRefused, Column, Message
from core.spreadsheets.export import unescape
from core.spreadsheets.opening import Grid, Limits, open_table

_DEFAULT = Limits()
_SHOWN = 60


@dataclass(frozen=True)
class CellError:
    """What is wrong in one cell; row and column count from 1, `cell` is its name such as C7."""

    sheet: str
    row: int
    column: int
    cell: str
    message: Message
    value: str


@dataclass(frozen=True)
class Preview:
    """The rows read and the errors found. `rows` is what may be written once `clean`.

    `places` says in which column, counted from 1, each key was found, for what is refused only after reading.
    """

    sheet: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Say whether the table may be written as it is."""
        return not self.errors and bool(self.rows)


def preview_table(data: bytes, columns: Sequence[Column], limits: Limits = _DEFAULT) -> Preview:
    """Read an uploaded XLSX or CSV against its declared columns.

    Heads may be in either language and any order; unknown columns are left alone. Raises Unreadable when the file as a
    whole cannot be read; everything else becomes a CellError.
    """
    grid = open_table(data, limits)
    preview = Preview(sheet=grid.sheet)
    places = _places(grid, columns, preview)
    preview.places.update({column.key: place + 1 for column, place in places.items() if place is not None})
    for area in grid.merged:
        first = area.split(":", 1)[0]
        column, row = _position(first)
        preview.errors.append(
            _error(
                grid, row - 1, column - 1, f"请取消合并单元格（{area}）。", f"Please unmerge the merged cells ({area})."
            )
        )
    if not preview.errors:
        for index, cells in enumerate(grid.rows[1:], start=1):
            if any(cells):
                _read_row(grid, index, places, preview)
        if not preview.rows:
            preview.errors.append(_error(grid, 1, 0, "表格里没有数据行。", "The table holds no rows."))
    return preview


def _places(grid: Grid, columns: Sequence[Column], preview: Preview) -> dict[Column, int | None]:
    heads = [head.removesuffix("*").strip() for head in grid.rows[0]] if grid.rows else []
    places: dict[Column, int | None] = {}
    for column in columns:
        found = [place for place, head in enumerate(heads) if head in {column.zh, column.en}]
        places[column] = found[0] if found else None
        if not found and column.required:
            preview.errors.append(
                _error(grid, 0, 0, f"缺少“{column.zh}”列。", f"The column “{column.en}” is missing."),
            )
        if len(found) > 1:
            preview.errors.append(
                _error(grid, 0, found[1], f"“{column.zh}”列重复。", f"The column “{column.en}” appears twice."),
            )
    return places


def _read_row(grid: Grid, index: int, places: dict[Column, int | None], preview: Preview) -> None:
    cells = grid.rows[index]
    row: dict[str, Any] = {}
    for column, place in places.items():
        if place is None:
            row[column.key] = None
            continue
        try:
            row[column.key] = column.read(unescape(cells[place]) if place < len(cells) else "")
        except CellRefused as refused:
            preview.errors.append(_error(grid, index, place, refused.message.zh, refused.message.en))
    preview.rows.append(row)
    preview.row_numbers.append(index + 1)


def _error(grid: Grid, row: int, column: int, zh: str, en: str) -> CellError:
    from openpyxl.utils import get_column_letter

    cells = grid.rows[row] if row < len(grid.rows) else []
    value = cells[column] if column < len(cells) else ""
    name = f"{get_column_letter(column + 1)}{row + 1}"
    return CellError(grid.sheet, row + 1, column + 1, name, Message(zh, en), value[:_SHOWN])


def _position(cell: str) -> tuple[int, int]:
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    letters, row = coordinate_from_string(cell)
    return column_index_from_string(letters), row
