"""A synthetic report as DOCX."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from grading.synthesis.blocks import Block
from grading.synthesis.making import SyntheticReport


def _section(paper: Paper, *, wide: bool) -> None:
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    if (section.page_width > section.page_height) != wide:
        section.page_width, section.page_height = section.page_height, section.page_width
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT


def _table(paper: Paper, block: Block) -> None:
    table = paper.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
    cells = table._cells  # noqa: SLF001 - one pass; table.cell() walks the whole table for every cell
    width = len(block.rows[0])
    for place, text in enumerate(text for row in block.rows for text in row):
        cells[place].text = text
    for row, column, rows, columns in block.merges:
        first, last = cells[row * width + column], cells[(row + rows - 1) * width + column + columns - 1]
        kept = first.text
        first.merge(last).text = kept


def render_docx(report: SyntheticReport, path: Path) -> None:
    """Write the report as DOCX; a table marked wide stands on a landscape page of its own."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    paper.core_properties.title = report.title
    for block in report.blocks:
        if block.form == "table":
            if block.wide:
                _section(paper, wide=True)
            _table(paper, block)
            if block.wide:
                _section(paper, wide=False)
        elif block.form == "title":
            line = paper.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(block.text)
            run.bold, run.font.size = True, Pt(22)
        elif block.form == "head" and report.house.styled:
            paper.add_heading(block.text, block.level)
        else:
            run = paper.add_paragraph().add_run(block.text)
            run.bold = block.form == "head"
    paper.save(str(path))
