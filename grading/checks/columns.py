"""Total and subtotal rows of tables against the rows they sum (`money-sum` for amounts, `count-sum` for counts)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from grading.checks.finding import Finding, Severity
from grading.checks.money import repaired
from grading.checks.registry import Context, check, distance, evidence, message, show
from grading.facts.figures import FACTORS, Figure, Place, number_in_cell
from grading.reading.document import Table
from grading.reading.splicing import is_number, squeeze

TOTAL = re.compile(r"^(?:合计|总计|共计|总额|资金总额|合计数|全年合计|年度合计)(?:[（(：:].*)?$")
SUBTOTAL = re.compile(r"小计$|^小计|^[一-鿿]{1,12}合计$")
WITHIN = re.compile(r"^(?:其中|#|－|—)")
SKIP = re.compile(r"率|比|单价|标准|均|序号|%|年份|年度$|编号|得分|分值|权重|满分|增长|日期|时间|电话")
MONEY = re.compile(r"元|金额|预算|支出|资金|经费|投资|补助|拨款|到位|决算|收入")
COUNT = re.compile(
    r"数量|人数|数$|（[个人户所项家份次件台套点批]|\([个人户所项家份次件台套点批]|份数|项目点|频数|学校|合格|完工"
)
NOTHING = frozenset({"", "/", "-", "—", "－", "——", "--", "无", "0", "\\"})


@dataclass
class Column:
    """One column while its total rows are checked: figures of rows since the last total or subtotal."""

    title: str
    good: int = 0
    bad: list[tuple[Figure, tuple[Figure, ...]]] = field(default_factory=list)


def label_of(table: Table, row: int) -> str:
    """The first words of a row."""
    return next(
        (squeeze(cell.text) for cell in table.grid[row] if cell and squeeze(cell.text) and not is_number(cell.text)), ""
    )


def kinds_of_rows(table: Table) -> list[str]:
    """Each row as "total", "subtotal", "within" (其中), "row", or "head" for rows without figures."""
    kinds = []
    for number, cells in enumerate(table.grid):
        labels = [squeeze(cell.text) for cell in cells[:4] if cell and not is_number(cell.text)]
        figures = any(cell and is_number(cell.text) for cell in cells)
        first = label_of(table, number)
        if not figures:
            kinds.append("head")
        elif any(TOTAL.match(label) for label in labels):
            kinds.append("total")
        elif any(SUBTOTAL.search(label) for label in labels):
            kinds.append("subtotal")
        else:
            kinds.append("within" if WITHIN.match(first) else "row")
    return kinds


def figure_at(table: Table, row: int, column: int) -> Figure | str | None:
    """The figure at a place.

    None where nothing stands there (or a cell merged down from above), the text where it is none.
    """
    cell = table.grid[row][column]
    if cell is None or (row and cell is table.grid[row - 1][column]):
        return None
    if column and cell is table.grid[row][column - 1]:
        return None
    if squeeze(cell.text) in NOTHING:
        return None
    place = Place(table.rows[cell.row].page, None, table.index, cell.row, cell.column)
    return number_in_cell(cell.text, place) or cell.text


def ways(table: Table, kinds: list[str], row: int, column: int) -> Iterator[tuple[Figure, ...] | None]:
    """The sets of rows that a total or subtotal row may lawfully sum; None where a cell among them cannot be read."""
    start = max((r + 1 for r in range(row) if kinds[r] == "total"), default=0)
    if kinds[row] == "subtotal":
        start = max([start, *(r + 1 for r in range(row) if kinds[r] == "subtotal")])
    above = [r for r in range(start, row) if kinds[r] != "head"]
    yield figures(table, [r for r in above if kinds[r] == "row"], column)
    yield figures(table, [r for r in above if kinds[r] in {"row", "within"}], column)
    if kinds[row] == "total":
        subtotals = [r for r in above if kinds[r] == "subtotal"]
        if subtotals:
            loose = [r for r in above if kinds[r] == "row" and r > subtotals[-1]]
            yield figures(table, [*subtotals, *loose], column)
            yield figures(table, subtotals, column)
        if not above:
            end = next((r for r in range(row + 1, len(kinds)) if kinds[r] == "total"), len(kinds))
            below = range(row + 1, end)
            yield figures(table, [r for r in below if kinds[r] == "row"], column)
            yield figures(table, [r for r in below if kinds[r] == "subtotal"], column)


def figures(table: Table, rows: list[int], column: int) -> tuple[Figure, ...] | None:
    """The figures of a column in these rows; None where one cannot be read."""
    found = [figure_at(table, row, column) for row in rows]
    if any(isinstance(item, str) for item in found):
        return None
    return tuple(item for item in found if isinstance(item, Figure))


@check("money-sum", severity=Severity.ERROR)
def column_sums(context: Context) -> Iterator[Finding]:
    """B2 and Q2 in tables: total rows (合计, 小计) against the rows they sum.

    A total fits if any lawful reading fits: all rows, subtotals only, rows without 其中. A column is flagged only
    where other
    totals of the same table add up, or one slip of a digit explains the gap.
    """
    indicators = {item.table.index for item in context.facts.tables}
    for table in context.facts.report.tables:
        if table.index in indicators or len(table.rows) < 3 or table.width < 2:
            continue
        kinds = kinds_of_rows(table)
        if not {"total", "subtotal"} & set(kinds):
            continue
        yield from check_table(context, table, kinds)


def read_column(context: Context, table: Table, kinds: list[str], heads: list[int], number: int) -> Column:
    """One column with its totals that add up and those that do not."""
    texts = [squeeze(cell.text) for r in heads if (cell := table.grid[r][number])]
    column = Column("".join(dict.fromkeys(texts)))
    if SKIP.search(re.sub(r"年度", "", column.title)):
        return column
    for row in (row for row, kind in enumerate(kinds) if kind in {"total", "subtotal"}):
        stated = figure_at(table, row, number)
        options = [parts for parts in ways(table, kinds, row, number) if parts and all(p.unit != "%" for p in parts)]
        if not isinstance(stated, Figure) or stated.unit == "%" or not options or max(map(len, options)) < 2:
            continue
        fitting = next((parts for parts in options if adds(stated, parts)), None)
        if fitting:
            column.good += 1
            context.hold(stated, *fitting)
        elif not merged_explains(table, row, number, stated.value - sum((p.value for p in options[0]), Decimal(0))):
            column.bad.append((stated, options[0]))
    return column


def check_table(context: Context, table: Table, kinds: list[str]) -> Iterator[Finding]:
    """One table's totals."""
    heads = [r for r in range(min(3, len(kinds))) if kinds[r] == "head"]
    columns = [read_column(context, table, kinds, heads, number) for number in range(table.width)]
    good = sum(column.good for column in columns)
    for column in columns:
        for stated, parts in column.bad:
            total = sum((part.value for part in parts), Decimal(0))
            slip = repaired(stated, parts, stated.value - total)
            near = abs(total - stated.value) <= max(f.half for f in (stated, *parts)) * (len(parts) + 1)
            few = len(column.bad) <= 1 + column.good
            if (slip or (good and few)) and not (near and stated.decimals and not slip):
                signals = {"slip": float(slip), "near": float(near), "agree": float(good)}
                yield column_finding(context, table, column.title, stated, parts, **signals)


