"""Synthetic reports as a reader would hand them over, with the faults of real reading."""

from __future__ import annotations

import re
from dataclasses import replace

from numpy.random import Generator

from grading.reading.document import Cell, Paragraph, Report, Row, Table
from grading.synthesis.blocks import Block
from grading.synthesis.chance import chance, whole
from grading.synthesis.making import SyntheticReport

MEASURED = re.compile(r"(?<![\d.,])(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?=%|万元|亿元|元|分|份|个|人|户|家|项)")
MEASURED_CELL = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


def _table(block: Block, index: int, after: int, caption: str) -> Table:
    covered = {
        (r + i, c + j): (r, c, high, wide)
        for r, c, high, wide in block.merges
        for i in range(high)
        for j in range(wide)
    }
    rows = []
    for r, texts in enumerate(block.rows):
        cells = []
        for c, text in enumerate(texts):
            top, left, high, wide = covered.get((r, c), (r, c, 1, 1))
            if (top, left) == (r, c):
                cells.append(Cell(text, r, c, high, wide))
        rows.append(Row(r, tuple(cells)))
    return Table(index, None, tuple(rows), caption, "万元" if "万元" in caption else "", after)


def as_read(report: SyntheticReport) -> Report:
    """The report in the reader's model, read without a fault."""
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    for block in report.blocks:
        if block.form == "table":
            last = paragraphs[-1].text if paragraphs else ""
            tables.append(
                _table(block, len(tables), len(paragraphs) - 1, last if last.startswith(("表", "附表")) else "")
            )
        else:
            paragraphs.append(Paragraph(len(paragraphs), None, block.text, block.level))
    return Report(report.title, "docx", None, tuple(paragraphs), tuple(tables))


def _lost_row(rng: Generator, table: Table) -> Table:
    gone = whole(rng, 1, len(table.rows) - 1)
    rows = [row for row in table.rows if row.index != gone]
    renumbered = tuple(
        Row(place, tuple(replace(cell, row=place) for cell in row.cells), row.page) for place, row in enumerate(rows)
    )
    return replace(table, rows=renumbered)


def _spoilt_cell(rng: Generator, table: Table) -> Table:
    """One cell whose decimal point was lost, or which was read empty."""
    place = whole(rng, 1, len(table.rows) - 1)
    row = table.rows[place]
    column = whole(rng, 0, len(row.cells) - 1)
    text = row.cells[column].text
    wrong = text.replace(".", "") if chance(rng, 0.6) else ""
    cells = tuple(replace(cell, text=wrong) if number == column else cell for number, cell in enumerate(row.cells))
    return replace(table, rows=(*table.rows[:place], replace(row, cells=cells), *table.rows[place + 1 :]))


def _shifted(rng: Generator, table: Table) -> Table:
    """One row whose cells slid by a column."""
    place = whole(rng, 1, len(table.rows) - 1)
    row = table.rows[place]
    texts = [cell.text for cell in row.cells]
    texts = [*texts[1:], texts[0]]
    cells = tuple(replace(cell, text=text) for cell, text in zip(row.cells, texts, strict=True))
    return replace(table, rows=(*table.rows[:place], replace(row, cells=cells), *table.rows[place + 1 :]))


def misread(rng: Generator, report: Report, faults: int) -> Report:
    """The report with that many faults of reading: lost rows, lost points, empty cells, rows slid by a column."""
    tables = list(report.tables)
    paragraphs = list(report.paragraphs)
    for _ in range(faults):
        kind = whole(rng, 0, 3)
        if kind == 3 or not tables:
            place = whole(rng, 0, len(paragraphs) - 1)
            text = paragraphs[place].text
            paragraphs[place] = replace(
                paragraphs[place], text=text.replace(".", "", 1) if chance(rng, 0.5) else text[: len(text) // 2]
            )
            continue
        place = min(whole(rng, 0, len(tables) - 1), whole(rng, 0, len(tables) - 1))
        if len(tables[place].rows) > 2:
            tables[place] = (_lost_row, _spoilt_cell, _shifted)[kind](rng, tables[place])
    return replace(report, paragraphs=tuple(paragraphs), tables=tuple(tables))


def _other_digit(rng: Generator, text: str, begin: int, end: int) -> str:
    """The text with one digit between two places changed; a first digit never becomes nought."""
    places = [place for place in range(begin, end) if text[place].isdigit()]
    place = places[whole(rng, 0, len(places) - 1)]
    others = [digit for digit in "0123456789" if digit != text[place] and not (digit == "0" and place == places[0])]
    return text[:place] + others[whole(rng, 0, len(others) - 1)] + text[place + 1 :]


def wrong_digit(rng: Generator, report: Report) -> Report:
    """The report with one digit of one measured figure changed, in a table or in the text."""
    if chance(rng, 0.6) and report.tables:
        table = report.tables[whole(rng, 0, len(report.tables) - 1)]
        spots = [
            (row.index, number)
            for row in table.rows[1:]
            for number, cell in enumerate(row.cells)
            if MEASURED_CELL.fullmatch(cell.text.strip())
        ]
        if spots:
            place, number = spots[whole(rng, 0, len(spots) - 1)]
            row = table.rows[place]
            cells = list(row.cells)
            cell = cells[number]
            cells[number] = replace(cell, text=_other_digit(rng, cell.text, 0, len(cell.text)))
            rows = (*table.rows[:place], replace(row, cells=tuple(cells)), *table.rows[place + 1 :])
            tables = [replace(one, rows=rows) if one is table else one for one in report.tables]
            return replace(report, tables=tuple(tables))
    figures = [
        (paragraph.index, found.start("number"), found.end("number"))
        for paragraph in report.paragraphs
        for found in MEASURED.finditer(paragraph.text)
    ]
    if not figures:
        return report
    index, begin, end = figures[whole(rng, 0, len(figures) - 1)]
    paragraphs = list(report.paragraphs)
    paragraphs[index] = replace(paragraphs[index], text=_other_digit(rng, paragraphs[index].text, begin, end))
    return replace(report, paragraphs=tuple(paragraphs))
