"""Small reports built in place, for facts and checks."""

from __future__ import annotations

import pytest

from grading.reading.document import Cell, Paragraph, Report, Row, Table
from grading.reading.layout import heading_level


def table_of(rows, index=0, *, caption="", unit="", after=-1, breaks=()):
    """A table from rows of texts; None continues the cell to the left, "^" the one above."""
    placed = {}
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text is None:
                key = next(k for k in ((r, x) for x in range(c - 1, -1, -1)) if k in placed)
                placed[key][2] += 1
            elif text == "^":
                key = next(k for k in ((y, c) for y in range(r - 1, -1, -1)) if k in placed)
                placed[key][1] += 1
            else:
                placed[r, c] = [text, 1, 1]
    built = tuple(
        Row(r, tuple(Cell(t, r, c, down, across) for (y, c), (t, down, across) in sorted(placed.items()) if y == r))
        for r in range(len(rows))
    )
    return Table(index, None, built, caption, unit, after, breaks)


def report_of(paragraphs=(), tables=(), title="某区2024年度示范项目绩效评价报告"):
    """A report from texts and rows."""
    body = tuple(Paragraph(i, None, text, heading_level(text)) for i, text in enumerate(paragraphs))
    made = tuple(
        table if isinstance(table, Table) else table_of(table, index, after=len(body) - 1)
        for index, table in enumerate(tables)
    )
    return Report(title, "docx", None, body, made)


@pytest.fixture
def make_report():
    return report_of


@pytest.fixture
def make_table():
    return table_of


@pytest.fixture
def findings_of():
    from grading.checks.registry import Context, run_all
    from grading.facts.collect import gather

    def run(paragraphs=(), tables=(), code=None, **more):
        found = list(run_all(Context(gather(report_of(paragraphs, tables, **more)))))
        # These small texts state no grade; unless a test is about that, it does not count.
        return [f for f in found if f.code == code or (code is None and f.code != "grade-missing")]

    return run
