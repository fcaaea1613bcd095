"""A delivery of several files, read as one report."""

from __future__ import annotations

from dataclasses import replace

from grading.reading.document import Report


def merge(report: Report, annex: Report) -> Report:
    """The report with an annex after it.

    Paragraphs and tables of the annex are counted on, its pages are not known to the report.
    """
    paragraphs, tables = len(report.paragraphs), len(report.tables)
    return replace(
        report,
        paragraphs=(
            *report.paragraphs,
            *(replace(p, index=p.index + paragraphs, page=None) for p in annex.paragraphs),
        ),
        tables=(
            *report.tables,
            *(
                replace(
                    t,
                    index=t.index + tables,
                    page=None,
                    after=t.after + paragraphs,
                    rows=tuple(replace(r, page=None) for r in t.rows),
                )
                for t in annex.tables
            ),
        ),
        headers=(*report.headers, *annex.headers),
        unread=(*report.unread, *annex.unread),
    )
