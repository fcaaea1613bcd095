"""Evidence as the workbench shows it: places on drawn pages, and both sides of a contradiction as excerpts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.models import ReportFinding, Submission, SubmissionFile
from grading.states import FileRole
from grading.views.marking import Piece, cut

MARGIN = 26.0
"""Points shown above and below a place in its excerpt."""
HIGHEST = 300.0
ASIDE, NARROW = 24.0, 330.0
"""Points shown beside a place, and the least width of an excerpt: about that of a finding's card."""
AROUND = 60
"""Characters shown before and after a quotation in a paragraph's excerpt."""
SIDES = 2
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """The boxes of one piece of evidence on one page; `key` is the id of its place."""

    key: str
    finding: ReportFinding
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Sheet:
    """A drawn page with what is marked on it; sizes in points."""

    number: int
    width: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Side:
    """One side of a finding as an excerpt: a strip of the drawn page, or pieces of text, or the cells of a row.

    `target` is the id of the place in the report beside it; with `as_text` it stands in the text view only.
    """

    target: str
    page: int | None
    paragraph: int | None
    table: int | None
    row: int | None
    file: str = ""
    as_text: bool = False
    strip: Strip | None = None
    pieces: tuple[Piece, ...] = ()
    head: tuple[str, ...] = ()
    cells: tuple[tuple[Piece, ...], ...] = ()


@dataclass(frozen=True)
class Strip:
    """A part of a page with the boxes to mark, all in points of the page."""

    number: int
    left: int
    top: int
    width: int
    height: int
    boxes: tuple[Box, ...]


def drawn_file(submission: Submission) -> SubmissionFile | None:
    """Return the report's PDF if its pages can be drawn."""
    for file in submission.files:
        if file.role is FileRole.REPORT and file.reading and file.reading.get("sizes"):
            return file
    return None


def place_key(finding: ReportFinding, number: int) -> str:
    """Return the id of a piece of evidence on its drawn page."""
    return f"e-{finding.position}-{number}"


def sheets_of(file: SubmissionFile, findings: Sequence[ReportFinding]) -> list[Sheet]:
    """Return every page of a PDF with the evidence that stands on it."""
    marks: dict[int, list[Mark]] = {}
    for finding in findings:
        for number, item in enumerate(finding.evidence):
            if item.get("boxes") and item.get("page"):
                boxes = tuple(_box(one) for one in item["boxes"])
                marks.setdefault(item["page"], []).append(Mark(place_key(finding, number), finding, boxes))
    sizes = (file.reading or {})["sizes"]
    return [
        Sheet(number, width, height, tuple(marks.get(number, ())))
        for number, (width, height) in enumerate(sizes, start=1)
    ]


class Excerpts:
    """Both sides of each finding, from the drawn pages where there are some, else from the text as read."""

    def __init__(self, submission: Submission, *, drawn: SubmissionFile | None) -> None:
        self._paragraphs: dict[int, str] = {}
        self._tables: dict[int, Mapping[str, Any]] = {}
        for block in submission.blocks or ():
            if block["kind"] == "paragraph":
                self._paragraphs[block["index"]] = block["text"]
            else:
                self._tables[block["index"]] = block
        self._sizes = (drawn.reading or {}).get("sizes", []) if drawn else []
        self._files = [
            (one.reading["first_paragraph"], one.reading["first_table"], one.document.name)
            for one in submission.files
            if one.role is FileRole.ANNEX and one.reading and "first_table" in one.reading
        ]

    def sides(self, finding: ReportFinding) -> list[Side]:
        """Return up to two sides: the first place, and the first that is another."""
        found: list[Side] = []
        for number, item in enumerate(finding.evidence):
            side = self._side(finding, number, item)
            if not any(_same(side, other) for other in found):
                found.append(side)
            if len(found) == SIDES:
                break
        return found

    def _side(self, finding: ReportFinding, number: int, item: Mapping[str, Any]) -> Side:
        table, row, paragraph, page = (item.get(name) for name in ("table", "row", "paragraph", "page"))
        file = self._file_of(paragraph, table)
        boxes = [_box(one) for one in item.get("boxes") or ()]
        if boxes and page and page <= len(self._sizes):
            strip = self._strip(page, boxes)
            return Side(place_key(finding, number), page, paragraph, table, row, file, strip=strip)
        away = bool(self._sizes)
        if table is not None:
            target = f"t-{table}-{row or 0}"
            head, cells = self._row(table, row or 0, item["quote"], finding.position)
            return Side(target, page, paragraph, table, row or 0, file, away, head=head, cells=cells)
        text = self._paragraphs.get(paragraph or 0, item["quote"])
        pieces = excerpt(text, item["quote"], finding.position)
        return Side(f"p-{paragraph or 0}", page, paragraph or 0, None, None, file, away, pieces=pieces)

    def _strip(self, page: int, boxes: Sequence[Box]) -> Strip:
        width, height = self._sizes[page - 1]
        top = max(0.0, min(one[1] for one in boxes) - MARGIN)
        bottom = min(height, max(one[1] + one[3] for one in boxes) + MARGIN, top + HIGHEST)
        left = max(0.0, min(min(one[0] for one in boxes) - ASIDE, width - NARROW))
        across = min(width - left, max(NARROW, max(one[0] + one[2] for one in boxes) + ASIDE - left))
        return Strip(page, int(left), int(top), int(across), int(bottom - top), tuple(boxes))

    def _row(
        self, table: int, row: int, quote: str, finding: int
    ) -> tuple[tuple[str, ...], tuple[tuple[Piece, ...], ...]]:
        rows = (self._tables.get(table) or {}).get("rows") or []
        if row >= len(rows):
            return (), ((Piece(quote, finding),),)
        cells, marked = [], False
        for cell in rows[row]["cells"]:
            pieces = cut(cell["text"], [] if marked else [(quote, finding)])
            marked = marked or any(one.finding is not None for one in pieces)
            cells.append(tuple(pieces))
        head = tuple(cell["text"] for cell in rows[0]["cells"]) if row > 0 else ()
        return (head if len(head) == len(cells) else ()), tuple(cells)

    def _file_of(self, paragraph: int | None, table: int | None) -> str:
        name = ""
        for first_paragraph, first_table, one in self._files:
            if (table is not None and table >= first_table) or (
                table is None and paragraph is not None and paragraph >= first_paragraph
            ):
                name = one
        return name


def excerpt(text: str, quote: str, finding: int) -> tuple[Piece, ...]:
    """Return a quotation with the words around it; the whole of a short paragraph."""
    begin = text.find(quote.strip())
    if begin < 0:
        return (Piece(quote, finding),)
    end = begin + len(quote.strip())
    before, after = text[max(0, begin - AROUND) : begin], text[end : end + AROUND]
    return (
        Piece(("…" if begin > AROUND else "") + before),
        Piece(text[begin:end], finding),
        Piece(after + ("…" if end + AROUND < len(text) else "")),
    )


def _same(left: Side, right: Side) -> bool:
    if left.strip and right.strip:
        return left.strip.number == right.strip.number and abs(left.strip.top - right.strip.top) < MARGIN
    return (left.table, left.row, left.paragraph) == (right.table, right.row, right.paragraph)


def _box(values: Sequence[float]) -> Box:
    left, top, width, height = values
    return left, top, width, height
