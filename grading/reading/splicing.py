"""Putting tables together again that were split where a page ended.

A split shows as a second table directly after the first, of the same width, that repeats the first one's header
or carries
on without any. The row at the cut is often split as well: its rest is told by the columns that hold figures elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grading.reading.document import Cell, Row, Table
from grading.reading.layout import is_furniture

NUMBER = re.compile(r"^[≥≤<>＞＜]?\s*-?[\d,，]+(?:[.．]\d+)?\s*[%％]?$")
EDGE = 4
TOTAL = re.compile(r"^(?:合计|总计|总分|总得分)")


@dataclass
class Draft:
    """A table while it is being read; `between` are the texts between it and the table before, `x` its column edges."""

    rows: list[list[Cell]]
    pages: list[int | None]
    after: int
    between: list[str]
    x: tuple[int, ...] = ()
    caption: str = ""
    unit: str = ""
    breaks: list[int] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Number of grid columns."""
        return max((cell.column + cell.colspan for row in self.rows for cell in row), default=0)

    def header(self) -> tuple[str, ...]:
        """The first row's texts without blanks."""
        return tuple(squeeze(cell.text) for cell in self.rows[0]) if self.rows else ()

    def finish(self, index: int) -> Table:
        """The finished table."""
        rows = tuple(
            Row(number, tuple(cells), page)
            for number, (cells, page) in enumerate(zip(self.rows, self.pages, strict=True))
        )
        first = next((page for page in self.pages if page is not None), None)
        return Table(index, first, rows, self.caption, self.unit, self.after, tuple(self.breaks))


def squeeze(text: str) -> str:
    """The text without any blanks."""
    return "".join(text.split())


def is_number(text: str) -> bool:
    """Whether a cell holds one figure and nothing else."""
    return bool(NUMBER.match(text.strip()))


def has_words_only(row: list[Cell]) -> bool:
    """Whether a row reads as a header: several cells, words in each, no figure."""
    texts = [squeeze(cell.text) for cell in row]
    return len(texts) > 1 and all(texts) and not any(is_number(text) for text in texts)


def ends(draft: Draft) -> bool:
    """Whether the table has come to its total row, after which nothing can follow."""
    last = next((squeeze(cell.text) for cell in draft.rows[-1] if cell.text.strip()), "")
    return bool(TOTAL.match(last))


def continues(first: Draft, second: Draft) -> int | None:
    """How many header rows of `second` repeat those of `first` when it is its continuation, or None when it is not."""
    if not first.rows or not second.rows or first.width != second.width:
        return None
    texts = [text for text in second.between if not is_furniture(text)]
    if first.header() == second.header() and len(first.header()) > 1:
        known = squeeze(first.caption)
        strangers = [text for text in texts if squeeze(text) not in known]
        return None if strangers or ends(first) else repeated_rows(first, second)
    header_alone = len(first.rows) == 1 and has_words_only(first.rows[0])
    return 0 if not texts and (header_alone or runs_on(first, second)) else None


def repeated_rows(first: Draft, second: Draft) -> int:
    """How many rows at the head of `second` repeat the head of `first`."""
    repeated = 0
    for above, below in zip(first.rows[:3], second.rows[:3], strict=False):
        same = [squeeze(cell.text) for cell in above] == [squeeze(cell.text) for cell in below]
        if not same or any(is_number(cell.text) for cell in below):
            break
        repeated += 1
    return repeated


def runs_on(first: Draft, second: Draft) -> bool:
    """Whether `second` goes on without a header: nothing between (DOCX), or next page and same columns (PDF)."""
    if ends(first) or has_words_only(second.rows[0]):
        return False
    before, after = first.pages[-1], second.pages[0]
    if before is None or after is None:
        return not second.between
    alike = bool(first.x) and len(first.x) == len(second.x)
    return after == before + 1 and alike and all(abs(a - b) <= EDGE for a, b in zip(first.x, second.x, strict=True))


def join(drafts: list[Draft]) -> list[Draft]:
    """Join every table with the ones that continue it; the order is kept."""
    joined: list[Draft] = []
    for draft in drafts:
        repeated = continues(joined[-1], draft) if joined else None
        if repeated is None:
            joined.append(draft)
            continue
        target = joined[-1]
        offset = len(target.rows) - repeated
        if len(target.rows) > 1:
            target.breaks.append(len(target.rows))
        for cells, page in zip(draft.rows[repeated:], draft.pages[repeated:], strict=True):
            target.rows.append(
                [Cell(cell.text, cell.row + offset, cell.column, cell.rowspan, cell.colspan) for cell in cells]
            )
            target.pages.append(page)
    return joined
