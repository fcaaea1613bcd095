"""Findings as tables for the agency: XLSX out, answers back in; and as a Word document."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.i18n import Language
from core.spreadsheets import CellRefused, Column, Message, Preview, export_xlsx, preview_table, whole_cell
from core.spreadsheets.columns import Cell

STANCES = {"同意": "agrees", "说明": "explains", "agree": "agrees", "explain": "explains"}


def _stance(text: str) -> str:
    found = STANCES.get(text.strip().lower())
    if found is None:
        raise CellRefused("“答复”只能填写：同意、说明。", "“Answer” is one of: 同意, 说明.")
    return found


COLUMNS = (
    Column("number", "序号", "No.", whole_cell, kind="number", width=6),
    Column("class", "类别", "Class", required=False, width=16),
    Column("severity", "性质", "Severity", required=False, width=8),
    Column("place", "位置", "Place", required=False, width=20),
    Column("message", "疑点", "Finding", required=False, limit=4000, width=60),
    Column("stated", "报告所写", "Stated", required=False, limit=1000, width=18),
    Column("expected", "应为", "Expected", required=False, limit=1000, width=18),
    Column("state", "处置", "Disposal", required=False, width=12),
    Column(
        "stance",
        "答复",
        "Answer",
        _stance,
        required=False,
        width=10,
        note=Message("填“同意”或“说明”", "“同意” (agree) or “说明” (explain)"),
    ),
    Column("answer", "说明情况", "Explanation", required=False, limit=2000, width=50),
)


@dataclass(frozen=True)
class Row:
    """One finding as it is exported; texts in the reader's language."""

    number: int
    title: str
    severity: str
    place: str
    message: str
    stated: str
    expected: str
    state: str
    stance: str = ""
    answer: str = ""

    def cells(self) -> dict[str, Cell]:
        """Return the cells by column."""
        return {**vars(self), "class": self.title}


def export_findings(rows: Sequence[Row], *, title: str, language: Language) -> bytes:
    """Return the findings as XLSX; the two last columns are for the answer."""
    return export_xlsx(COLUMNS, [row.cells() for row in rows], title=title, language=language)


def read_answers(data: bytes, numbers: Sequence[int]) -> tuple[Preview, dict[int, tuple[str, str]]]:
    """Read a filled sheet: the preview, and stance and words by number of the finding; rows left empty are left out.

    A number that the letter does not have, or one that stands twice, is an error of its cell. Raises
    `core.spreadsheets.Unreadable` for a file that is no table.
    """
    preview = preview_table(data, COLUMNS)
    found: dict[int, tuple[str, str]] = {}
    for row, number in zip(preview.rows, preview.row_numbers, strict=True):
        item = row.get("number")
        if item is None or (row.get("stance") is None and not row.get("answer")):
            continue
        if item not in numbers:
            _wrong(preview, number, item, "这封询问函没有这一条。", "The letter has no such item.")
        elif item in found:
            _wrong(preview, number, item, "这一条出现了两次。", "This item stands twice.")
        else:
            found[item] = (row.get("stance") or "explains", row.get("answer") or "")
    return preview, found


def _wrong(preview: Preview, row: int, value: object, zh: str, en: str) -> None:
    from core.spreadsheets.preview import CellError

    preview.errors.append(CellError(preview.sheet, row, 1, f"A{row}", Message(zh, en), str(value)))


def findings_docx(rows: Sequence[Row], *, title: str, subtitle: str, heads: Callable[[str], str]) -> bytes:
    """Return the findings as a Word document with room for the answers; `heads` gives the words of each column."""
    from docx import Document  # takes long to load and most requests make no Word file
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.8)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "SimSun", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    paper.add_heading(title, level=1)
    paper.add_paragraph(subtitle)
    keys = ("number", "class", "place", "message", "stated", "expected", "stance", "answer")
    widths = (1.1, 2.6, 3.0, 7.6, 2.6, 2.6, 2.2, 4.4)
    table = paper.add_table(rows=1, cols=len(keys))
    table.style = "Table Grid"
    for cell, key in zip(table.rows[0].cells, keys, strict=True):
        cell.text = heads(key)
    head = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way to repeat a head
    head.append(head.makeelement(qn("w:tblHeader"), {}))
    for row in rows:
        cells = row.cells()
        for cell, key in zip(table.add_row().cells, keys, strict=True):
            cell.text = str(cells[key] or "")
    for column, width in zip(table.columns, widths, strict=True):
        for cell in column.cells:
            cell.width = Cm(width)
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()
