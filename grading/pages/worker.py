"""The drawing process: `python -m grading.pages.worker FILE SECONDS MEGABYTES locate|draw …`; not meant for users."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from typing import Any

import pypdfium2

from grading.pages.finding import Sign, boxes_of
from grading.reading.worker import confine

WIDEST = 2000
HIGHEST = 6000


def turned(page: Any, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box of the page's own space (left, bottom, right, top) as left, top, right, bottom of what is shown."""
    left, bottom, right, top = page.get_cropbox()
    x0, y0, x1, y1 = box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom
    wide, high = right - left, top - bottom
    return {
        0: (x0, high - y1, x1, high - y0),
        90: (y0, x0, y1, x1),
        180: (wide - x1, y0, wide - x0, y1),
        270: (high - y1, wide - x1, high - y0, wide - x0),
    }[page.get_rotation()]


def signs_of(page: Any) -> list[Sign]:
    """Return the visible characters of a page with their boxes, in the order of the text."""
    text = page.get_textpage()
    whole = text.get_text_range(errors="replace")
    found = []
    for place in range(text.count_chars()):
        # One character at a time: the whole text leaves out what has no place, and then the two counts differ.
        sign = whole[place] if len(whole) == text.count_chars() else text.get_text_range(place, 1, errors="replace")
        if sign.strip():
            found.append(Sign(sign, *turned(page, text.get_charbox(place))))
    return found


def locate(document: pypdfium2.PdfDocument, wanted: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the sizes of all pages and the boxes of every quotation."""
    sizes = [list(document.get_page_size(number)) for number in range(len(document))]
    signs: dict[int, list[Sign]] = {}
    boxes: list[list[list[float]]] = []
    for one in wanted:
        number = one["page"] - 1
        if not 0 <= number < len(document):
            boxes.append([])
            continue
        if number not in signs:
            signs[number] = signs_of(document[number])
        found = boxes_of(signs[number], one["quote"], one["context"])
        boxes.append([[round(value, 1) for value in box] for box in found])
    return {"sizes": [[round(width, 1), round(height, 1)] for width, height in sizes], "boxes": boxes}


def draw(document: pypdfium2.PdfDocument, number: int, width: int, part: Sequence[float]) -> bytes:
    """Return one page, or a part of it (left, top, width, height), as WebP."""
    page = document[number - 1]
    wide, high = page.get_size()
    left, top, across, down = part or (0.0, 0.0, wide, high)
    left, top = min(max(left, 0.0), wide - 1), min(max(top, 0.0), high - 1)
    right, bottom = min(left + max(across, 1.0), wide), min(top + max(down, 1.0), high)
    scale = min(min(width, WIDEST) / (right - left), HIGHEST / (bottom - top))
    target = io.BytesIO()
    picture = page.render(scale=scale, crop=(left, high - bottom, wide - right, top)).to_pil()
    picture.convert("RGB").save(target, "WEBP", quality=80, method=1)
    return target.getvalue()


def main() -> None:
    """Answer one question about one file."""
    file, seconds, megabytes, deed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    confine(seconds, megabytes)
    document = pypdfium2.PdfDocument(file)
    if deed == "locate":
        json.dump(locate(document, json.load(sys.stdin)), sys.stdout)
    else:
        number, width, *part = sys.argv[5:]
        sys.stdout.buffer.write(draw(document, int(number), int(width), [float(one) for one in part]))


if __name__ == "__main__":
    main()
