"""All facts of a report together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from grading.facts.bands import Bands, find_bands
from grading.facts.categories import CategoryFigures, tabled, told
from grading.facts.figures import Figure, Malformed, Place, figures_in, malformed_in, number_in_cell
from grading.facts.headline import Headline, find_headline
from grading.facts.indicators import read_indicators
from grading.facts.parts import unite
from grading.facts.rows import IndicatorTable
from grading.facts.sections import Section, outline
from grading.reading.document import Report
from grading.reading.splicing import is_number


@dataclass
class Facts:
    """What a report states. `seen` counts how often each value stands in the report, for the model's repeat signals."""

    report: Report
    figures: list[Figure]
    malformed: list[Malformed]
    tables: list[IndicatorTable]
    main: IndicatorTable | None
    summaries: list[IndicatorTable]
    bands: Bands
    headline: Headline
    sections: list[Section]
    told: list[CategoryFigures]
    tabled: list[CategoryFigures]
    by_paragraph: dict[int, list[Figure]]
    seen: Counter[Decimal] = field(default_factory=Counter)


def gather(report: Report) -> Facts:
    """Read all facts of a report."""
    figures: list[Figure] = []
    malformed: list[Malformed] = []
    by_paragraph: dict[int, list[Figure]] = {}
    for paragraph in report.paragraphs:
        place = Place(paragraph.page, paragraph.index)
        own = list(figures_in(paragraph.text, place))
        by_paragraph[paragraph.index] = own
        figures.extend(figure for figure in own if figure.kind != "number")
        malformed.extend(malformed_in(paragraph.text, place))
    for table in report.tables:
        for row in table.rows:
            for cell in row.cells:
                place = Place(row.page, None, table.index, row.index, cell.column)
                alone = number_in_cell(cell.text, place)
                if alone is not None:
                    figures.append(alone)
                else:
                    figures.extend(figure for figure in figures_in(cell.text, place) if figure.kind != "number")
        malformed.extend(broken_cells(report, table.index))
    tables = [found for table in report.tables if (found := read_indicators(table))]
    main = choose(tables)
    headline = find_headline(report.paragraphs, main)
    given, summaries = tabled(tables, main)
    names = [leaf.level1 for leaf in main.leaves if leaf.level1] if main else []
    return Facts(
        report,
        figures,
        malformed,
        tables,
        main,
        summaries,
        find_bands(report.paragraphs, report.tables),
        headline,
        outline(report),
        told(report.paragraphs, names),
        given,
        by_paragraph,
        Counter(figure.value for figure in figures),
    )


def choose(tables: list[IndicatorTable]) -> IndicatorTable | None:
    """The report's score table: the one with most scored indicators, those that name three levels before others."""
    scored = [table for table in tables if table.scored]
    united = unite(tables)
    if united is not None and all(len(table.leaves) < len(united.leaves) for table in scored):
        return united
    return max(scored, key=lambda t: (t.scored * (1 + (len(t.columns.labels) > 1)), -t.table.index), default=None)


def broken_cells(report: Report, index: int) -> list[Malformed]:
    """Figures of a table that cannot be read: in columns of figures only, so that codes and dates stay silent."""
    found: list[Malformed] = []
    table = report.tables[index]
    cells: dict[int, list[tuple[Place, str]]] = {}
    for row in table.rows:
        for cell in row.cells:
            if cell.text.strip():
                place = Place(row.page, None, index, row.index, cell.column)
                cells.setdefault(cell.column, []).append((place, cell.text))
    for texts in cells.values():
        numeric = sum(is_number(text) for _, text in texts)
        for place, text in texts:
            found.extend(
                malformed_in(text, place, numeric=True)
                if numeric >= 3 and 2 * numeric >= len(texts)
                else malformed_in(text, place)
            )
    return found
