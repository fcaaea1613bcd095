"""The one document model of a report, whether it came as DOCX or as PDF.

Blocks (paragraphs and tables) keep the order of the document. Every block knows its place, so that each figure
read later
can be quoted with page, paragraph, table and row. Pages count from 1; paragraphs, tables, rows and columns count
from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text.

    `level` is the heading level (1 for 一、, 2 for （一）, 3 for 1.), 0 for body text. `page` is None where no
    page is known
    (DOCX). `style` is the style's name in DOCX, or "" in PDF. `origin` is "body", "footnote", "textbox" or "header".
    """

    index: int
    page: int | None
    text: str
    level: int = 0
    style: str = ""
    origin: str = "body"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; a merged cell stands once, at its first row and column, with its spans."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the cells that begin in it. `page` is the page on which the row stands."""

    index: int
    cells: tuple[Cell, ...]
    page: int | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the cells that begin in this row, from left to right."""
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A table with its caption (the line above it) and unit (单位：万元, "" where none is stated).

    `after` is the index of the last paragraph before the table, -1 where there is none. `breaks` are the indexes of the
    rows with which a continued part begins (the table was split over pages and has been joined again).
    """

    index: int
    page: int | None
    rows: tuple[Row, ...]
    caption: str = ""
    unit: str = ""
    after: int = -1
    breaks: tuple[int, ...] = ()

    @cached_property
    def width(self) -> int:
        """Number of grid columns."""
        return max((cell.column + cell.colspan for row in self.rows for cell in row.cells), default=0)

    @cached_property
    def grid(self) -> list[list[Cell | None]]:
        """The table as a full matrix: a merged cell appears at every place it covers, None where no cell is."""
        matrix: list[list[Cell | None]] = [[None] * self.width for _ in self.rows]
        for row in self.rows:
            for cell in row.cells:
                for r in range(cell.row, min(cell.row + cell.rowspan, len(matrix))):
                    for c in range(cell.column, cell.column + cell.colspan):
                        if matrix[r][c] is None:
                            matrix[r][c] = cell
        return matrix


@dataclass(frozen=True)
class Report:
    """A delivered report as read.

    `kind` is "docx", "pdf" or, for an annex, "xlsx"; `pages` is the number of pages, None where it is not known.
    `headers` are the texts of page headers and footers, which stand in no paragraph. `unread` says in words what of
    the file could not be read.
    """

    title: str
    kind: str
    pages: int | None
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    headers: tuple[str, ...] = ()
    unread: tuple[str, ...] = field(default=())

    @property
    def blocks(self) -> Iterator[Paragraph | Table]:
        """Paragraphs and tables in the order of the document."""
        waiting = list(self.tables)
        while waiting and waiting[0].after < 0:
            yield waiting.pop(0)
        for paragraph in self.paragraphs:
            yield paragraph
            while waiting and waiting[0].after <= paragraph.index:
                yield waiting.pop(0)

    def to_json(self) -> dict[str, Any]:
        """Plain values, as they cross the border of the reading process."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Report:
        """Build a report from `to_json`'s values."""
        return cls(
            title=data["title"],
            kind=data["kind"],
            pages=data["pages"],
            paragraphs=tuple(Paragraph(**paragraph) for paragraph in data["paragraphs"]),
            tables=tuple(
                Table(
                    **{
                        **table,
                        "breaks": tuple(table["breaks"]),
                        "rows": tuple(
                            Row(row["index"], tuple(Cell(**cell) for cell in row["cells"]), row["page"])
                            for row in table["rows"]
                        ),
                    }
                )
                for table in data["tables"]
            ),
            headers=tuple(data["headers"]),
            unread=tuple(data["unread"]),
        )
