"""Reading PDF: pypdfium2 opens and guards, pdfplumber gives characters, lines and ruled tables with positions."""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.reading.document import Cell, Paragraph, Report
from grading.reading.lines import SMALL, Line, Margins, Mended, cell_text, furniture, lines_of, margins_of, mend
from grading.reading.refusal import refusal
from grading.reading.splicing import Draft, join
from grading.reading.title import caption_of, title_of

MAX_PAGES = 600
MIN_CHARS = 20
GRID = 3.0


@dataclass
class Leaf:
    """One page taken apart: lines outside tables, and tables with their top edge."""

    number: int
    lines: list[Line] = field(default_factory=list)
    tables: list[tuple[float, Draft]] = field(default_factory=list)
    wide: bool = False


def guard(path: Path, max_pages: int) -> int:
    """Open with pypdfium2 and return the number of pages; raises `Unreadable` for what cannot be read as text."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise refusal("encrypted" if "password" in str(error).lower() else "corrupt") from error
    try:
        count = len(document)
        if count == 0:
            raise refusal("corrupt")
        if count > max_pages:
            raise refusal("pages")
        written = pictures = 0
        for number in range(count):
            page = document[number]
            words = page.get_textpage()
            written += words.count_chars()
            words.close()
            if written >= MIN_CHARS * min(count, 5):
                return count
            pictures += any(True for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
            page.close()
        if written < MIN_CHARS:
            raise refusal("scanned" if pictures else "no-text")
    except pypdfium2.PdfiumError as error:
        raise refusal("corrupt") from error
    finally:
        document.close()
    return count


def edges(values: Sequence[float]) -> list[float]:
    """Distinct ruled edges, those closer than a hair's breadth taken as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > GRID:
            found.append(value)
    return found


def nearest(marks: Sequence[float], value: float) -> int:
    """Index of the edge at `value`."""
    return max(0, bisect_right(marks, value + GRID) - 1)


def held_by(
    chars: Sequence[dict[str, Any]], xs: Sequence[float], ys: Sequence[float], owner: dict[tuple[int, int], int]
) -> tuple[dict[int, list[dict[str, Any]]], set[int]]:
    """The characters of each cell, by the place of their middle in the grid, and the ids of all of them."""
    held: dict[int, list[dict[str, Any]]] = {}
    taken: set[int] = set()
    left, right, above, below = xs[0] - 1, xs[-1] + 1, ys[0] - 1, ys[-1] + 1
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if left <= x <= right and above <= y <= below:
            place = (
                min(max(bisect_right(ys, y) - 1, 0), len(ys) - 2),
                min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2),
            )
            taken.add(id(char))
            if place in owner:
                held.setdefault(owner[place], []).append(char)
    return held, taken


def draft_of(table: Any, chars: Sequence[dict[str, Any]], page: int) -> tuple[Draft, set[int]] | None:
    """Turn one found table into a draft, and say which characters it takes in; None where it is only a frame."""
    boxes = table.cells
    xs = edges([x for box in boxes for x in (box[0], box[2])])
    ys = edges([y for box in boxes for y in (box[1], box[3])])
    if len(xs) < 3 or len(ys) < 2:
        return None
    owner: dict[tuple[int, int], int] = {}
    shapes: list[tuple[int, int, int, int]] = []
    for number, (x0, top, x1, bottom) in enumerate(boxes):
        row, column = nearest(ys, top), nearest(xs, x0)
        shape = (row, column, max(1, nearest(ys, bottom) - row), max(1, nearest(xs, x1) - column))
        shapes.append(shape)
        for r in range(row, row + shape[2]):
            for c in range(column, column + shape[3]):
                owner.setdefault((r, c), number)
    held, taken = held_by(chars, xs, ys, owner)
    if not held:
        return None
    rows: list[list[Cell]] = [[] for _ in range(len(ys) - 1)]
    for number, (row, column, rowspan, colspan) in sorted(enumerate(shapes), key=lambda item: item[1][:2]):
        if row < len(rows):
            rows[row].append(Cell(cell_text(held.get(number, ())), row, column, rowspan, colspan))
    return Draft(rows, [page] * len(rows), -1, [], tuple(round(x) for x in xs)), taken


