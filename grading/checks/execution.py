"""Stated execution rates against spending and budget (`execution-rate`), in sentences and in tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message, show
from grading.facts.columns import titles_at
from grading.facts.figures import Figure, Place, number_in_cell
from grading.facts.funds import BASES, NAMED, Fund, Rate, funds_in, rates_in
from grading.reading.document import Table
from grading.reading.splicing import is_number, squeeze

RATE_TITLE = re.compile(r"执行率|支出率|支出进度|预算执行(?:\(%\)|（%）|情况)?$")
BASE_TITLE = re.compile(r"预算|到位|下达|安排|批复|指标金额|计划(?:金额|投入|资金)|拨付")
SPENT_TITLE = re.compile(r"支出|执行(?:数|金额|额)|使用|支付|决算|完成投资|列支")
OVERALL = re.compile(
    r"(?:^|[的则其即得计算年为]|项目|资金|总体|整体|全年|综合|本年|年度|财政|专项)(?:资金|项目|的)*(?:年初|调整后)?预算执行率$"
)
NOT_MONEY = re.compile(r"率|占比|比重|比例|结余|结转|差|得分|分值|说明|备注|原因")
HEAD = re.compile(r"指标|分值|得分|目标|完成值|权重|名称|内容|预算|支出|执行")
HEADS = 3
LONGEST_HEAD = 16
PREFERRED = ("funded", "adjusted", "budget", "initial", "paid")


def tolerance(rate: Figure, spent: Figure, base: Figure) -> Decimal:
    """Half a unit of the rate, widened by what the printed precision of the amounts leaves open."""
    ratio = spent.yuan / base.yuan * 100
    loose = spent.half * spent.factor / max(spent.yuan, Decimal(1)) + base.half * base.factor / base.yuan
    return rate.half + ratio * loose


def fits(rate: Figure, spent: Figure, base: Figure) -> bool:
    """Whether spent ÷ base gives the rate."""
    if base.yuan <= 0:
        return False
    return abs(rate.value - spent.yuan / base.yuan * 100) <= tolerance(rate, spent, base)


def any_fits(context: Context, rate: Figure, spents: Iterable[Figure], bases: Iterable[Figure]) -> bool:
    """Whether some pair gives the rate; that pair then counts as checked."""
    bases = list(bases)
    for spent in spents:
        for base in bases:
            if fits(rate, spent, base):
                context.use(rate, spent, base)
                return True
    return False


@check("execution-rate", severity=Severity.ERROR)
def execution_rate(context: Context) -> Iterator[Finding]:
    """B1: spent ÷ budget that differs from the stated execution rate.

    The kind of budget is the one named; where none is named, funds in place (R-PERF-04), and the check is silent
    if another
    base that the report states fits.
    """
    facts = context.facts
    funds = {
        p.index: funds_in(p, facts.by_paragraph.get(p.index, [])) for p in facts.report.paragraphs if p.origin == "body"
    }
    everything = [fund for own in funds.values() for fund in own]
    for paragraph in facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        for rate in rates_in(paragraph):
            yield from in_sentence(context, rate, funds[paragraph.index], everything)
    for table in facts.report.tables:
        yield from in_table(context, table)


def in_sentence(context: Context, rate: Rate, own: Sequence[Fund], everything: Sequence[Fund]) -> Iterator[Finding]:
    """One stated rate against the amounts of its sentence, else of its paragraph and the report."""
    start, end = rate.sentence
    near = [fund for fund in own if start <= fund.figure.start < end]
    spents = [f.figure for f in near if f.role == "spent"] or [f.figure for f in near if f.role == "paid"]
    bases = [f for f in near if f.role in BASES and f.figure not in spents]
    stated = rate.figure
    if spents and bases:
        yield from complete(context, stated, spents, bases, everything)
        return
    all_spents = [f.figure for f in everything if f.role in {"spent", "paid"}]
    all_bases = [f for f in everything if f.role in BASES]
    if bases:
        any_fits(context, stated, all_spents, [b.figure for b in bases])
        return
    if rate.named:
        all_bases = [b for b in all_bases if b.role == rate.named] or all_bases
    if not OVERALL.search(rate.label) or any_fits(context, stated, spents or all_spents, [b.figure for b in all_bases]):
        return
    earlier = [f.figure for f in own if f.figure.start < start and f.role == "spent"]
    spent = usual(spents) or usual(earlier) or usual([f.figure for f in everything if f.role == "spent"])
    values = {base.figure.yuan for base in all_bases}
    if spent is None or not values or len(values) > 4:
        return
    base = preferred(all_bases)
    if spent.yuan <= base.yuan * 3:
        sure = 0.95 if rate.named and (spents or earlier) else 0.85 if spents or earlier else 0.7
        yield finding(context, stated, spent, base, confidence=sure, agree=0)


def complete(
    context: Context, stated: Figure, spents: Sequence[Figure], bases: Sequence[Fund], everything: Sequence[Fund]
) -> Iterator[Finding]:
    """A sentence that itself holds spending and budget: a kind of budget that it names counts, and no other."""
    if any_fits(context, stated, spents, [b.figure for b in bases]):
        return
    named = [b for b in bases if b.role in NAMED]
    if not named and any_fits(context, stated, spents, [f.figure for f in everything if f.role in BASES]):
        return
    base = preferred(named or bases)
    before = [s for s in spents if s.start < stated.start] or list(spents)
    if before[-1].yuan <= base.yuan * 3:
        yield finding(context, stated, before[-1], base, confidence=0.95 if len(bases) == 1 else 0.8, agree=0)


def usual(spents: Sequence[Figure]) -> Figure | None:
    """The spending that a text means by 支出: the only value, or the one that stands most often.

    None where that is open.
    """
    counts = Counter(figure.yuan for figure in spents)
    if not counts or (len(counts) > 1 and counts.most_common(2)[0][1] == counts.most_common(2)[1][1]):
        return None
    return next(figure for figure in spents if figure.yuan == counts.most_common(1)[0][0])


def preferred(funds: Sequence[Fund]) -> Figure:
    """The base that the law looks at first: funds in place, then the adjusted budget."""
    return next(f.figure for role in PREFERRED for f in reversed(funds) if f.role == role)


def in_table(context: Context, table: Table) -> Iterator[Finding]:
    """Rows that hold spending, budget and rate.

    A table in which no row fits is taken as misread, and nothing is said.
    """
    grid = table.grid
    number = 0
    while number < len(grid) - 1:
        titles, first = titles_at(grid, number)
        rate_columns = [c for c, title in enumerate(titles) if RATE_TITLE.search(title)]
        money = [(c, title) for c, title in enumerate(titles) if not NOT_MONEY.search(title)]
        bases = [
            c
            for c, title in money
            if BASE_TITLE.search(title) and not SPENT_TITLE.search(re.sub("支出(?:内容|项目|方向)", "", title))
        ]
        spents = [
            c
            for c, title in money
            if SPENT_TITLE.search(re.sub("支出(?:内容|项目|方向)", "", title)) and c not in bases
        ]
        if len(rate_columns) != 1 or not bases or not spents:
            number += 1
            continue
        good = 0
        bad: list[tuple[Figure, Figure, Figure]] = []
        for row in range(first, _next_head(table, first)):
            rate = cell_figure(table, row, rate_columns[0], "%")
            spent = [f for c in spents if (f := cell_figure(table, row, c)) and f.unit != "%"]
            base = [f for c in bases if (f := cell_figure(table, row, c)) and f.unit != "%"]
            if rate is None or not spent or not base or not any(b.value > 0 for b in base):
                continue
            if rate.value <= 1 and "%" not in rate.text and rate.decimals >= 2:
                rate = Figure(rate.value * 100, "%", "percent", rate.decimals - 2, rate.text, rate.place)
            if any_fits(context, rate, spent, base):
                good += 1
            else:
                bad.append((rate, spent[-1], next(b for b in reversed(base) if b.value > 0)))
        if good >= len(bad) or (len(bad) == 1 and good == 0):
            for rate, one, other in bad:
                yield finding(context, rate, one, other, confidence=0.95 if good else 0.7, agree=good)
        number = len(grid)


def _next_head(table: Table, first: int) -> int:
    """The row at which a table begins anew under other headings, as forms do; its end where it does not."""
    for row in range(first + 1, len(table.grid)):
        titles = [squeeze(cell.text) for cell in dict.fromkeys(table.grid[row]) if cell and cell.text.strip()]
        words = all(len(title) <= LONGEST_HEAD and not is_number(title) for title in titles)
        if words and sum(bool(HEAD.search(title)) for title in titles) >= HEADS:
            return row
    return len(table.grid)


def cell_figure(table: Table, row: int, column: int, unit: str = "") -> Figure | None:
    """The figure of one cell."""
    cell = table.grid[row][column]
    if cell is None or (row and cell is table.grid[row - 1][column]):
        return None
    place = Place(table.rows[cell.row].page, None, table.index, cell.row, cell.column)
    return number_in_cell(cell.text, place, unit)


def finding(context: Context, rate: Figure, spent: Figure, base: Figure, *, confidence: float, agree: int) -> Finding:
    """The finding that a rate is not spent ÷ base."""
    context.use(rate, spent, base)
    expected = spent.yuan / base.yuan * 100
    right = show(expected, max(rate.decimals, 2)) + "%"
    return Finding(
        "execution-rate",
        Severity.ERROR,
        message(
            f"执行率写为{rate.value}%，而{spent.text}÷{base.text}＝{right}，请核对口径和数字。",
            f"The execution rate is stated as {rate.value}%, but {spent.text} ÷ {base.text} = {right}. Please check "
            "base and "
            "figures.",
        ),
        (evidence(rate), evidence(spent), evidence(base)),
        f"{rate.value}%",
        right,
        {
            **distance(rate.value, expected, tolerance(rate, spent, base)),
            "truncated": float(0 <= expected - rate.value < 2 * rate.half),
            "confidence": confidence,
            "table": float(rate.place.table is not None),
            "agree": float(agree),
            "parts": 2.0,
            "repeats": float(context.facts.seen[rate.value] - 1),
            "expected_seen": float(context.facts.seen[expected.quantize(Decimal("0.01"))]),
        },
    )
