"""The certificate of a yearly grade (评级证书) as one page: Chinese with an English line, laid out by hand. Pure.

The same certificate gives the same bytes: no clock, no random id. It is signed afterwards (`core.pdf.signing`).
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from core.pdf.document import TextChange
from core.pdf.fonts import MISSING, Typefaces, typefaces
from grading.certificate.text import CertificateText

WIDE, HIGH = landscape(A4)
INK, SOFT, BLUE, RED = "#1B1F24", "#5B6470", "#1F4E8C", "#A61B1B"
EDGE = 12 * mm
LEFT = EDGE + 18 * mm
_WIDEST_NAME = WIDE - 2 * LEFT


def certificate_pdf(text: CertificateText, fonts: Path | None = None) -> bytes:
    """Return the certificate, not yet signed. Raises NoChineseFont.

    Characters that the typeface lacks are drawn as 〓.
    """
    faces = typefaces(fonts)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(WIDE, HIGH), invariant=1, lang="zh-CN")
    canvas.setTitle(f"{text.number} {text.agency}")
    canvas.setAuthor(text.issuer.zh)
    canvas.setSubject(f"{text.code} {text.digest}")
    canvas.setCreator("Hengping")
    page = _Page(canvas, faces)
    page.frame()
    _head(page, text)
    _body(page, text)
    _facts(page, text)
    _foot(page, text)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


class _Page:
    """The sheet with its faces; places are points from the left and from the top."""

    def __init__(self, canvas: Canvas, faces: Typefaces) -> None:
        self.canvas, self.faces = canvas, faces
        self._change = TextChange(faces.glyphs, MISSING)

    def frame(self) -> None:
        """Draw the double line around the sheet."""
        for inset, width in ((EDGE, 2.2), (EDGE + 2.4 * mm, 0.6)):
            self.canvas.setStrokeColor(HexColor(BLUE))
            self.canvas.setLineWidth(width)
            self.canvas.rect(inset, inset, WIDE - 2 * inset, HIGH - 2 * inset)

    def put(
        self, x: float, top: float, text: str, size: float, *, face: str = "", color: str = INK, align: str = "left"
    ) -> float:
        """Set one line; return its width."""
        font, line = face or self.faces.body, self._change(text)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(HexColor(color))
        width = float(stringWidth(line, font, size))
        start = {"left": x, "center": x - width / 2, "right": x - width}[align]
        self.canvas.drawString(start, HIGH - top, line)
        return width

    def fitting(self, x: float, top: float, text: str, size: float, room: float, **how: Any) -> None:
        """Set one line no wider than `room`, smaller if need be."""
        face = how.get("face") or self.faces.body
        width = float(stringWidth(self._change(text), face, size))
        self.put(x, top, text, size * min(1.0, room / width) if width else size, **how)

    def qr(self, x: float, top: float, side: float, content: str) -> None:
        """Draw a QR code as squares."""
        matrix = segno.make(content, error="m").matrix
        cell = side / len(matrix)
        self.canvas.setFillColor(HexColor(INK))
        for row, line in enumerate(matrix):
            for column, dark in enumerate(line):
                if dark:
                    self.canvas.rect(
                        x + column * cell, HIGH - top - (row + 1) * cell, cell * 1.01, cell * 1.01, stroke=0, fill=1
                    )


def _head(page: _Page, text: CertificateText) -> None:
    middle, title = WIDE / 2, page.faces.title
    page.put(middle, 33 * mm, text.issuer.zh, 15, face=title, color=RED, align="center")
    page.put(middle, 39 * mm, text.issuer.en, 9, color=SOFT, align="center")
    page.put(middle, 54 * mm, "绩效评价机构评级证书", 30, face=title, align="center")
    page.put(
        middle, 61 * mm, "Certificate of Grade for a Performance Evaluation Agency", 11, color=SOFT, align="center"
    )
    page.put(WIDE - LEFT, 27 * mm, text.number, 10, color=SOFT, align="right")


def _body(page: _Page, text: CertificateText) -> None:
    middle, title = WIDE / 2, page.faces.title
    page.fitting(middle, 76 * mm, text.agency, 22, _WIDEST_NAME, face=title, align="center")
    if text.agency_en:
        page.fitting(middle, 82 * mm, text.agency_en, 10, _WIDEST_NAME, color=SOFT, align="center")
    page.fitting(middle, 91 * mm, text.says.zh, 13, _WIDEST_NAME, align="center")
    page.fitting(middle, 96.5 * mm, text.says.en, 9, _WIDEST_NAME, color=SOFT, align="center")
    page.put(middle, 119 * mm, text.grade, 56, face=title, color=RED, align="center")
    page.put(middle, 127 * mm, f"{text.grade_words.zh}  {text.grade_words.en}", 10, color=SOFT, align="center")


def _facts(page: _Page, text: CertificateText) -> None:
    top = 139 * mm
    for name, value in text.facts:
        width = page.put(LEFT, top, name.zh, 10.5, face=page.faces.heading)
        page.put(LEFT + width + 5, top, name.en, 8, color=SOFT)
        page.fitting(LEFT + 62 * mm, top, value, 10.5, 92 * mm)
        top += 6.6 * mm
    page.put(LEFT, top, "公开记录校验值", 10.5, face=page.faces.heading)
    page.put(LEFT + 81, top, "Digest of the public record (SHA-256)", 8, color=SOFT)
    groups = [text.digest[at : at + 8] for at in range(0, len(text.digest), 8)]
    page.put(LEFT, top + 5.2 * mm, " ".join(groups), 8.5)


def _foot(page: _Page, text: CertificateText) -> None:
    side = 30 * mm
    right = WIDE - LEFT
    page.qr(right - side, 133 * mm, side, text.address)
    page.put(right - side / 2, 168 * mm, "扫码核验  Check", 8.5, color=SOFT, align="center")
    page.put(right - side / 2, 172.5 * mm, text.code, 9, align="center")
    centre = right - side - 36 * mm
    page.fitting(centre, 150 * mm, text.signer.zh, 13, 62 * mm, face=page.faces.title, align="center")
    page.fitting(centre, 155 * mm, text.signer.en, 8.5, 62 * mm, color=SOFT, align="center")
    page.put(centre, 164 * mm, text.date.zh, 12, align="center")
    page.put(centre, 169 * mm, text.date.en, 8.5, color=SOFT, align="center")
    page.put(LEFT, HIGH - EDGE - 8.2 * mm, text.address, 8, color=SOFT)
    note = "本证书带数字签名，改动任何一处即失效；是否仍然有效以核验地址为准。"
    page.put(LEFT, HIGH - EDGE - 12.4 * mm, note, 8, color=SOFT)
    note = "Digitally signed: any change shows. Whether it still stands is said at the check address."
    page.put(right, HIGH - EDGE - 12.4 * mm, note, 7.5, color=SOFT, align="right")
