"""Printed characters put together to lines, and lines to paragraphs.

Positions are in points from the top left corner of the page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from grading.reading.layout import DOTS, PAGE_NUMBER, heading_level, is_caption
from grading.reading.splicing import squeeze

EDGE_LINES = 3
SAME_HEIGHT = 6  # points
SMALL = 0.86
LARGE = 1.25  # of body letters: a title
FILLED = 0.55  # of the line: a title that ends sooner was broken on purpose


@dataclass(slots=True)
class Line:
    """One printed line."""

    text: str
    x0: float
    x1: float
    top: float
    size: float
    page: int


@dataclass(slots=True)
class Mended:
    """A paragraph being put together from lines; `full` says that its last line reaches the right margin."""

    text: str
    page: int
    size: float
    full: bool
    level: int
    origin: str = "body"
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Margins:
    """The usual left and right edge of body lines, and their size."""

    left: float
    right: float
    size: float


def text_of(chars: Sequence[dict[str, Any]]) -> str:
    """Text of characters of one line from left to right.

    A gap becomes a blank only between words of Latin letters or digits.
    """
    pieces: list[str] = []
    previous: dict[str, Any] | None = None
    for char in chars:
        text = char["text"]
        if previous is not None and text != " " and pieces and pieces[-1] != " ":
            gap = char["x0"] - previous["x1"]
            size = max(char["size"], 1.0)
            both = text.isascii() and pieces[-1].isascii() and text.isalnum() and pieces[-1].isalnum()
            if gap > 2.2 * size or (both and gap > 0.25 * size):
                pieces.append(" ")
        pieces.append(text)
        previous = char
    return "".join(pieces).strip()


def grouped(chars: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Characters grouped to lines by the height at which they stand, each from left to right."""
    lines: list[list[dict[str, Any]]] = []
    middle = height = 0.0
    for char in sorted(chars, key=lambda c: ((c["top"] + c["bottom"]) / 2, c["x0"])):
        centre = (char["top"] + char["bottom"]) / 2
        if lines and abs(centre - middle) <= 0.5 * max(height, char["size"] * 0.8):
            lines[-1].append(char)
            if char["size"] > height:
                middle, height = centre, char["size"]
        else:
            lines.append([char])
            middle, height = centre, char["size"]
    for line in lines:
        line.sort(key=lambda c: c["x0"])
    return lines


def cell_text(chars: Sequence[dict[str, Any]]) -> str:
    """Text of a table cell: its lines under one another."""
    return "\n".join(text for line in grouped(chars) if (text := text_of(line)))


def lines_of(chars: Sequence[dict[str, Any]], page: int) -> list[Line]:
    """Lines of the characters that stand in no table. Raised footnote marks are left out."""
    lines = []
    for group in grouped(chars):
        size = Counter(round(c["size"], 1) for c in group if c["text"] != " ").most_common(1)
        if not size:
            continue
        usual = size[0][0]
        kept = [
            c
            for c in group
            if c["size"] >= usual * 0.75 or not c["text"].isdigit() or (usual * 0.75 > c["size"] > 0 and len(group) < 4)
        ]
        text = text_of(kept)
        if text:
            lines.append(Line(text, kept[0]["x0"], kept[-1]["x1"], min(c["top"] for c in kept), usual, page))
    return lines


