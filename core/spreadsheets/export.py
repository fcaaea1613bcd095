"""Tables out: XLSX and CSV that no spreadsheet program will run as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.clock import SHANGHAI
from core.i18n import Language
from core.spreadsheets.columns import Cell, Column

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FORMATS = {"amount": "#,##0.00", "number": "General", "date": "yyyy-mm-dd", "text": "@"}
_HEAD_FILL = "DCE6F1"
_FONT = "宋体"
_VALIDATED_ROWS = 2000


def safe_text(text: str) -> str:
    """Return text that no spreadsheet reads as a formula: an apostrophe before a dangerous first character.

    Control characters that XLSX cannot hold are left out.
    """
    clean = "".join(character for character in text if character in "\t\r\n" or character >= " ")
    return "'" + clean if clean.startswith(_STARTERS) or clean.lstrip(" ").startswith(_STARTERS) else clean


def unescape(text: str) -> str:
    """Return what `safe_text` was given, so that an exported table reads back the same."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(_STARTERS) else text


def export_csv(columns: Sequence[Column], rows: Iterable[Mapping[str, Cell]], language: Language = "zh") -> bytes:
    """Write CSV in UTF-8 with a byte order mark, which spreadsheet programs need to show Chinese."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([safe_text(column.title(language)) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(row.get(column.key)) for column in columns])
    return target.getvalue().encode("utf-8-sig")


def export_xlsx(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Cell]], *, title: str, language: Language = "zh"
) -> bytes:
    """Write one sheet with a frozen head, set widths, number formats and every text as text."""
    return _workbook(columns, rows, title=title, language=language, template=False)


def template_xlsx(columns: Sequence[Column], *, title: str, language: Language = "zh") -> bytes:
    """Write an empty sheet to fill in: notes at the heads, and drop-down lists where a column has choices."""
    return _workbook(columns, (), title=title, language=language, template=True)


def _csv_cell(value: Cell) -> str:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return safe_text(_shown(value))


def _shown(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _workbook(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Cell]], *, title: str, language: Language, template: bool
) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        if template and column.choices:
            listed = DataValidation(type="list", formula1=_choice_list(column), allow_blank=not column.required)
            listed.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{_VALIDATED_ROWS}")
            sheet.data_validations.append(listed)
    heads = []
    for column in columns:
        head = WriteOnlyCell(
            sheet, value=safe_text(column.title(language)) + (" *" if template and column.required else "")
        )
        head.font = Font(name=_FONT, bold=True)
        head.fill = PatternFill("solid", fgColor=_HEAD_FILL)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        if template and column.note:
            head.comment = Comment(column.note.zh if language == "zh" else column.note.en, "衡评")
        heads.append(head)
    sheet.append(heads)
    body = Font(name=_FONT)
    for row in rows:
        cells = []
        for column in columns:
            value = row.get(column.key)
            typed = isinstance(value, Decimal | int | date) and not isinstance(value, bool | datetime)
            written: Any = value if typed else safe_text(_shown(value))  # the stubs forget Decimal
            cell = WriteOnlyCell(sheet, value=written)
            cell.data_type = cell.data_type if typed else "s"
            cell.number_format = _FORMATS[column.kind] if typed else _FORMATS["text"]
            cell.font = body
            cells.append(cell)
        sheet.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _choice_list(column: Column) -> str:
    return '"' + ",".join(choice.replace('"', '""') for choice in column.choices) + '"'


def _sheet_name(title: str) -> str:
    return "".join("_" if character in "[]:*?/\\'" else character for character in title)[:31] or "Sheet1"
