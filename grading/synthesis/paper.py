"""A synthetic report as PDF."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from grading.synthesis.blocks import Block
from grading.synthesis.making import SyntheticReport

FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"
MARGIN = 22 * mm
SIZES = {0: 11, 1: 15, 2: 13, 3: 12}


@lru_cache
def _fonts() -> tuple[str, str]:
    pdfmetrics.registerFont(TTFont("SynthesisSerif", FONTS / "400Regular" / "NotoSerifSC_400Regular.ttf"))
    pdfmetrics.registerFont(TTFont("SynthesisBold", FONTS / "700Bold" / "NotoSerifSC_700Bold.ttf"))
    return "SynthesisSerif", "SynthesisBold"


def _style(level: int, *, head: bool) -> ParagraphStyle:
    plain, bold = _fonts()
    size = SIZES[level]
    return ParagraphStyle(
        f"level{level}",
        fontName=bold if head else plain,
        fontSize=size,
        leading=size * 1.65,
        wordWrap="CJK",
        spaceAfter=4,
        firstLineIndent=0 if head else 2 * size,
    )


def _grid(block: Block, width: float) -> Table:
    plain, _ = _fonts()
    style = ParagraphStyle("cell", fontName=plain, fontSize=8.5, leading=11.5, wordWrap="CJK")
    longest = [max(len(row[column]) for row in block.rows) for column in range(len(block.rows[0]))]
    shares = [min(max(length, 8), 22) for length in longest]
    rows = [[Paragraph(escape(text), style) for text in row] for row in block.rows]
    spans: list[tuple[Any, ...]] = [
        ("SPAN", (column, row), (column + columns - 1, row + high - 1)) for row, column, high, columns in block.merges
    ]
    look = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans]
    return Table(rows, [width * share / sum(shares) for share in shares], style=look, repeatRows=1)


def render_pdf(report: SyntheticReport, path: Path) -> None:
    """Write the report as a text PDF with page numbers; a table marked wide stands on a landscape page of its own."""
    plain, bold = _fonts()
    upright, lying = A4, landscape(A4)

    def number(canvas: Any, document: Any) -> None:
        canvas.setFont(plain, 9)
        canvas.drawCentredString(canvas._pagesize[0] / 2, 12 * mm, f"- {document.page} -")  # noqa: SLF001 - no public size

    templates = [
        PageTemplate(
            name,
            [Frame(MARGIN, MARGIN, size[0] - 2 * MARGIN, size[1] - 2 * MARGIN, 0, 0, 0, 0)],
            pagesize=size,
            onPage=number,
        )
        for name, size in (("upright", upright), ("lying", lying))
    ]
    story: list[Any] = []
    for block in report.blocks:
        if block.form == "table":
            size = lying if block.wide else upright
            if block.wide:
                story += [NextPageTemplate("lying"), PageBreak()]
            story += [_grid(block, size[0] - 2 * MARGIN), Spacer(1, 8)]
            if block.wide:
                story += [NextPageTemplate("upright"), PageBreak()]
        elif block.form == "title":
            title = ParagraphStyle(
                "title",
                fontName=bold,
                fontSize=20,
                leading=30,
                alignment=1,
                wordWrap="CJK",
                spaceBefore=80,
                spaceAfter=40,
            )
            story.append(Paragraph(escape(block.text), title))
        else:
            story.append(Paragraph(escape(block.text), _style(block.level, head=block.form == "head")))
    BaseDocTemplate(str(path), pagesize=upright, pageTemplates=templates, title=report.title, invariant=1).build(story)
