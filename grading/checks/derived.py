"""Lines of a table that are worked out from other lines, found by trying (`percent-of`, `growth-rate` and the sums).

Headings differ from author to author, arithmetic does not: where a line of a table (a column or a row) is a rate, a
share, a growth, a difference, a sum or a product of others at most of its places, the place where it is not is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations, permutations

from grading.checks.columns import COUNT, MONEY, figure_at, kinds_of_rows
from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message, one_digit_apart, show
from grading.facts.figures import FACTORS, Figure
from grading.reading.document import Table
from grading.reading.splicing import squeeze

RATE = re.compile(r"率|占比|比例|比重|百分比|进度|完成度|%|％")
GROWTH = re.compile(r"增长|增幅|降幅|增减|变动|变化|上升|下降|同比|环比|偏差|差异")
EXECUTION = re.compile(r"执行率|支出率|预算执行")
RESULT = re.compile(r"合计|小计|总计|总额|总数|结余|结转|剩余|差|余额|净|未|金额|总价|小计|得分|加权|增加|减少")
RATED = re.compile(r"得分率|权重|分值|标准分")
IDLE = re.compile(r"序号|编号|年份|年度$|^年$|日期|时间|电话|文号|页码")
HUNDRED = Decimal(100)
WIDEST = 14  # lines of figures; more are lists of another kind
FEWEST = 2
SLACK = Decimal("1.02")
ADDING = frozenset({"sum", "difference", "product"})


@dataclass(frozen=True)
class Line:
    """One column, or one row of a table set on its side: its heading and its figures by place."""

    number: int
    title: str
    figures: Mapping[int, Figure]

    @property
    def percent(self) -> bool:
        """Whether it holds percentages."""
        marked = sum(one.unit == "%" for one in self.figures.values())
        return 2 * marked > len(self.figures) or (not marked and bool(RATE.search(self.title)))


@dataclass(frozen=True)
class Relation:
    """One way to work a line out; `sources` are the lines it uses, `sign` how it is written."""

    name: str
    sources: tuple[Line, ...]
    work: Callable[[Sequence[Decimal]], Decimal | None]
    written: str


@dataclass
class Trial:
    """How a relation does over the places of a line: places where it holds and tells something, and those where not."""

    relation: Relation
    good: list[int]
    bad: list[tuple[int, Decimal, tuple[Figure, ...]]]


def _ratio(values: Sequence[Decimal]) -> Decimal | None:
    return values[0] / values[1] * HUNDRED if values[1] > 0 else None


def _change(values: Sequence[Decimal]) -> Decimal | None:
    return (values[0] - values[1]) / values[1] * HUNDRED if values[1] > 0 else None


def _fall(values: Sequence[Decimal]) -> Decimal | None:
    return (values[1] - values[0]) / values[1] * HUNDRED if values[1] > 0 else None


def _difference(values: Sequence[Decimal]) -> Decimal | None:
    return values[0] - sum(values[1:], Decimal(0))


def _sum(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0))


def _product(values: Sequence[Decimal]) -> Decimal | None:
    return values[0] * values[1]


def relations(line: Line, others: Sequence[Line]) -> Iterator[Relation]:
    """Every way in which a line might be worked out from others."""
    if line.percent:
        amounts = [one for one in others if not one.percent]
        for pair in permutations(amounts, 2):
            yield Relation("rate", pair, _ratio, "÷")
            if GROWTH.search(line.title):
                yield Relation("growth", pair, _change, "↑")
                yield Relation("growth", pair, _fall, "↓")
        return
    amounts = [one for one in others if not one.percent]
    for pair in permutations(amounts, 2):
        yield Relation("difference", pair, _difference, "－")
    for pair in combinations(amounts, 2):
        yield Relation("sum", pair, _sum, "＋")
        yield Relation("product", pair, _product, "×")
    right = [one for one in amounts if one.number > line.number]
    left = [one for one in amounts if one.number < line.number]
    for side in (right, left[::-1]):
        for count in range(3, len(side) + 1):
            yield Relation("sum", tuple(side[:count]), _sum, "＋")


def tolerance(result: Figure, sources: Sequence[Figure], name: str, expected: Decimal) -> Decimal:
    """What the printed precision leaves open."""
    if name in {"sum", "difference"}:
        return max(one.half for one in (result, *sources))
    if name == "product":
        return result.half + abs(expected) * sum(
            (one.half / max(one.value, one.half) for one in sources if one.decimals), Decimal(0)
        )
    loose = sum((one.half / max(one.value, one.half) for one in sources if one.decimals), Decimal(0))
    return result.half * SLACK + abs(expected) * loose


def tells(relation: Relation, result: Figure, sources: Sequence[Figure]) -> bool:
    """Whether a place that fits says anything: nothing does where figures are nought or alike."""
    if relation.name in {"rate", "growth"}:
        return 0 < result.value != HUNDRED and all(one.value for one in sources)
    return (
        bool(result.value)
        and sum(bool(one.value) for one in sources) > 1
        and sources[0].value != 1 != sources[-1].value
    )


def try_out(line: Line, relation: Relation) -> Trial:
    """A relation over all places of a line."""
    trial = Trial(relation, [], [])
    for place, result in line.figures.items():
        sources = [one.figures.get(place) for one in relation.sources]
        known = [one for one in sources if one is not None]
        if len(known) < len(sources) and (relation.name != "sum" or len(known) < FEWEST):
            continue
        if relation.name in ADDING and any(one.unit == "%" for one in (result, *known)):
            continue
        expected = relation.work([one.value for one in known])
        if expected is None:
            continue
        if abs(expected - result.value) <= tolerance(result, known, relation.name, expected):
            if tells(relation, result, known):
                trial.good.append(place)
        else:
            trial.bad.append((place, expected, tuple(known)))
            if len(trial.bad) > FEWEST + len(line.figures) // 4:
                break
    return trial


def lines_of(context: Context, table: Table) -> list[tuple[list[Line], bool]]:
    """The lines of figures of a table: its columns, and, where it is no taller than wide, its rows (True)."""
    known: list[tuple[list[Line], bool]] | None = context.memory.get(("lines", table.index))
    if known is None:
        known = list(_lines_of(table))
        context.memory["lines", table.index] = known
    return known


def _lines_of(table: Table) -> Iterator[tuple[list[Line], bool]]:
    heads = [row for row, kind in enumerate(kinds_of_rows(table)[:3]) if kind == "head"]
    columns = []
    for number in range(table.width):
        title = "".join(dict.fromkeys(squeeze(cell.text) for row in heads if (cell := table.grid[row][number])))
        figures = _figures(table, [(row, number) for row in range(len(table.rows))], axis=0)
        if len(figures) >= FEWEST and not IDLE.search(title):
            columns.append(Line(number, title, figures))
    yield columns, False
    if len(table.rows) <= max(8, table.width):
        rows = []
        meant = {line.number for line in columns if not line.percent}
        for number in range(len(table.rows)):
            cell = table.grid[number][0]
            title = squeeze(cell.text) if cell else ""
            figures = _figures(table, [(number, column) for column in sorted(meant)], axis=1)
            if len(figures) >= FEWEST and not IDLE.search(title) and number not in heads:
                rows.append(Line(number, title, figures))
        yield rows, True


def _figures(table: Table, places: Sequence[tuple[int, int]], axis: int) -> dict[int, Figure]:
    found = {}
    for place in places:
        figure = figure_at(table, *place)
        if isinstance(figure, Figure):
            found[place[axis]] = figure
    return found


@check("percent-of", severity=Severity.ERROR)
def worked_out(context: Context) -> Iterator[Finding]:
    """B5, B6 and B2 in tables: see the module."""
    scored = {item.table.index for item in context.facts.tables}
    for table in context.facts.report.tables:
        if table.index in scored or len(table.rows) < FEWEST or table.width < FEWEST:
            continue
        told: set[tuple[int, int]] = set()
        for lines, turned in lines_of(context, table):
            if not FEWEST < len(lines) + 1 <= WIDEST + 1:
                continue
            for line in lines:
                for finding, place in _misfits(
                    context, table, line, [one for one in lines if one is not line], turned=turned
                ):
                    if place not in told:
                        told.add(place)
                        yield finding


def _misfits(
    context: Context, table: Table, line: Line, others: Sequence[Line], *, turned: bool
) -> Iterator[tuple[Finding, tuple[int, int]]]:
    """The places at which a line departs from the relation that holds elsewhere."""
    if RATED.search(line.title) or (EXECUTION.search(line.title) and not turned):
        return  # score tables and execution rates have checks of their own
    best: Trial | None = None
    for relation in relations(line, others):
        trial = try_out(line, relation)
        if not trial.bad:
            if len(trial.good) >= FEWEST:
                note = context.hold if relation.name in ADDING else context.use
                for place in trial.good:
                    note(line.figures[place], *(source.figures.get(place) for source in relation.sources))
                return
            continue
        if best is None or (len(trial.good), -len(trial.bad)) > (len(best.good), -len(best.bad)):
            best = trial
    if best is None or not _holds(best, line):
        return
    for place, expected, sources in best.bad:
        result = line.figures[place]
        slip = _is_slip(best.relation, result, sources, expected)
        if not slip and len(best.good) < 3 * len(best.bad):
            continue
        at = (place, line.number) if turned else (line.number, place)
        yield _finding(context, table, line, best, (result, sources, expected), slip=slip), at


def _holds(trial: Trial, line: Line) -> bool:
    """Whether a relation holds at so many places that the rest are slips."""
    good, bad = len(trial.good), len(trial.bad)
    hinted = bool(RATE.search(line.title)) if line.percent else bool(RESULT.search(line.title))
    enough = FEWEST if hinted else FEWEST + 1
    return good >= enough and bad <= max(1, good // 4)


def _is_slip(relation: Relation, result: Figure, sources: Sequence[Figure], expected: Decimal) -> bool:
    """Whether one wrong digit in the result or a source explains the gap."""
    decimals = result.decimals
    if one_digit_apart(result.value, _rounded(expected, decimals), decimals):
        return True
    for number, source in enumerate(sources):
        for other in variants(source):
            values = [other if place == number else one.value for place, one in enumerate(sources)]
            value = relation.work(values)
            if value is not None and abs(value - result.value) <= tolerance(result, sources, relation.name, value):
                return True
    return False


def variants(figure: Figure) -> Iterator[Decimal]:
    """The figure with each of its digits changed to each other one."""
    printed = f"{figure.value:.{figure.decimals}f}"
    for place, char in enumerate(printed):
        if char.isdigit():
            for digit in "0123456789":
                if digit != char and not (digit == "0" and place == 0 and len(printed) > 1):
                    yield Decimal(printed[:place] + digit + printed[place + 1 :])


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def code_of(table: Table, line: Line, relation: Relation) -> str:
    """The class of finding for a line that is worked out so."""
    if relation.name == "growth":
        return "growth-rate"
    if relation.name == "rate":
        return "execution-rate" if EXECUTION.search(line.title) else "percent-of"
    head = "".join(cell.text for row in table.rows[:2] for cell in row.cells)
    counted = COUNT.search(line.title) and "元" not in line.title
    money = table.unit in FACTORS or "元" in head + table.caption or MONEY.search(line.title)
    return "money-sum" if money and not counted else "count-sum"


def _finding(
    context: Context,
    table: Table,
    line: Line,
    trial: Trial,
    case: tuple[Figure, Sequence[Figure], Decimal],
    *,
    slip: bool,
) -> Finding:
    result, sources, expected = case
    context.use(result, *sources)
    sign = {"↑": "→", "↓": "→"}.get(trial.relation.written, trial.relation.written)
    right = show(expected, max(result.decimals, 2 if line.percent else 0)) + ("%" if line.percent else "")
    sum_of = sign.join(one.text.replace("\n", "") for one in sources[:8])
    name = line.title or "该列"
    return Finding(
        code_of(table, line, trial.relation),
        Severity.ERROR,
        message(
            f"表中“{name}”写为{result.text}，而{sum_of}得{right}（其余{len(trial.good)}处相符），请核对。",
            f"{name} is stated as {result.text}, but {sum_of} gives {right} ({len(trial.good)} others "
            "fit). Please check.",
        ),
        (evidence(result), *(evidence(one) for one in sources[:4])),
        result.text,
        right,
        {
            **distance(result.value, expected, tolerance(result, sources, trial.relation.name, expected)),
            "confidence": 0.95 if slip else 0.85,
            "table": 1.0,
            "parts": float(len(sources)),
            "agree": float(len(trial.good)),
            "slip": float(slip),
            "repeats": float(context.facts.seen[result.value] - 1),
            "expected_seen": float(context.facts.seen[_rounded(expected, result.decimals)]),
        },
    )