def leaf_of(page: Any, number: int) -> Leaf:
    """Take one page apart."""
    leaf = Leaf(number, wide=page.width > page.height)
    chars = page.chars
    taken: set[int] = set()
    for table in page.find_tables():
        result = draft_of(table, chars, number)
        if result is not None:
            leaf.tables.append((table.bbox[1], result[0]))
            taken |= result[1]
    leaf.lines = lines_of([char for char in chars if id(char) not in taken], number)
    return leaf


def compose(leaves: Sequence[Leaf]) -> tuple[list[Paragraph], list[Draft], list[str]]:
    """Put pages together: paragraphs mended over line and page ends, tables in their places, running heads apart."""
    running = furniture([leaf.lines for leaf in leaves])
    headers: dict[str, None] = {}
    margins: dict[bool, Margins] = {}
    for wide in {leaf.wide for leaf in leaves}:
        kept = [
            line for leaf in leaves if leaf.wide is wide for line in leaf.lines if (line.page, line.top) not in running
        ]
        margins[wide] = margins_of(kept)
    mended: list[Mended] = []
    drafts: list[Draft] = []

    last: Mended | None = None
    for leaf in leaves:
        edge = margins[leaf.wide]
        items: list[tuple[float, Line | Draft]] = [*((line.top, line) for line in leaf.lines), *leaf.tables]
        fresh = False
        previous: Line | None = None
        notes: list[Mended] = []
        for top, item in sorted(items, key=lambda pair: pair[0]):
            if isinstance(item, Draft):
                item.after = len(mended) - 1
                before = [paragraph.text for paragraph in between_texts(mended, drafts)]
                item.caption, item.unit = caption_of(before)
                item.between = before
                drafts.append(item)
                fresh, previous = True, None
                continue
            if (item.page, item.top) in running:
                headers[item.text] = None
                continue
            if item.size < edge.size * SMALL and (notes or at_foot(item, leaf, running)):
                note = mend(item, notes[-1] if notes else None, edge, fresh=False)
                if note is not None:
                    note.origin = "footnote"
                    notes.append(note)
                continue
            gap = previous is not None and top - previous.top > 2.6 * max(item.size, previous.size)
            begun = mend(item, last, edge, fresh=fresh or gap)
            if begun is not None:
                mended.append(begun)
                last = begun
            fresh, previous = False, item
        mended.extend(notes)
        if drafts and drafts[-1].pages[-1] == leaf.number and fresh:
            last = None
    paragraphs = [Paragraph(i, m.page, m.text, m.level, "", m.origin) for i, m in enumerate(mended)]
    return paragraphs, drafts, list(headers)


def between_texts(mended: Sequence[Mended], drafts: Sequence[Draft]) -> list[Mended]:
    """Body paragraphs since the last table."""
    start = drafts[-1].after + 1 if drafts else 0
    return [paragraph for paragraph in mended[start:] if paragraph.origin == "body"]


def at_foot(line: Line, leaf: Leaf, running: set[tuple[int, float]]) -> bool:
    """Whether a small line begins the notes at the foot of the page: nothing larger stands below it."""
    lower = [other for other in leaf.lines if other.top > line.top and (other.page, other.top) not in running]
    return all(other.size <= line.size * 1.1 for other in lower) and not any(top > line.top for top, _ in leaf.tables)


def read_pdf(path: Path, *, max_pages: int = MAX_PAGES) -> Report:
    """Read the PDF at `path`; raises `Unreadable`."""
    import pdfplumber

    count = guard(path, max_pages)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    leaves: list[Leaf] = []
    unread: list[str] = []
    try:
        with pdfplumber.open(path) as document:
            for number, page in enumerate(document.pages, start=1):
                leaf = leaf_of(page, number)
                if not leaf.lines and not leaf.tables and page.images:
                    unread.append(f"第{number}页只有图像")
                leaves.append(leaf)
                page.close()
    except (RecursionError, MemoryError):
        raise
    except Exception as error:  # pdfminer raises many unrelated types for damaged files
        raise refusal("corrupt") from error
    paragraphs, drafts, headers = compose(leaves)
    if not paragraphs and not drafts:
        raise refusal("no-text")
    tables = tuple(draft.finish(number) for number, draft in enumerate(join(drafts)))
    return Report(title_of(paragraphs), "pdf", count, tuple(paragraphs), tables, tuple(headers), tuple(unread))
