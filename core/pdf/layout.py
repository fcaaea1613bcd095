"""Lay an official document out on A4 after GB/T 9704-2012: type area 156 x 225 mm, body 16 pt, page numbers －1－.

The same document gives the same bytes: no clock, no random id.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    LongTable,
    PageTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import PageBreak as NewPage

from core.pdf.chinese_text import Align, ChineseText, Style
from core.pdf.document import Block, Figure, Heading, OfficialDocument, PageBreak, Paragraph, Table, TextChange
from core.pdf.fonts import MISSING, Typefaces, typefaces

RED = "#C8102E"
LEFT, RIGHT, TOP, BOTTOM = 28 * mm, 26 * mm, 37 * mm, 35 * mm
WIDTH = A4[0] - LEFT - RIGHT
_SEAL_RADIUS = 21 * mm
_HASH_SHOWN = 16
_TABLE_START = 110.0  # points: a caption, the head and two rows
_WORDS = {
    "zh": {
        "seal": "（盖章处）",
        "attachments": "附件：",
        "contact": "联系方式：",
        "record": "记录校验码",
        "gap": "注：“〓”代替字库所缺的字：",
    },
    "en": {
        "seal": "(seal)",
        "attachments": "Attachments: ",
        "contact": "Contact: ",
        "record": "Record",
        "gap": "Note: “〓” stands for characters missing from the font: ",
    },
}


def build_pdf(document: OfficialDocument, fonts: Path | None = None) -> bytes:
    """Return the document as PDF; raises NoChineseFont.

    Characters the typeface lacks are drawn as 〓 and listed by code point in a note at the end.
    """
    faces = typefaces(fonts)
    change = TextChange(faces.glyphs, MISSING)
    drawable = document.with_text(change)
    target = io.BytesIO()
    english = document.language == "en"
    template = BaseDocTemplate(
        target,
        pagesize=A4,
        invariant=1,
        title=document.title,
        author=document.issuer,
        subject=f"{document.number} {document.record_hash[:_HASH_SHOWN]}",
        creator="Hengping",
        lang="en" if english else "zh-CN",
        leftMargin=LEFT,
        rightMargin=RIGHT,
        topMargin=TOP,
        bottomMargin=BOTTOM,
    )
    frame = Frame(
        LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )

    def foot(canvas: Any, _template: Any) -> None:
        _draw_foot(canvas, drawable, faces)

    template.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=foot)])
    template.build([*_head(drawable, faces), *_body(drawable, faces), *_close(drawable, faces, change)])
    return target.getvalue()


def _style(faces: Typefaces, document: OfficialDocument) -> Style:
    english = document.language == "en"
    if document.kind == "report":
        return Style(faces.body, 11 if english else 13, 18 if english else 22, indent=2)
    return Style(faces.body, 12 if english else 16, 18 if english else 28, indent=2)


def _head(document: OfficialDocument, faces: Typefaces) -> list[Flowable]:
    if document.kind == "report":
        return _cover(document, faces)
    title = Style(faces.title, 22, 32, "center")
    if document.kind == "plain":
        number = Style(faces.body, 12, 20, "right")
        heads = [ChineseText(text, title) for text in document.title.splitlines()]
        return [ChineseText(document.number, number), Spacer(1, 16), *heads, Spacer(1, 18)]
    issuer = Style(faces.title, 30 if document.language == "zh" else 24, 40, "center", color=RED)
    small = Style(faces.body, 14, 24, "right" if document.kind == "letter" else "center", before=6)
    line = HRFlowable(width="100%", thickness=1.2, color=HexColor(RED), spaceBefore=4, spaceAfter=22)
    parts: list[Flowable] = [ChineseText(document.issuer, issuer)]
    if document.kind == "letter":
        parts += [line, ChineseText(document.number, small)]
    else:
        parts += [ChineseText(document.number, small), line]
    parts += [Spacer(1, 10)] + [ChineseText(text, title) for text in document.title.splitlines()] + [Spacer(1, 18)]
    if document.addressee:
        body = _style(faces, document)
        parts.append(ChineseText(document.addressee + ("：" if document.language == "zh" else ":"), body, indent=0))
    return parts


def _cover(document: OfficialDocument, faces: Typefaces) -> list[Flowable]:
    """A report's cover: its number, its title, and the issuing body over the date with the place of the seal."""
    number, title = Style(faces.body, 12, 20, "right"), Style(faces.title, 28, 42, "center")
    signed = replace(document, signatory=document.issuer)
    return [
        ChineseText(document.number, number),
        Spacer(1, 130),
        *(ChineseText(text, title) for text in document.title.splitlines()),
        HRFlowable(width="36%", thickness=1.2, color=HexColor(RED), spaceBefore=26, spaceAfter=120),
        _Signature(signed, faces, Style(faces.body, 16, 26), centred=True),
        NewPage(),
    ]