def furniture(pages: Sequence[Sequence[Line]]) -> set[tuple[int, float]]:
    """Running heads and feet, told by what stands again and again at the same height at an edge; each as (page, top).

    A line of the text that happens to stand near an edge twice, at other heights, is none.
    """
    edges: defaultdict[str, list[tuple[Line, bool]]] = defaultdict(list)
    for lines in pages:
        ordered = sorted(lines, key=lambda line: line.top)
        for line in {id(x): x for x in (*ordered[:EDGE_LINES], *ordered[-EDGE_LINES:])}.values():
            key = re.sub(r"\d+", "#", squeeze(line.text))
            edges[key].append((line, line is ordered[0] or line is ordered[-1]))
    enough = max(2, len(pages) // 4) if len(pages) < 8 else max(3, len(pages) // 10)
    found = set()
    for key, same in edges.items():
        if not 3 < len(key) < 60:
            continue
        level = [sum(abs(line.top - other.top) < SAME_HEIGHT for other, _ in same) for line, _ in same]
        if max(level) >= enough:
            found |= {
                (line.page, line.top)
                for (line, outermost), count in zip(same, level, strict=True)
                if outermost or count >= enough
            }
    for lines in pages:
        ordered = sorted(lines, key=lambda line: line.top)
        for line in ordered[:1] + ordered[-1:]:
            if PAGE_NUMBER.match(line.text):
                found.add((line.page, line.top))
    return found


def margins_of(lines: Sequence[Line]) -> Margins:
    """Left edge, right edge and size that most body lines share."""
    if not lines:
        return Margins(0, 0, 10)
    size = Counter(round(line.size, 1) for line in lines for _ in range(len(line.text))).most_common(1)[0][0]
    body = [line for line in lines if abs(line.size - size) < 0.6 and len(line.text) > 8] or list(lines)
    lefts = Counter(round(line.x0) for line in body)
    rights = sorted(line.x1 for line in body)
    left = min(x for x, count in lefts.items() if count >= max(1, lefts.most_common(1)[0][1] // 5))
    return Margins(left, rights[int(len(rights) * 0.9)], size)


def glue(first: str, second: str) -> str:
    """Two lines as one text; a blank only between Latin words."""
    if first and second and first[-1].isascii() and second[0].isascii() and first[-1].isalpha() and second[0].isalpha():
        return f"{first} {second}"
    return first + second


def mend(line: Line, last: Mended | None, margins: Margins, *, fresh: bool) -> Mended | None:
    """Add `line` to paragraph `last` and return None, or return the new paragraph that it begins.

    `fresh` says that something else (a table, a wide gap) stands between the two.
    """
    indented = line.x0 > margins.left + 1.2 * line.size
    ended = bool(re.search(r"[。；：！？:;]$", line.text))
    full = line.x1 > margins.right - (1.6 if ended else 3.2) * line.size
    # A long word or figure that does not fit moves to the next line whole and leaves its line short.
    full = full or (
        not ended
        and line.x1 > margins.right - 12 * line.size
        and bool(re.search(r"[，、（“—\w]$", line.text))
        and (last is not None or indented)
        and len(line.text) > 20
    )
    level = heading_level(line.text)
    if last is not None and not fresh and _goes_on_centred(line, last, margins):
        last.text = glue(last.text, line.text)
        last.lines.append(line)
        return None
    begins = (
        last is None
        or fresh
        or indented
        or not last.full
        or abs(line.size - last.size) > 0.12 * max(line.size, last.size)
        or is_caption(line.text)
        or bool(DOTS.search(last.text))
        or (level in {1, 2} and not re.match(r"^\d", line.text))
    )
    if begins or last is None:
        return Mended(line.text, line.page, line.size, full, level, "body", [line])
    last.text = glue(last.text, line.text)
    last.full = full
    last.level = heading_level(last.text)
    last.lines.append(line)
    return None


def _goes_on_centred(line: Line, last: Mended, margins: Margins) -> bool:
    """Whether a line goes on a title in large letters, set in the middle, that did not fit on one line."""
    above = last.lines[-1]
    return (
        min(line.size, last.size) > LARGE * margins.size
        and abs(line.size - last.size) < 0.06 * last.size
        and above.page == line.page
        and abs((line.x0 + line.x1) - (above.x0 + above.x1)) < 1.2 * line.size
        and above.x1 - above.x0 > FILLED * (margins.right - margins.left)
        and not re.search(r"[。；：！？:;]$|报告(?:书)?$", above.text)
        and not heading_level(line.text)
    )
