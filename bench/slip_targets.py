"""Which figures of a real report a slip of one digit is planted in, told without any code of the checker's rules.

Three groups: cells of indicator tables; cells of other tables that stand in a sum, a rate or a share; figures in prose
that repeat or stand in a relation. Relations are found by trying: a figure counts only where one holds to the printed
digit in the report as it was delivered.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grading.reading.document import Report, Table

NUMBER = re.compile(r"(?<![\d.,A-Za-z〔\[（(第附表图-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.])")
CELL = re.compile(r"^\s*(?:≥|≤)?\s*(\d+(?:,\d{3})*(?:\.\d+)?)\s*(?:%|分|元|万元)?\s*$")
INDICATOR = re.compile(r"得分率|指标得分|^得分$|权重|分值")
NO_FACT = re.compile(r"^\s*(?:年|月|日|号|届|\.|、|个工作日|级|次会议|页|岁)")
MEASURED = re.compile(r"^\s*(?:%|亿|万|元|分|个|人|名|家|项|份|题|套|台|次|场|所|户|座|公里|平方米|亩|吨)")
FEWEST_DIGITS = 2
LONGEST_SUM = 8
TOTAL = re.compile(r"^(?:合\s*计|总\s*计|小\s*计|总额|总数)|(?:合计|小计)$")


@dataclass(frozen=True, slots=True)
class Target:
    """One printed figure: in a paragraph, or in a cell; `start` is the offset of its digits in that text."""

    group: str
    number: str
    start: int
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    half: Decimal
    row: int
    column: int
    text: str
    start: int
    percent: bool


def _half(number: str) -> Decimal:
    return Decimal(5).scaleb(-len(number.partition(".")[2]) - 1)


def _numbers(table: Table) -> dict[tuple[int, int], _Number]:
    found = {}
    for row in table.rows:
        for cell in row.cells:
            match = CELL.match(cell.text)
            if match:
                number = match[1]
                found[row.index, cell.column] = _Number(
                    Decimal(number.replace(",", "")),
                    _half(number),
                    row.index,
                    cell.column,
                    number,
                    match.start(1),
                    "%" in cell.text,
                )
    return found


def in_relation(table: Table) -> set[tuple[int, int]]:
    """Places of the cells that stand in a sum (of a stretch of their column or row), a rate or a share."""
    numbers = _numbers(table)
    held: set[tuple[int, int]] = set()
    lines: defaultdict[tuple[str, int], list[_Number]] = defaultdict(list)
    for one in numbers.values():
        lines["column", one.column].append(one)
        lines["row", one.row].append(one)
    named = {row.index for row in table.rows if any(TOTAL.search(cell.text.strip()) for cell in row.cells[:4])}
    titled = {cell.column for row in table.rows[:2] for cell in row.cells if TOTAL.search(cell.text.strip())}
    for (kind, _number), line in lines.items():
        for place, total in enumerate(line):
            if (total.row in named) if kind == "column" else (total.column in titled):
                for stretch in (line[:place][::-1], line[place + 1 :]):
                    held |= _sum_places(total, stretch)
    for row in {one.row for one in numbers.values()}:
        cells = [one for one in numbers.values() if one.row == row]
        held |= _rate_places(cells)
    for column in {one.column for one in numbers.values()}:
        cells = [one for one in numbers.values() if one.column == column]
        held |= _rate_places(cells) if len(cells) <= 4 else set()
    held |= _share_places(numbers)
    return held


def _sum_places(total: _Number, stretch: Sequence[_Number]) -> set[tuple[int, int]]:
    running = Decimal(0)
    if total.value < 3 or (total.value >= 1900 and total.value <= 2100 and total.half == Decimal("0.5")):
        return set()
    for count, one in enumerate(stretch, 1):
        running += one.value
        if count > 1 and running == total.value and sum(part.value > 0 for part in stretch[:count]) > 1:
            return {(one.row, one.column) for one in (*stretch[:count], total) if one.value}
        if running > total.value:
            break
    return set()


def _rate_places(cells: Sequence[_Number]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for rate in cells:
        if not rate.percent or rate.half > Decimal("0.05"):
            continue
        for part in cells:
            for whole in cells:
                if len({id(rate), id(part), id(whole)}) < 3 or whole.value <= 0 or part.percent or whole.percent:
                    continue
                if abs(part.value / whole.value * 100 - rate.value) <= rate.half:
                    found |= {(one.row, one.column) for one in (rate, part, whole)}
    return found


def _share_places(numbers: dict[tuple[int, int], _Number]) -> set[tuple[int, int]]:
    """Shares of a column's last figure: at least three rows of which all fit."""
    found: set[tuple[int, int]] = set()
    columns = sorted({one.column for one in numbers.values()})
    for column in columns:
        cells = [one for one in numbers.values() if one.column == column and not one.percent]
        if len(cells) < 3 or cells[-1].value <= 0:
            continue
        whole = cells[-1]
        for other in columns:
            pairs = [
                (one, numbers[one.row, other])
                for one in cells[:-1]
                if other != column and (one.row, other) in numbers and numbers[one.row, other].half < Decimal("0.5")
            ]
            fit = [p for p in pairs if abs(p[0].value / whole.value * 100 - p[1].value) <= p[1].half and p[0].value]
            if len(fit) >= 3 and len(fit) >= len(pairs) - 1:
                found |= {(one.row, one.column) for pair in fit for one in (*pair, whole)}
    return found


