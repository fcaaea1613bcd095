"""Long figures that stand once and are one digit away from a figure that stands again and again (`fact-conflict`).

Among figures of five and more telling digits chance hardly brings two so near each other; of shorter ones it often
does, and they are left to the checks that look at words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from grading.checks.columns import MONEY
from grading.checks.conflicts import STOCK
from grading.checks.echoes import conflict
from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check
from grading.facts.figures import FACTORS, Figure, plain
from grading.reading.document import Table
from grading.reading.splicing import is_number, squeeze

LONG = 5
LONGER = 6
OFTEN = 2
AROUND = 24
NO_MEASURE = frozenset({"年", "月", "日", "号"})
UNIT = re.compile(r"[（(](?:单位[:：])?(元|千元|万元|亿元)[）)]$")
HEADS = 3


def telling_digits(value: Decimal) -> int:
    """How many digits of a figure tell it from others: noughts at either end do not."""
    return len(f"{abs(value):f}".replace(".", "").strip("0"))


def normal(value: Decimal) -> str:
    """The figure with two decimals at least, so that trimmed noughts make no difference."""
    return f"{value:.2f}" if value == round(value, 2) else f"{value:.6f}"


@check("fact-conflict", severity=Severity.ERROR)
def near_misses(context: Context) -> Iterator[Finding]:
    """B3 by the figures alone: see the module."""
    figures = _printed(context)
    told: set[str] = set()
    for alike in sorted(_alike(figures), key=lambda printed: -max(len(figures[one]) for one in printed)):
        less, more = sorted(alike, key=lambda printed: len(figures[printed]))
        digits = max(telling_digits(Decimal(less)), telling_digits(Decimal(more)))
        once, often = figures[less], figures[more]
        if context.holds(once[0]) or any(_beside(once[0], other) for other in often):
            continue
        if len(once) > 1 or digits < LONG or less in told or _rounded(once[0], often[0]):
            continue
        units = {one.unit for one in often if one.unit}
        if once[0].unit and units and once[0].unit not in units:
            continue
        if len(often) >= OFTEN or (digits >= LONGER and _same_words(context, once[0], often[0])):
            told.add(less)
            yield conflict(context, once[0], often[0], 0.9 if len(often) >= OFTEN else 0.85, len(often))


def _beside(one: Figure, other: Figure) -> bool:
    """Whether two figures stand in one row or one paragraph: budget and spending may be near each other."""
    left, right = one.place, other.place
    return (left.table, left.row, left.paragraph) == (right.table, right.row, right.paragraph)


def _printed(context: Context) -> dict[str, list[Figure]]:
    """All measured figures by how they are printed."""
    figures: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in context.facts.figures:
        lone = figure.kind == "number" and figure.place.table is None
        if figure.kind != "percent" and figure.unit not in NO_MEASURE and not lone and figure.value > 0:
            figures[normal(_in_myriads(context, figure))].append(figure)
    return figures


def _in_myriads(context: Context, figure: Figure) -> Decimal:
    """An amount in 万元, whatever its unit or its column's; the bare value of what is no money."""
    if figure.kind == "amount":
        return figure.yuan / FACTORS["万元"]
    place = figure.place
    if place.table is None or place.column is None:
        return figure.value
    unit = units_of(context, context.facts.report.tables[place.table]).get(place.column, "")
    return figure.value * FACTORS[unit] / FACTORS["万元"] if unit else figure.value


def units_of(context: Context, table: Table) -> dict[int, str]:
    """The unit of money of each column that states one."""
    units: dict[int, str] | None = context.memory.get(("units", table.index))
    if units is None:
        units = _units(table)
        context.memory["units", table.index] = units
    return units


def _units(table: Table) -> dict[int, str]:
    """The unit of money of each column: its heading's, or the table's own where the heading is one of money."""
    found: dict[int, str] = {}
    for row in table.rows[:HEADS]:
        for cell in row.cells:
            unit = UNIT.search(squeeze(cell.text))
            if unit:
                found.update(dict.fromkeys(range(cell.column, cell.column + cell.colspan), unit[1]))
            elif table.unit in FACTORS and MONEY.search(cell.text) and not is_number(cell.text):
                found.setdefault(cell.column, table.unit)
    return found


def _alike(figures: Mapping[str, list[Figure]]) -> list[list[str]]:
    """Pairs of printed figures that differ in one digit, where no third one does."""
    places: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for printed in figures:
        if telling_digits(Decimal(printed)) >= LONG - 1:
            for at, char in enumerate(printed):
                if char.isdigit():
                    places[at, printed[:at] + "?" + printed[at + 1 :]].append(printed)
    return [alike for alike in places.values() if len(alike) == OFTEN]


def _rounded(one: Figure, other: Figure) -> bool:
    """Whether one is the other with fewer decimals."""
    return abs(one.value - other.value) <= max(one.half, other.half)


def _same_words(context: Context, one: Figure, other: Figure) -> bool:
    """Whether two figures stand in the same words, two of them in text at least."""
    if one.place.paragraph is None or other.place.paragraph is None or one.place.paragraph == other.place.paragraph:
        return False
    left, right = (_pairs(context, figure) for figure in (one, other))
    return len(left & right) >= OFTEN


def _pairs(context: Context, figure: Figure) -> frozenset[str]:
    text = plain(context.facts.report.paragraphs[figure.place.paragraph or 0].text)
    bare = STOCK.sub("", "".join(c for c in text[max(0, figure.start - AROUND) : figure.start] if "一" <= c <= "鿿"))
    return frozenset(bare[place : place + 2] for place in range(len(bare) - 1))
