"""Figures that a text repeats from a table beside it, and phrases that come again with another one (`fact-conflict`).

A sentence that lists a table's figures lists all of them: one that stands in no cell, and differs as a slip of typing
does from a cell that no other figure of the sentence claims, is one of the two. A phrase that stands again and again
with the same figure (108份调查问卷中) is likewise wrong where it stands with another one slip away.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grading.checks.columns import figure_at
from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message, one_digit_apart
from grading.facts.figures import Figure, plain
from grading.reading.document import Paragraph, Table
from grading.reading.splicing import squeeze

NEAR = 3  # paragraphs between a text and the table that it describes
FEWEST = 2  # figures of the text that do stand in the table
NAMED = re.compile(r"表\s*(\d+(?:[-－.—]\s*\d+)*)")
AROUND = 6  # characters on either side that make a phrase
LONG = 24
NO_MEASURE = frozenset({"年", "月", "日", "号", "页", "条", "届", "章", "款", "项次", "分"})
SHORT = 3
OFTEN = 3
VERY_OFTEN = 5
WHOLE_LINE = 20
ENDED = re.compile(r"[。；：！？;:!?”）)]\s*$")


@dataclass(frozen=True)
class Cell:
    """A figure of a table with the words of its row."""

    figure: Figure
    label: str


def cells_of(context: Context, table: Table) -> list[Cell]:
    """The figures of a table that stand alone in their cells."""
    known: list[Cell] | None = context.memory.get(("cells", table.index))
    if known is None:
        known = []
        for row in table.rows:
            label = next((squeeze(c.text) for c in row.cells if re.search(r"[一-鿿]", c.text)), "")
            for cell in row.cells:
                figure = figure_at(table, row.index, cell.column)
                if isinstance(figure, Figure):
                    known.append(Cell(figure, label))
        context.memory["cells", table.index] = known
    return known


def telling(figure: Figure) -> bool:
    """Whether a figure is long enough to be known again."""
    return figure.unit not in NO_MEASURE and (
        digits_of(figure) >= SHORT or (figure.kind == "percent" and figure.decimals > 0)
    )


def digits_of(figure: Figure) -> int:
    """How many digits are printed."""
    return len(re.sub(r"\D", "", f"{figure.value:.{figure.decimals}f}").lstrip("0"))


def same(one: Figure, cell: Figure) -> bool:
    """Whether a figure of the text is that of the cell: alike, or the cell's in its column's unit."""
    return one.value == cell.value or (one.factor > 1 and one.yuan == cell.value)


@check("fact-conflict", severity=Severity.ERROR)
def echoed(context: Context) -> Iterator[Finding]:
    """B3 between a text and the table beside it, or the table that it names: see the module."""
    tables: defaultdict[int, list[Table]] = defaultdict(list)
    numbered: dict[str, Table] = {}
    for table in context.facts.report.tables:
        for place in range(table.after - NEAR, table.after + NEAR + 1):
            tables[place].append(table)
        named = NAMED.search(table.caption)
        if named:
            numbered[squeeze(named[1])] = table
    for passage in passages(context.facts.report.paragraphs):
        own = [
            (paragraph, one)
            for paragraph in passage
            for one in context.facts.by_paragraph.get(paragraph.index, [])
            if telling(one)
        ]
        if len(own) <= FEWEST:
            continue
        near = list(tables.get(passage[-1].index, []))
        for paragraph in passage:
            for named in NAMED.finditer(plain(paragraph.text)):
                meant = numbered.get(squeeze(named[1]))
                if meant is not None and meant not in near:
                    near.append(meant)
        figures = [one for _, one in own]
        tried = [(_matched(context, table, figures), table) for table in near]
        best = max(tried, key=lambda pair: len(pair[0]), default=None)
        if best is not None:
            yield from _left_over(context, own, best[0], best[1])


def passages(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    """Paragraphs of running text, put together where one breaks off in the middle of a sentence."""
    passage: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.origin != "body" or paragraph.level:
            continue
        broken = (
            bool(passage)
            and passage[-1].index == paragraph.index - 1
            and len(passage[-1].text) > WHOLE_LINE
            and not ENDED.search(passage[-1].text)
        )
        if passage and not broken:
            yield passage
            passage = []
        passage.append(paragraph)
    if passage:
        yield passage


def _matched(context: Context, table: Table, own: Sequence[Figure]) -> list[Figure]:
    cells = cells_of(context, table)
    return [one for one in own if any(same(one, cell.figure) for cell in cells)]


def _left_over(
    context: Context, own: Sequence[tuple[Paragraph, Figure]], matched: Sequence[Figure], table: Table
) -> Iterator[Finding]:
    kinds = {one.kind for one in matched}
    rest = [pair for pair in own if pair[1] not in matched and pair[1].kind in kinds]
    if len(matched) < FEWEST or not rest or len(rest) > max(1, len(matched) // 2):
        return
    context.use(*matched)
    cells = cells_of(context, table)
    claimed = {cell.figure.value for cell in cells if any(same(one, cell.figure) for one in matched)}
    elsewhere = context.facts.seen
    for paragraph, one in rest:
        if elsewhere[one.value] > 1 and one.kind != "percent":
            continue
        text = plain(paragraph.text)
        free = [
            cell
            for cell in cells
            if cell.figure.value not in claimed
            and (cell.figure.unit == "%") == (one.unit == "%" and _marked(cells))
            and _slip(one, cell.figure)
        ]
        named = [cell for cell in free if _says(text, one, cell.label)]
        for cell in (named or free)[:1]:
            if named or len({other.figure.value for other in free}) == 1:
                yield conflict(context, one, cell.figure, 0.93 if named else 0.9, len(matched))


def _marked(cells: Sequence[Cell]) -> bool:
    """Whether the table's percentages carry their sign."""
    return any(cell.figure.unit == "%" for cell in cells)


