"""Shares of one whole in tables: counts beside percentages (`survey` where answers are counted, else `percent-of`).

The whole need not be printed or be the sum (several answers may be allowed): it is what most of the rows agree on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from itertools import pairwise, permutations

from grading.checks.columns import SUBTOTAL, TOTAL
from grading.checks.derived import Line, lines_of
from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message, one_digit_apart
from grading.facts.answers import OPINION
from grading.facts.figures import Figure, plain
from grading.reading.document import Table
from grading.reading.splicing import is_number, squeeze

SHARE = re.compile(r"占比|比例|比重|百分比|比率|占|%|％")
WHOLE = re.compile(r"合计|总计|总数|共计|有效填写|填写人次|样本|有效份数|有效问卷|小计$|总人数|总量")
ANSWERED = re.compile(r"填写|选项|问卷|满意|答案|样本|份数|作答|选择")
NOT_COUNTED = re.compile(r"率$|得分|分值|权重|序号|单价|标准")
OPINIONS = re.compile(r"问卷|满意|受访")
FEWEST = 3
LABELS = 4
LOOSE = Decimal("0.0005")
BESIDE = re.compile(r"^[）)]?[，,、（(]?[^，,。；;\d]{0,8}(?:占比?|比例)[^，,。；;\d]{0,10}$")


@dataclass(frozen=True)
class Row:
    """A count or amount with the share printed for it, and the range in which the whole must lie."""

    part: Figure
    share: Figure
    low: Decimal
    high: Decimal


def row_of(part: Figure, share: Figure) -> Row | None:
    """The pair with its range; None where it says nothing."""
    if part.value <= 0 or share.value - share.half <= 0:
        return None
    low = (part.value - part.half * (part.decimals > 0)) / (share.value + share.half + LOOSE) * 100
    high = (
        (part.value + part.half * (part.decimals > 0)) / (share.value - share.half - LOOSE) * 100
        if share.value > share.half + LOOSE
        else low * 2
    )
    return Row(part, share, low, high)


def agreed(rows: Sequence[Row], known: Sequence[Decimal]) -> tuple[Decimal, list[Row]]:
    """The whole on which most rows agree, a printed or added one where it does as well, and the rows that fit it."""
    if all(row.part.decimals == 0 and row.part.kind != "amount" for row in rows):
        places = [*known, *(row.low.to_integral_value(ROUND_CEILING) for row in rows)]
    else:
        places = [*known, *(row.low for row in rows), *((row.low + row.high) / 2 for row in rows)]
    return max(
        ((place, [row for row in rows if row.low <= place <= row.high]) for place in places),
        key=lambda pair: len(pair[1]),
        default=(Decimal(0), []),
    )


@check("percent-of", severity=Severity.ERROR)
def shares_of_a_whole(context: Context) -> Iterator[Finding]:
    """B5 and Q1 in tables: see the module."""
    scored = {item.table.index for item in context.facts.tables}
    for table in context.facts.report.tables:
        if table.index in scored or len(table.rows) < FEWEST:
            continue
        for lines, turned in lines_of(context, table):
            shares = [line for line in lines if line.percent and SHARE.search(line.title)]
            if not shares and not turned:
                shares = [line for line in lines if line.percent and all(f.unit == "%" for f in line.figures.values())]
            for share in shares:
                parts = [line for line in lines if not line.percent and not NOT_COUNTED.search(line.title)]
                yield from _against(context, table, share, parts, turned=turned)


@check("percent-of", severity=Severity.ERROR)
def shares_in_sentences(context: Context) -> Iterator[Finding]:
    """B5 in a sentence that lists amounts, each with its share of one whole that need not stand there."""
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body" or "占" not in paragraph.text:
            continue
        text, figures = plain(paragraph.text), context.facts.by_paragraph.get(paragraph.index, [])
        listed: defaultdict[str, list[Row]] = defaultdict(list)
        for part, share in pairwise(figures):
            if share.kind != "percent" or share.decimals < 1 or part.kind not in {"amount", "count"}:
                continue
            between = text[part.end : share.start]
            if BESIDE.match(between) and (row := row_of(part, share)):
                listed[part.unit].append(row)
        for rows in listed.values():
            base, good = agreed(rows, [])
            bad = [row for row in rows if row not in good]
            if len(good) < FEWEST - 1 or len(bad) != 1 or (len(good) < FEWEST and good[0].share.decimals < FEWEST - 1):
                for row in good if len(good) >= FEWEST else []:
                    context.use(row.part, row.share)
                continue
            row = bad[0]
            expected = (row.part.value / base * 100).quantize(Decimal(1).scaleb(-row.share.decimals), ROUND_HALF_UP)
            words = (f"{row.part.text}÷{_plain(base)}{row.part.unit}", f"{expected}%")
            code = "survey" if OPINIONS.search(text) else "percent-of"
            yield _finding(context, (code, len(good)), row.share, (row.part,), words)


def _labels(table: Table, *, turned: bool) -> list[str]:
    """The words beside each place of a line."""
    if turned:
        return [squeeze(cell.text) if cell else "" for cell in table.grid[0]]
    return [
        "".join(dict.fromkeys(squeeze(cell.text) for cell in row[:LABELS] if cell and not is_number(cell.text)))
        for row in table.grid
    ]


def _against(context: Context, table: Table, share: Line, parts: Sequence[Line], *, turned: bool) -> Iterator[Finding]:
    labels = _labels(table, turned=turned)
    opinions = sum(bool(OPINION.match(label)) for label in labels) >= FEWEST
    wholes = [place for place, label in enumerate(labels) if _is_whole(label)]
    best: list[Block] = []
    for line in parts:
        found = [
            block
            for places in (_blocks(line, wholes) if len(wholes) > 1 else [list(line.figures)])
            if (block := _block(line, share, places, wholes)) is not None
        ]
        if sum(len(block.good) for block in found) > sum(len(block.good) for block in best):
            best = found
    support = sum(len(block.good) for block in best)
    if _of_own_rows(share, parts) >= max(FEWEST, support):
        return  # a rate of two columns, which `grading.checks.derived` works out; some bases only happen to be equal
    survey = bool(ANSWERED.search("".join(labels) + share.title))
    for block in best:
        few = len(block.good) < FEWEST - 1 or (len(block.good) < FEWEST and block.whole is None)
        if few or len(block.bad) > max(1, len(block.good) // 3):
            continue
        yield from _told(context, block, "survey" if survey else "percent-of", opinions=opinions, support=support)


def _of_own_rows(share: Line, parts: Sequence[Line]) -> int:
    """How many shares are one column over another in their own row, for the two columns that fit best."""

    def fits(part: Line, base: Line) -> int:
        both = share.figures.keys() & part.figures.keys() & base.figures.keys()
        rows = ((row_of(part.figures[place], share.figures[place]), base.figures[place].value) for place in both)
        return sum(row is not None and row.low <= value <= row.high for row, value in rows)

    return max((fits(part, base) for part, base in permutations(parts, 2)), default=0)


@dataclass(frozen=True)
class Block:
    """The rows that share one whole: the whole printed for them, the one on which they agree, who fits and who not.

    `hundred` is the share printed beside the whole, `rows` how many parts there are, `added` their sum.
    """

    whole: Figure | None
    hundred: Figure | None
    rows: int
    added: Decimal
    base: Decimal
    good: list[Row]
    bad: list[Row]


def _is_whole(label: str) -> bool:
    return bool(WHOLE.search(label) or TOTAL.match(label) or SUBTOTAL.search(label))


def _blocks(line: Line, wholes: Sequence[int]) -> list[list[int]]:
    """The places of a line up to each of its totals, and all of them together."""
    found: list[list[int]] = [[]]
    for place in sorted(line.figures):
        found[-1].append(place)
        if place in wholes:
            found.append([])
    return [places for places in found if len(places) > FEWEST - 1]


def _block(line: Line, share: Line, places: Sequence[int], wholes: Sequence[int]) -> Block | None:
    totals = [place for place in places if place in wholes]
    single = [place for place in places if place not in totals]
    rows = [row for p in single if p in share.figures and (row := row_of(line.figures[p], share.figures[p]))]
    if len(rows) < FEWEST - bool(totals):
        return None
    whole = line.figures[totals[-1]] if totals else None
    added = sum((line.figures[place].value for place in single), Decimal(0))
    base, good = agreed(rows, [*([whole.value] if whole else []), added])
    hundred = share.figures.get(totals[-1]) if totals else None
    return Block(whole, hundred, len(single), added, base, good, [row for row in rows if row not in good])


def _told(context: Context, block: Block, code: str, *, opinions: bool, support: int) -> Iterator[Finding]:
    for row in block.good:
        context.use(row.part, row.share)
    for row in block.bad if not opinions else []:  # those are told by `grading.checks.satisfaction`
        exact = row.part.value / block.base * 100
        expected = exact.quantize(Decimal(1).scaleb(-row.share.decimals), ROUND_HALF_UP)
        words = (f"{row.part.text}÷{_plain(block.base)}", f"{expected}%")
        yield _finding(context, (code, support), row.share, (row.part,), words)
    if block.hundred is not None and not block.bad:
        shares = [row.share for row in block.good]
        added = sum((one.value for one in shares), Decimal(0))
        loose = sum((one.half for one in shares), block.hundred.half)
        if len(shares) == block.rows and abs(added - Decimal(100)) <= loose < abs(block.hundred.value - added):
            words = (
                "＋".join(one.text for one in shares[:LABELS]) + ("＋…" if len(shares) > LABELS else ""),
                f"{added}%",
            )
            yield _finding(context, (code, support), block.hundred, shares[:LABELS], words)
    if block.whole is not None and len(block.good) >= FEWEST and not block.bad and block.added != block.whole.value:
        low, high = max(row.low for row in block.good), min(row.high for row in block.good)
        if not low <= block.whole.value <= high:
            first = block.good[0]
            words = (f"{first.part.text}÷{first.share.text}等{len(block.good)}处", _plain(block.base))
            yield _finding(context, (code, support), block.whole, (first.part, first.share), words)


def _plain(value: Decimal) -> str:
    whole = value.to_integral_value(ROUND_HALF_UP)
    return f"{whole if abs(value - whole) < Decimal('0.3') else value.quantize(Decimal('0.01'))}"


def _finding(
    context: Context, case: tuple[str, int], wrong: Figure, proof: Sequence[Figure], words: tuple[str, str]
) -> Finding:
    """The finding; `case` is its class and how many figures agree, `words` how the right figure is worked out."""
    (code, agree), (sum_of, right) = case, words
    context.use(wrong, *proof)
    stated = Decimal(right.rstrip("%"))
    return Finding(
        code,
        Severity.ERROR,
        message(
            f"此处写为{wrong.text}，而{sum_of}得{right}（其余{agree}处相符），请核对。",
            f"Stated as {wrong.text}, but {sum_of} gives {right} ({agree} others fit). Please check.",
        ),
        (evidence(wrong), *(evidence(one) for one in proof)),
        wrong.text,
        right,
        {
            **distance(wrong.value, stated, wrong.half),
            "confidence": 0.93,
            "table": float(wrong.place.table is not None),
            "parts": 2.0,
            "slip": float(one_digit_apart(wrong.value, stated, wrong.decimals)),
            "agree": float(agree),
            "repeats": float(context.facts.seen[wrong.value] - 1),
            "expected_seen": float(context.facts.seen[stated]),
        },
    )
