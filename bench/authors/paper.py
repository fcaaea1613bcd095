"""A document of the second generator as DOCX and as PDF, in several looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from numpy.random import Generator
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Spacer, Table
from reportlab.platypus import Paragraph as Printed

from bench.authors.houses import HEAD, NOTE, TABLE, Paper

FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"


def write_docx(paper: Paper, path: Path, rng: Generator) -> None:
    """Write as DOCX; headings styled or only bold, captions above to the left or in the middle."""
    styled, font = rng.random() < 0.5, str(rng.choice(["宋体", "仿宋_GB2312", "方正仿宋"]))
    document = Document()
    style = document.styles["Normal"]
    style.font.name = font
    style.font.size = Pt(float(rng.choice([12, 14, 16])))
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if paper.header:
        document.sections[0].header.paragraphs[0].text = paper.header
    for line in paper.cover:
        item = document.add_paragraph()
        item.alignment = WD_ALIGN_PARAGRAPH.CENTER
        item.add_run(line).bold = True
    document.add_page_break()
    for block in paper.blocks:
        if block.form == TABLE:
            _word_table(document, block.rows, block.spans)
        elif block.form == HEAD and styled:
            document.add_heading(block.text, block.level)
        else:
            item = document.add_paragraph()
            half = len(block.text) // 2
            for text in (block.text[:half], block.text[half:]):
                item.add_run(text).bold = block.form == HEAD
            if block.form == NOTE:
                item.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.save(str(path))


def _word_table(document: Any, rows: list[list[str]], spans: list[tuple[int, int, int, int]]) -> None:
    width = len(rows[0])
    table = document.add_table(len(rows), width, style="Table Grid")
    cells = table._cells  # noqa: SLF001 - one pass; table.cell() walks the whole table for every cell
    for place, text in enumerate(text for row in rows for text in row):
        cells[place].text = text
    for row, column, high, wide in spans:
        first, last = cells[row * width + column], cells[(row + high - 1) * width + column + wide - 1]
        kept = first.text
        first.merge(last).text = kept


def write_pdf(paper: Paper, path: Path, rng: Generator) -> None:
    """Write as a text PDF; size of letters, margins, running head and repeated table heads vary."""
    pdfmetrics.registerFont(TTFont("OtherSerif", FONTS / "400Regular" / "NotoSerifSC_400Regular.ttf"))
    size = float(rng.choice([10.5, 12, 14]))
    margin = float(rng.choice([56, 72, 85]))
    repeated = int(rng.random() < 0.6)

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("OtherSerif", 9)
        canvas.drawCentredString(A4[0] / 2, 28, f"第 {document.page} 页" if size > 11 else str(document.page))
        if paper.header:
            canvas.drawString(margin, A4[1] - 36, paper.header)

    frame = Frame(margin, margin, A4[0] - 2 * margin, A4[1] - 2 * margin, 0, 0, 0, 0)
    body = ParagraphStyle(
        "body", fontName="OtherSerif", fontSize=size, leading=size * 1.7, wordWrap="CJK", firstLineIndent=2 * size
    )
    head = ParagraphStyle("head", parent=body, fontSize=size + 2, leading=(size + 2) * 1.6, firstLineIndent=0)
    note = ParagraphStyle("note", parent=body, alignment=1, firstLineIndent=0, fontSize=size - 1)
    cover = ParagraphStyle("cover", parent=body, fontSize=22, leading=34, alignment=1, firstLineIndent=0)
    cell = ParagraphStyle("cell", parent=body, fontSize=8.5, leading=11, firstLineIndent=0)
    story: list[Any] = [Spacer(1, 140), *(Printed(escape(line), cover) for line in paper.cover), PageBreak()]
    for block in paper.blocks:
        if block.form != TABLE:
            story.append(Printed(escape(block.text), {HEAD: head, NOTE: note}.get(block.form, body)))
            continue
        longest = [max(len(row[k]) for row in block.rows) for k in range(len(block.rows[0]))]
        shares = [min(max(length, 6), 20) for length in longest]
        rows = [[Printed(escape(text), cell) for text in row] for row in block.rows]
        merged = [
            ("SPAN", (column, row), (column + wide - 1, row + high - 1)) for row, column, high, wide in block.spans
        ]
        look = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *merged]
        widths = [(A4[0] - 2 * margin) * share / sum(shares) for share in shares]
        story += [Table(rows, widths, style=look, repeatRows=repeated), Spacer(1, 8)]
    template = PageTemplate("page", [frame], onPage=furniture)
    BaseDocTemplate(str(path), pagesize=A4, pageTemplates=[template], invariant=1).build(story)