def is_indicator_table(table: Table) -> bool:
    """Whether a table gives scores and weights."""
    head = " ".join(cell.text.replace("\n", "") for row in table.rows[:2] for cell in row.cells)
    side = " ".join(row.cells[0].text for row in table.rows if row.cells)
    words = f"{head} {side}"
    return ("得分" in words) and bool(re.search(r"权重|分值|满分", words))


def table_targets(report: Report) -> Iterator[Target]:
    """Weight, score and rate cells of indicator tables, and cells of other tables that stand in a relation."""
    for table in report.tables:
        numbers = _numbers(table)
        if is_indicator_table(table):
            chosen, group = _scored(table, numbers), "indicator"
        else:
            chosen, group = in_relation(table), "table"
        for place in sorted(chosen):
            one = numbers[place]
            if any(char in "123456789" for char in one.text):
                page = table.rows[one.row].page
                yield Target(group, one.text, one.start, None, table.index, one.row, one.column, page)


def _scored(table: Table, numbers: dict[tuple[int, int], _Number]) -> set[tuple[int, int]]:
    """The cells of columns (or rows) of an indicator table headed by weight, score or rate."""
    heads = {cell.column for row in table.rows[:2] for cell in row.cells if INDICATOR.search(cell.text.strip())}
    sides = {row.index for row in table.rows if row.cells and INDICATOR.search(row.cells[0].text.strip())}
    sides -= {0}
    return {place for place in numbers if place[1] in heads or place[0] in sides}


def prose_targets(report: Report) -> Iterator[Target]:
    """Measured figures in running text that stand elsewhere too, or in a sum or rate with their neighbours."""
    cells = Counter(
        Decimal(match[1].replace(",", ""))
        for table in report.tables
        for row in table.rows
        for cell in row.cells
        if (match := CELL.match(cell.text))
    )
    texts = [(p.index, p.page, p.text) for p in report.paragraphs if p.origin == "body"]
    told: defaultdict[tuple[Decimal, str], list[tuple[int, int]]] = defaultdict(list)
    found: list[tuple[int, int | None, str, re.Match[str], str]] = []
    for index, page, text in texts:
        for match in NUMBER.finditer(text):
            after = text[match.end() : match.end() + 8]
            unit = MEASURED.match(after)
            digits = len(re.sub(r"\D", "", match.group(0)))
            if NO_FACT.match(after) or unit is None or digits < FEWEST_DIGITS:
                continue
            value = Decimal(match.group(0).replace(",", ""))
            told[value, unit.group(0).strip()].append((index, match.start()))
            found.append((index, page, text, match, unit.group(0).strip()))
    for index, page, text, match, unit in found:
        value = Decimal(match.group(0).replace(",", ""))
        digits = len(re.sub(r"\D", "", match.group(0)))
        again = len(told[value, unit]) > 1 or (digits > 2 and cells[value] > 0)
        if (again or _related(text, match)) and any(char in "123456789" for char in match.group(0)):
            yield Target("prose", match.group(0), match.start(), index, page=page)


def _related(text: str, match: re.Match[str]) -> bool:
    """Whether a figure stands in a sum or rate that holds among the figures of its sentence."""
    start = max(text.rfind(mark, 0, match.start()) for mark in "。；\n") + 1
    ends = [at for mark in "。；\n" if (at := text.find(mark, match.end())) >= 0]
    sentence = text[start : min(ends, default=len(text))]
    own = match.start() - start
    numbers = [
        (
            Decimal(m.group(0).replace(",", "")),
            _half(m.group(0)),
            m.start(),
            sentence[m.end() : m.end() + 2].strip()[:1],
        )
        for m in NUMBER.finditer(sentence)
    ]
    for place, (total, _, at, _u) in enumerate(numbers):
        running = Decimal(0)
        for count, (value, _h, other, _v) in enumerate(numbers[place + 1 : place + 1 + LONGEST_SUM], 1):
            running += value
            if (
                count > 1
                and running == total
                and total > 9
                and any(s == own for *_x, s, _ in numbers[place : place + 1 + count])
            ):
                return at <= own <= other
    for rate, half, at, sign in numbers:
        if sign != "%" or half > Decimal("0.05"):
            continue
        for part, _h, a, s in numbers:
            for whole, _k, b, t in numbers:
                if len({at, a, b}) < 3 or whole <= 0 or own not in {at, a, b} or "%" in s + t:
                    continue
                if any(abs(x - rate) <= half for x in (part / whole * 100, abs(part - whole) / whole * 100)):
                    return True
    return False


def targets(report: Report) -> dict[str, list[Target]]:
    """All figures by group."""
    found: defaultdict[str, list[Target]] = defaultdict(list)
    for one in (*table_targets(report), *prose_targets(report)):
        found[one.group].append(one)
    return dict(found)
