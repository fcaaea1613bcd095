"""Tables in and out: export safe from formula injection, import with a preview that names every bad cell.

preview = preview_table(data, columns)      # raises Unreadable
if preview.clean: ... write preview.rows ...
export_xlsx(columns, rows, title="机构"), export_csv(columns, rows), template_xlsx(columns, title="指标")
"""

from core.spreadsheets.columns import CellRefused, Column, Message, amount_cell, date_cell, number_cell, whole_cell
from core.spreadsheets.export import export_csv, export_xlsx, safe_text, template_xlsx
from core.spreadsheets.opening import Limits, Unreadable
from core.spreadsheets.preview import CellError, Preview, preview_table

__all__ = [
    "CellError",
    "CellRefused",
    "Column",
    "Limits",
    "Message",
    "Preview",
    "Unreadable",
    "amount_cell",
    "date_cell",
    "export_csv",
    "export_xlsx",
    "number_cell",
    "preview_table",
    "safe_text",
    "template_xlsx",
    "whole_cell",
]
