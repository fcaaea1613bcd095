"""The answers of a questionnaire: how often each was given, and the weight that a report gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from grading.facts.figures import NUMBER, Figure, Place, number_in_cell
from grading.reading.document import Report, Table
from grading.reading.splicing import squeeze

LABEL = (
    r"(?:(?:非常|十分|很|比较|较为?|基本|一般|不太|不大|很不|非常不|不)满意|一般|满意|无所谓|不满|不清楚|不了解|说不清)"
)
OPINION = re.compile(rf"^{LABEL}$")
GIVEN = re.compile(
    rf"(?P<label>{LABEL})[”’」]?\s*(?:的|选项|者|答卷)?\s*(?:(?:按|计|得|赋|赋值|赋分|为|记|权重|系数)\s*)*[（(:：]?\s*"
    rf"(?P<number>{NUMBER})\s*(?P<unit>分|%)?(?!\s*(?:份|人|户|家|票|张|名|位|个|次|条|[.\d]))"
)
LISTED = re.compile(
    rf"(?P<labels>[“‘「]?{LABEL}[”’」]?(?:\s*(?:[、，,/／和]|(?<=[”’」])(?=[“‘「]))[“‘「]?{LABEL}[”’」]?)+)[^。；;\d]{{0,24}}?"
    rf"(?P<numbers>(?:{NUMBER})\s*(?:分|%)?(?:\s*[、，,/／:：和]\s*(?:{NUMBER})\s*(?:分|%)?)+)(?!\s*(?:份|人|户|家|票))"
)
WEIGHTED = re.compile(r"加权|权重|赋分|赋值|计分|分值|折算|折合|按\S{0,12}分")
TOLD = re.compile(
    rf"(?P<label>{LABEL})[”’」]?\s*(?:的|者|答卷|选项|问卷)*\s*(?:有|为|共)?\s*[（(:：]?\s*(?P<number>{NUMBER})\s*(?:份|人次|人|户|家|票|名|位)"
)
TOTAL = re.compile(r"^(?:合计|总计|共计|小计|样本数|有效问卷|有效份数|总数)")
COUNTED = re.compile(r"份数|人数|票数|数量|频数|样本|户数|家数|人次|选择数|答卷")
SHARED = re.compile(r"占比|比例|百分比|比重|比率|占")
SCALES = frozenset({Decimal(1), Decimal(5), Decimal(10), Decimal(100)})
FEWEST = 3


@dataclass(frozen=True)
class Answers:
    """One question: its answers in order with how often each was given and the share printed for it, where they are.

    `paragraph` is the paragraph in or before which it stands.
    """

    counts: Mapping[str, Figure]
    shares: Mapping[str, Figure]
    total: Figure | None
    share_total: Figure | None
    paragraph: int
    table: int | None = None


def weights_in(text: str) -> dict[str, Decimal]:
    """The weight of each answer as a share of the best one's, as a sentence states them; empty where none does."""
    given = list(GIVEN.finditer(text))
    if not WEIGHTED.search(text) and any(match["unit"] != "分" for match in given):
        return {}
    found = {match["label"]: Decimal(match["number"].replace(",", "")) for match in given}
    if len(found) < FEWEST:
        found = {}
        for match in LISTED.finditer(text):
            labels = re.findall(LABEL, match["labels"])
            numbers = [Decimal(one.replace(",", "")) for one in re.findall(NUMBER, match["numbers"])]
            if len(labels) == len(numbers):
                found = dict(zip(labels, numbers, strict=True))
    values = list(found.values())
    if len(values) < FEWEST or values[0] not in SCALES or values != sorted(values, reverse=True):
        return {}
    return {label: value / values[0] for label, value in found.items()}


def answers_in(report: Report) -> list[Answers]:
    """Every question whose answers stand in a table, along its rows or its columns, or in a sentence."""
    found = [one for table in report.tables for one in (*_across(table), *_down(table))]
    for paragraph in report.paragraphs:
        if paragraph.origin != "body" or "满意" not in paragraph.text:
            continue
        counts: dict[str, Figure] = {}
        for match in TOLD.finditer(paragraph.text):
            number = number_in_cell(match["number"], Place(paragraph.page, paragraph.index))
            if number is not None and match["label"] not in counts:
                counts[match["label"]] = number
        if len(counts) >= FEWEST:
            found.append(Answers(counts, {}, None, None, paragraph.index))
    return found


def _figure(table: Table, row: int, column: int) -> Figure | None:
    cell = table.grid[row][column]
    if cell is None:
        return None
    place = Place(table.rows[cell.row].page, None, table.index, cell.row, cell.column)
    return number_in_cell(cell.text, place)


def _text(table: Table, row: int, column: int) -> str:
    cell = table.grid[row][column]
    return squeeze(cell.text) if cell else ""


def _across(table: Table) -> Iterator[Answers]:
    """A header of answers, with a row of counts and a row of shares below it."""
    for head in range(min(3, len(table.rows))):
        columns = {_text(table, head, c): c for c in range(table.width) if OPINION.match(_text(table, head, c))}
        if len(columns) < FEWEST:
            continue
        total = next((c for c in range(table.width) if TOTAL.match(_text(table, head, c))), None)
        kinds = [
            (row, _text(table, row, 0) + (_text(table, row, 1) if min(columns.values()) > 1 else ""))
            for row in range(head + 1, len(table.rows))
        ]
        counted = [row for row, words in kinds if COUNTED.search(words) and not SHARED.search(words)]
        shared = [row for row, words in kinds if SHARED.search(words)]
        if len(counted) == 1 and len(shared) <= 1:
            yield _read(table, {name: (counted[0], c) for name, c in columns.items()}, (counted[0], total), shared, 0)
        return


def _down(table: Table) -> Iterator[Answers]:
    """A column of answers, with a column of counts and a column of shares beside it."""
    if not table.rows:
        return
    heads = [_text(table, 0, c) for c in range(table.width)]
    counted = [c for c, words in enumerate(heads) if COUNTED.search(words) and not SHARED.search(words)]
    shared = [c for c, words in enumerate(heads) if SHARED.search(words)]
    if len(counted) != 1 or len(shared) > 1:
        return
    for column in range(min(3, table.width)):
        rows = [row for row in range(1, len(table.rows)) if OPINION.match(_text(table, row, column))]
        names = [_text(table, row, column) for row in rows]
        if len(rows) < FEWEST or len(set(names)) != len(names):
            continue
        total = next((r for r in range(1, len(table.rows)) if TOTAL.match(_text(table, r, column))), None)
        cells = {name: (row, counted[0]) for name, row in zip(names, rows, strict=True)}
        yield _read(table, cells, (total, counted[0]), shared, 1)
        return


def _read(
    table: Table,
    cells: Mapping[str, tuple[int, int]],
    total: tuple[int | None, int | None],
    shared: list[int],
    axis: int,
) -> Answers:
    """The figures of one question; `shared` is the row (axis 0) or column (axis 1) of the shares."""

    def moved(row: int, column: int) -> tuple[int, int]:
        return (shared[0], column) if axis == 0 else (row, shared[0])

    counts = {name: figure for name, place in cells.items() if (figure := _figure(table, *place)) is not None}
    shares: dict[str, Figure] = {}
    if shared:
        shares = {n: figure for n, place in cells.items() if (figure := _figure(table, *moved(*place))) is not None}
    row, column = total
    whole = _figure(table, row, column) if row is not None and column is not None else None
    all_shares = _figure(table, *moved(row, column)) if shared and row is not None and column is not None else None
    return Answers(counts, shares, whole, all_shares, table.after, table.index)
