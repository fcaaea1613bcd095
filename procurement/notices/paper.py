"""A notice as an official paper, for `core.pdf`."""

from __future__ import annotations

from core import pdf
from procurement.notices.text import Block, Facts, Heading, NoticeText, Paragraph, Table

NARROWEST, WIDEST = 3.0, 14.0
FIGURES = 1.5


def official(text: NoticeText, record_hash: str) -> pdf.OfficialDocument:
    """Return the notice as an official document (GB/T 9704); facts are lines, tables keep their heads on every page."""
    return pdf.OfficialDocument(
        kind="notice",
        issuer=text.issuer,
        number=text.number,
        title=text.title,
        body=[_paper(block) for block in text.body],
        signatory=text.issuer,
        date=text.day,
        record_hash=record_hash,
    )


def _paper(block: Block) -> pdf.Block:
    if isinstance(block, Heading):
        return pdf.Heading(block.text)
    if isinstance(block, Paragraph):
        return pdf.Paragraph(block.text)
    if isinstance(block, Facts):
        return pdf.Paragraph("\n".join(f"{name}：{value}" for name, value in block.rows))
    return pdf.Table(head=block.head, rows=block.rows, widths=_widths(block), numeric=block.numeric)


def _widths(table: Table) -> list[float]:
    """Give each column room after its longest cell, within limits: short ones stay whole, long ones share the rest.

    A figure is never broken, so its column gets more than its share.
    """
    columns = zip(table.head, *table.rows, strict=True)
    widths = [min(max(*map(_width, column), NARROWEST), WIDEST) for column in columns]
    return [width * (FIGURES if place in table.numeric else 1) for place, width in enumerate(widths)]


def _width(text: str) -> float:
    """Return how wide a text is in characters of Chinese, of which Latin letters and digits take half."""
    return sum(0.55 if character.isascii() else 1.0 for character in text)
