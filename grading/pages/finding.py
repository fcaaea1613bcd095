"""Finding a quotation among the placed characters of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SHORTEST_PART = 8
"""Characters of a quotation cut by the page's end that must stand on the page for its part to be marked."""
ROW_MARGINS = (1.0, 9.0)
"""Points by which the neighbours of a cell may stand higher or lower, being set in fewer or more lines."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A visible character with its box as shown: left, top, right, bottom in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def boxes_of(signs: Sequence[Sign], quote: str, context: Sequence[str] = ()) -> list[tuple[float, float, float, float]]:
    """Return the boxes (left, top, width, height), one for each line, that a quotation covers; empty if not there.

    Blanks count nowhere. Where the quotation stands several times, `context` decides: one text is the paragraph
    that holds it, several are the cells of its row.
    """
    text = "".join(sign.text[:1] for sign in signs)
    wanted = "".join(quote.split())
    places = list(_places(text, wanted))
    if not places and len(wanted) > SHORTEST_PART:
        wanted = _part(text, wanted)
        places = list(_places(text, wanted)) if wanted else []
    if not places:
        return []
    begin = places[0] if len(places) == 1 else _best(signs, text, wanted, places, context)
    return [_outline(line) for line in _lines(signs[begin : begin + len(wanted)])]


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _part(text: str, wanted: str) -> str:
    """Return the longest beginning of the quotation that ends the page, or its longest end that begins it, or ""."""
    for length in range(len(wanted) - 1, SHORTEST_PART - 1, -1):
        if wanted[:length] in text:
            return wanted[:length]
        if wanted[-length:] in text:
            return wanted[-length:]
    return ""


def _best(signs: Sequence[Sign], text: str, wanted: str, places: Sequence[int], context: Sequence[str]) -> int:
    around = ["".join(one.split()) for one in context]
    around = [one for one in around if one]
    if len(around) == 1:
        begin = text.find(around[0])
        if begin < 0:
            begin = text.find(around[0][:40])
        expected = begin + max(0, around[0].find(wanted))
        return min(places, key=lambda one: abs(one - expected)) if begin >= 0 else places[0]
    return max(places, key=lambda one: (_neighbours(signs, signs[one], around), -one))


def _neighbours(signs: Sequence[Sign], near: Sign, texts: Sequence[str]) -> int:
    """Count the characters of the row's other cells that stand at the height of this place, near ones twice."""
    count = 0
    for margin in ROW_MARGINS:
        row = "".join(
            one.text[:1] for one in signs if one.bottom > near.top - margin and one.top < near.bottom + margin
        )
        count += sum(len(text) for text in texts if text in row)
    return count


def _lines(signs: Sequence[Sign]) -> Iterator[list[Sign]]:
    line: list[Sign] = []
    for sign in signs:
        if line and (sign.top > line[-1].bottom or sign.bottom < line[-1].top or sign.left < line[-1].left - 1):
            yield line
            line = []
        line.append(sign)
    if line:
        yield line


def _outline(line: Sequence[Sign]) -> tuple[float, float, float, float]:
    left, top = min(one.left for one in line), min(one.top for one in line)
    return left, top, max(one.right for one in line) - left, max(one.bottom for one in line) - top