def _says(text: str, figure: Figure, label: str) -> bool:
    """Whether the words around a figure are those of a row."""
    bare = re.sub(r"^[A-Za-z]?\d*[.、．]?|[（(].*$|[^一-鿿].*$", "", label)
    around = text[max(0, figure.start - LONG) : figure.end + LONG]
    return len(bare) > 1 and bare in around


def _slip(one: Figure, cell: Figure) -> bool:
    value = one.value if one.value.adjusted() - cell.value.adjusted() < SHORT else one.yuan
    if abs(value - cell.value) <= max(one.half, cell.half) and one.decimals != cell.decimals:
        return False  # one is the other, rounded
    return one_digit_apart(value, cell.value, max(one.decimals if value == one.value else 0, cell.decimals))


def conflict(context: Context, one: Figure, other: Figure, sure: float, agree: int) -> Finding:
    """The finding that two figures ought to be one."""
    context.use(one, other)
    return Finding(
        "fact-conflict",
        Severity.ERROR,
        message(
            f"此处为{one.text}，而对应之处为{other.text}（其余{agree}个数字相符），请核对。",
            f"{one.text} here, but {other.text} where it belongs ({agree} other figures agree). Please check.",
        ),
        (evidence(one), evidence(other)),
        one.text,
        other.text,
        {
            **distance(one.yuan, other.yuan, one.half * one.factor),
            "confidence": sure,
            "table": float(other.place.table is not None),
            "parts": 2.0,
            "agree": float(agree),
            "slip": 1.0,
            "repeats": float(context.facts.seen[one.value] - 1),
            "expected_seen": float(context.facts.seen[other.value]),
        },
    )


@check("fact-conflict", severity=Severity.ERROR)
def phrases(context: Context) -> Iterator[Finding]:
    """B3 between two places of one phrase: the same words before or after, another figure."""
    told: set[tuple[int | None, int]] = set()
    every = Counter((one.value, one.unit) for one in context.facts.figures)
    for same_words in _slots(context).values():
        counts = Counter((one.value, one.unit) for one in same_words)
        rare = [key for key, count in counts.items() if count < SHORT]
        # Where several figures stand once in the same words, the words are those of a measure that differs.
        for one in same_words if len(counts) > 1 and len(rare) == 1 else []:
            key = (one.place.paragraph, one.start)
            if every[one.value, one.unit] > 1 or key in told:
                continue
            others = [
                other
                for other in same_words
                if counts[other.value, other.unit] >= (OFTEN if digits_of(one) > SHORT else VERY_OFTEN)
                and other.unit == one.unit
                and _near(one, other)
            ]
            if others:
                told.add(key)
                yield conflict(context, one, others[0], 0.9, counts[others[0].value, others[0].unit])


def _slots(context: Context) -> dict[tuple[str, str], list[Figure]]:
    """The figures that stand before or after the same words."""
    slots: defaultdict[tuple[str, str], list[Figure]] = defaultdict(list)
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        text = plain(paragraph.text)
        for figure in context.facts.by_paragraph.get(paragraph.index, []):
            if figure.unit in NO_MEASURE or digits_of(figure) < SHORT or figure.kind not in {"count", "amount"}:
                continue
            before = squeeze(text[max(0, figure.start - 3 * AROUND) : figure.start])[-AROUND:]
            after = squeeze(text[figure.end - len(figure.unit) : figure.end + 3 * AROUND])[:AROUND]
            if len(re.findall(r"[一-鿿]", before + after)) >= AROUND:
                slots["", after].append(figure)
                slots[before, ""].append(figure)
    return slots


def _near(one: Figure, other: Figure) -> bool:
    return one_digit_apart(one.value, other.value, max(one.decimals, other.decimals))