def merged_explains(table: Table, row: int, column: int, gap: Decimal) -> bool:
    """Whether the gap vanishes once a merged cell is counted for each of the rows it covers.

    Then nothing is certain.
    """
    again = [
        figure.value * (cell.rowspan - 1)
        for above in range(row)
        if (cell := table.grid[above][column]) is not None and cell.row == above and cell.rowspan > 1
        if isinstance(figure := figure_at(table, above, column), Figure)
    ]
    return bool(again) and (gap in again or gap == sum(again, Decimal(0)))


def adds(stated: Figure, parts: tuple[Figure, ...]) -> bool:
    """Whether the parts add to the stated total within the printed precision."""
    gap = abs(sum((part.value for part in parts), Decimal(0)) - stated.value)
    return gap <= max(figure.half for figure in (stated, *parts))


def column_finding(
    context: Context, table: Table, title: str, stated: Figure, parts: tuple[Figure, ...], **signals: float
) -> Finding:
    """The finding for one total."""
    context.use(stated, *parts)
    total = sum((part.value for part in parts), Decimal(0))
    money = (
        table.unit in FACTORS
        or bool(MONEY.search(title + table.caption))
        or (stated.decimals >= 2 and not COUNT.search(title))
    )
    if COUNT.search(title) and "元" not in title:
        money = False
    right = show(total, max(figure.decimals for figure in (stated, *parts)))
    return Finding(
        "money-sum" if money else "count-sum",
        Severity.ERROR,
        message(
            f"表中“{title}”列合计写为{stated.text}，而各行相加为{right}，请核对。",
            f"The total of column {title} is stated as {stated.text}, but its rows add to {right}. Please check.",
        ),
        (evidence(stated), *(evidence(part) for part in parts[:4])),
        stated.text,
        right,
        {
            **distance(stated.value, total, max(figure.half for figure in (stated, *parts))),
            **signals,
            "above": float(total > stated.value),
            "confidence": 0.9,
            "table": 1.0,
            "parts": float(len(parts)),
            "repeats": float(context.facts.seen[stated.value] - 1),
            "expected_seen": float(context.facts.seen[total]),
        },
    )
