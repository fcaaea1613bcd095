"""Chinese text in lines: nothing forbidden starts or ends a line (禁则), both edges flush.

ReportLab's own rules are Japanese, leave ，；： at line starts and （《“ at line ends, and do not justify.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

CANNOT_START = frozenset("，。、；：！？）》〉」』】〕〗”’…—％‰·℃°,.;:!?)]}%")
CANNOT_END = frozenset("（《〈「『【〔〖“‘([{￥¥$＃#+−±")
Align = Literal["left", "center", "right", "justify"]
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/@_+\-]*[A-Za-z0-9%]|\s+|.", re.DOTALL)
_FUZZ = 0.001


@dataclass(frozen=True)
class Style:
    """How a run of text is set; sizes in points, `indent` in characters of the first line."""

    font: str
    size: float
    leading: float
    align: Align = "justify"
    indent: int = 0
    before: float = 0
    after: float = 0
    color: str = "#000000"


def glued(text: str) -> list[str]:
    """Cut a text into pieces between which a line may break: words, single characters, marks with their neighbours."""
    pieces: list[str] = []
    opens = False
    for token in _WORD.findall(text):
        joins = bool(pieces) and (token[0] in CANNOT_START or opens)
        if joins:
            pieces[-1] += token
        else:
            pieces.append(token)
        opens = token[-1] in CANNOT_END
    return pieces


def break_lines(text: str, first: float, later: float, measure: Callable[[str], float]) -> list[str]:
    """Return the lines of a paragraph for the width of its first and of its later lines.

    A piece wider than a whole line is cut inside; a line breaks a rule only where nothing but marks would fit.
    """
    lines: list[str] = []
    line = ""
    for piece in glued(text):
        room = later if lines else first
        if measure((line + piece).rstrip()) <= room + _FUZZ:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while measure(line) > (later if lines else first) + _FUZZ and len(line) > 1:
            cut = _longest(line, later if lines else first, measure)
            lines.append(line[:cut])
            line = line[cut:]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _longest(text: str, room: float, measure: Callable[[str], float]) -> int:
    cut = 1
    while cut < len(text) and measure(text[: cut + 1]) <= room + _FUZZ:
        cut += 1
    for earlier in range(cut, 0, -1):
        if text[earlier - 1] not in CANNOT_END and text[earlier : earlier + 1] not in CANNOT_START:
            return earlier
    return cut


class ChineseText(Flowable):
    """A paragraph of one style, broken by Chinese rules, splittable over pages."""

    def __init__(self, text: str, style: Style, *, indent: int | None = None, lines: list[str] | None = None) -> None:
        super().__init__()
        self.text, self.style = text, style
        self._indent = (style.indent if indent is None else indent) * style.size
        self._ready = lines
        self._lines: list[str] = lines or []

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """Return the space above."""
        return self.style.before

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """Return the space below."""
        return self.style.after

    def measure(self, text: str) -> float:
        """Return the width of a text in points."""
        return float(stringWidth(text, self.style.font, self.style.size))

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Break into lines for `width`."""
        self.width = width
        if self._ready is None:
            self._lines = break_lines(self.text, width - self._indent, width, self.measure)
            if self.style.align == "center" and len(self._lines) > 1:
                self._lines = self._balanced(width)
        self.height = len(self._lines) * self.style.leading
        return width, self.height

    def _balanced(self, width: float) -> list[str]:
        """Break a centred title into lines of like length (回行时排列对称) without needing one more."""
        lines, room = self._lines, width
        while room > self.style.size:
            room -= self.style.size
            narrower = break_lines(self.text, room, room, self.measure)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def split(self, width: float, height: float) -> list[Any]:
        """Split where the page ends, never leaving a single line of it behind or ahead."""
        self.wrap(width, height)
        fit = int((height + _FUZZ) // self.style.leading)
        if fit >= len(self._lines):
            return [self]
        if len(self._lines) - fit == 1:
            fit -= 1
        if fit < 2:
            return []
        indent = round(self._indent / self.style.size)
        head = ChineseText("", self.style, indent=indent, lines=self._lines[:fit])
        head._continues = True
        return [head, ChineseText("", self.style, indent=0, lines=self._lines[fit:])]

    _continues = False

    def draw(self) -> None:
        """Draw every line; all but the last are spread to both edges."""
        style, canvas = self.style, self.canv
        canvas.setFillColor(style.color)
        for number, line in enumerate(self._lines):
            left = self._indent if number == 0 else 0.0
            spare = self.width - left - self.measure(line)
            spacing = 0.0
            last = number == len(self._lines) - 1 and not self._continues
            if style.align == "center":
                left += spare / 2
            elif style.align == "right":
                left += spare
            elif style.align == "justify" and not last and len(line) > 1 and 0 < spare < 4 * style.size:
                spacing = spare / (len(line) - 1)
            baseline = self.height - (number + 1) * style.leading + (style.leading - style.size) / 2 + style.size * 0.14
            writer = canvas.beginText(left, baseline)
            writer.setFont(style.font, style.size)
            writer.setCharSpace(spacing)
            writer.textOut(line)
            writer.setCharSpace(0)
            canvas.drawText(writer)