def _body(document: OfficialDocument, faces: Typefaces) -> list[Flowable]:
    style = _style(faces, document)
    return [
        part
        for place, block in enumerate(document.body)
        for part in _block(block, document.body[place + 1 : place + 5], style, faces)
    ]


def _block(block: Block, after: Sequence[Block], style: Style, faces: Typefaces) -> list[Flowable]:
    if isinstance(block, Paragraph):
        return [ChineseText(line, style) for line in block.text.splitlines()]
    if isinstance(block, Heading):
        face = faces.heading if block.level == 1 else faces.title
        heading = Style(face, style.size, style.leading, "left", indent=2, before=6 if block.level == 1 else 0)
        return [
            CondPageBreak(style.leading + _needed(after, style)),
            ChineseText(block.text, heading),
        ]
    if isinstance(block, PageBreak):
        return [NewPage()]
    return _figure(block, faces) if isinstance(block, Figure) else _table(block, faces, style)


def _needed(after: Sequence[Block], style: Style) -> float:
    """Return the room that what follows a heading needs on the same page: two lines, a table's start, a figure."""
    if after and isinstance(after[0], Heading):
        return style.leading + _needed(after[1:], style)
    figure = next((one for one in after if isinstance(one, Figure)), None)
    if figure is not None and not any(isinstance(one, Heading | Table) for one in after[: after.index(figure)]):
        return 2 * style.leading + WIDTH * figure.picture.height / figure.picture.width + 34
    return _TABLE_START if after and isinstance(after[0], Table) else 2 * style.leading


def _figure(figure: Figure, faces: Typefaces) -> list[Flowable]:
    from core.plots.drawing import drawing_of

    caption = Style(faces.heading, 10.5, 18, "center", before=4, after=10)
    drawn = drawing_of(figure.picture, faces.body, WIDTH)
    return [KeepTogether([Spacer(1, 8), drawn, ChineseText(figure.caption, caption)])]


def _table(table: Table, faces: Typefaces, body: Style) -> list[Flowable]:
    shares = list(table.widths) or [1.0] * len(table.head)
    widths = [WIDTH * share / sum(shares) for share in shares]
    size = min(10.5, body.size * 0.75)  # a report's smaller body has smaller tables
    head = Style(faces.heading, size, size + 4.5, "center")
    sides: list[Align] = ["right" if place in table.numeric else "left" for place in range(len(widths))]
    cells = [Style(faces.body, size, size + 4.5, side) for side in sides]
    rows = [[ChineseText(text, head) for text in table.head]]
    rows += [[ChineseText(text, style) for text, style in zip(row, cells, strict=True)] for row in table.rows]
    drawn = LongTable(rows, colWidths=widths, repeatRows=1, spaceBefore=8, spaceAfter=12)
    drawn.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, HexColor("#444444")),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor("#EEF1F5")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, 0), 4),
                ("BOTTOMPADDING", (0, 0), (-1, 0), 4),
                ("TOPPADDING", (0, 1), (-1, -1), table.padding),
                ("BOTTOMPADDING", (0, 1), (-1, -1), table.padding),
            ]
        )
    )
    if not table.caption:
        return [drawn]
    caption = Style(faces.heading, 12, 20, "center", before=8)
    return [CondPageBreak(_TABLE_START), ChineseText(table.caption, caption), drawn]


