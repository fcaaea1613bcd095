"""Reading XLSX: score tables and data sheets that a delivery brings beside its report.

Every visible sheet becomes a heading and a table; figures are written as their number format shows them. A formula
whose result was not saved cannot be read, and is told as unread.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from grading.reading.document import Cell, Paragraph, Report, Row, Table
from grading.reading.layout import unit_of
from grading.reading.refusal import refusal

MOST_ROWS = 5000
MOST_COLUMNS = 120
FORMULA = "="
DECIMALS = re.compile(r"0\.(0+)")


def shown(value: object, form: str) -> str:
    """A value as its cell shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, int | float):
        return _figure(value, form)
    return "" if value is None else str(value).strip()


def _figure(value: float, form: str) -> str:
    places = DECIMALS.search(form)
    digits = len(places[1]) if places else None
    if "%" in form:
        return f"{value * 100:.{digits or 0}f}%"
    if digits is not None:
        return f"{value:,.{digits}f}" if "," in form else f"{value:.{digits}f}"
    return f"{value:.10g}"


def read_xlsx(path: Path) -> Report:
    """Read the workbook at `path`; raises `Unreadable`."""
    from openpyxl import load_workbook

    try:
        # Opened as a stream: openpyxl goes by a file's name, and a stored file has none.
        with path.open("rb") as stream:
            book = load_workbook(stream, data_only=True)
            written = load_workbook(stream, data_only=False)
    except Exception as error:  # openpyxl raises many unrelated types for damaged files
        raise refusal("corrupt") from error
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    unread: list[str] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            unread.append(f"隐藏的工作表“{sheet.title}”没有读取")
            continue
        paragraphs.append(Paragraph(len(paragraphs), None, sheet.title, 1))
        table, lost = _table(sheet, written[sheet.title], len(tables), len(paragraphs) - 1)
        if lost:
            unread.append(f"工作表“{sheet.title}”有{lost}个公式没有保存结果，无法核对")
        if table is not None:
            tables.append(table)
    if not tables:
        raise refusal("no-text")
    return Report(
        tables[0].caption or paragraphs[0].text, "xlsx", None, tuple(paragraphs), tuple(tables), (), tuple(unread)
    )


def _table(sheet: Any, written: Any, index: int, after: int) -> tuple[Table | None, int]:
    """The filled part of a sheet, and how many formulas in it have no result; None where nothing is filled."""
    height, width = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
    spans = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    covered = {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, height) + 1)
        for column in range(area.min_col, min(area.max_col, width) + 1)
    } - set(spans)
    lost = 0
    rows: list[list[Cell]] = []
    captions: list[str] = []
    for number in range(1, height + 1):
        cells = []
        for column in range(1, width + 1):
            if (number, column) in covered:
                continue
            cell = sheet.cell(number, column)
            text = shown(cell.value, cell.number_format or "")
            source = written.cell(number, column).value
            lost += not text and isinstance(source, str) and source.startswith(FORMULA)
            area = spans.get((number, column))
            wide = min(area.max_col, width) - area.min_col + 1 if area else 1
            high = min(area.max_row, height) - area.min_row + 1 if area else 1
            cells.append(Cell(text, len(rows), column - 1, high, wide))
        filled = [cell for cell in cells if cell.text]
        if not filled and not rows:
            continue
        if len(filled) == 1 and not rows:
            captions.append(filled[0].text)  # lines above the heading: title, unit, date
            continue
        rows.append(cells)
    if not any(cell.text for row in rows for cell in row):
        return None, lost
    finished = tuple(Row(place, tuple(cells)) for place, cells in enumerate(rows))
    unit = next((found for text in captions if (found := unit_of(text))), "")
    return Table(index, None, finished, captions[0] if captions else sheet.title, unit, after), lost