def _close(document: OfficialDocument, faces: Typefaces, change: TextChange) -> list[Flowable]:
    style = _style(faces, document)
    words = _WORDS[document.language]
    parts: list[Flowable] = []
    if document.attachments:
        listed = [f"{number}. {text}" for number, text in enumerate(document.attachments, start=1)]
        parts.append(Spacer(1, style.leading / 2))
        parts += [
            ChineseText((words["attachments"] if not number else "") + text, style)
            for number, text in enumerate(listed)
        ]
    if document.signatory:
        parts += [Spacer(1, style.leading), _Signature(document, faces, style)]
    small = Style(faces.body, 10.5, 16, "left", before=6)
    if document.contact:
        parts.append(ChineseText(words["contact"] + document.contact, small))
    if change.missing:
        listed_gaps = "、".join(f"U+{ord(character):04X}" for character in change.missing)
        parts.append(ChineseText(words["gap"] + listed_gaps, small))
    # Attachments, signature and notes move to a new page together, so that no page holds a seal alone.
    return [KeepTogether(parts)] if parts else []


class _Signature(Flowable):
    """The issuing body over its date at the right, with the place of the seal upon them (成文日期居中压印)."""

    def __init__(self, document: OfficialDocument, faces: Typefaces, style: Style, *, centred: bool = False) -> None:
        super().__init__()
        self._document, self._faces, self._style, self._centred = document, faces, style, centred

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        self.height = 2 * _SEAL_RADIUS + 6 if self._document.sealed else 2 * self._style.leading + 6
        return width, self.height

    def draw(self) -> None:
        canvas, style, document = self.canv, self._style, self._document
        centre = self.width / 2 if self._centred else self.width - max(_SEAL_RADIUS, self.width * 0.27)
        middle = self.height / 2
        if document.sealed:
            canvas.setStrokeColor(HexColor("#B9BEC6"))
            canvas.setDash(3, 3)
            canvas.circle(centre, middle, _SEAL_RADIUS)
            canvas.setDash()
            canvas.setFillColor(HexColor("#8A919C"))
            canvas.setFont(self._faces.body, 9)
            canvas.drawCentredString(centre, middle - _SEAL_RADIUS + 10, _WORDS[document.language]["seal"])
        canvas.setFillColor("#000000")
        canvas.setFont(self._faces.body, style.size)
        canvas.drawCentredString(centre, middle + style.leading * 0.25, document.signatory)
        canvas.drawCentredString(centre, middle - style.leading * 0.75, document.date)


def _draw_foot(canvas: Any, document: OfficialDocument, faces: Typefaces) -> None:
    """Page number at the outer side (odd right, even left), the record's short hash at the inner side."""
    number = canvas.getPageNumber()
    canvas.saveState()
    canvas.setFillColor("#000000")
    canvas.setFont(faces.body, 14)
    baseline = BOTTOM - 12 * mm
    covered = document.kind == "report"
    shown = f"－{number - 1}－" if covered else f"－{number}－"
    record = f"{_WORDS[document.language]['record']} {document.record_hash[:_HASH_SHOWN]}"
    if number % 2:
        canvas.drawRightString(A4[0] - RIGHT - 14, baseline, "" if covered and number == 1 else shown)
    else:
        canvas.drawString(LEFT + 14, baseline, shown)
    canvas.setFont(faces.body, 8)
    canvas.setFillColor("#6B7280")
    if number % 2:
        canvas.drawString(LEFT, baseline, record)
    else:
        canvas.drawRightString(A4[0] - RIGHT, baseline, record)
    canvas.restoreState()
