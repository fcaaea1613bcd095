"""Weights that must add to 100 or to their parent's weight (`weight-sum`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, least_precise, message, show
from grading.checks.scores import mismatch, stated_children, sum_of
from grading.facts.figures import Figure
from grading.facts.rows import IndicatorTable

HUNDRED = Decimal(100)


def relative(table: IndicatorTable) -> bool:
    """Whether weights are shares within each parent (each family adds to 100 or 1).

    Where sums over families mean nothing.
    """
    families = [g for g in table.groups if g.level in {1, 2} and len(g.members) > 1]
    sums = [sum_of([table.leaves[i].weight for i in g.members]) for g in families]
    return len(sums) > 1 and all(total in {HUNDRED, Decimal(1)} for total in sums)


def finding(context: Context, stated: Figure | None, expected: Decimal, parts: Sequence[Figure], name: str) -> Finding:
    """The finding that weights do not add up; `stated` is None where the total of 100 is not printed."""
    places = max(figure.decimals for figure in parts)
    right = show(expected, places)
    aim = stated.text if stated is not None else "100"
    proof: tuple[Evidence, ...] = tuple(evidence(part) for part in parts[:3])
    if stated is not None:
        proof = (evidence(stated), *proof)
    value = stated.value if stated is not None else HUNDRED
    known = [*parts, *([stated] if stated is not None else [])]
    return Finding(
        "weight-sum",
        Severity.ERROR,
        message(
            f"“{name}”的分值（权重）应为{aim}，而各指标分值相加为{right}，请核对。",
            f"The weights of {name} should add to {aim}, but add to {right}. Please check.",
        ),
        proof,
        aim,
        right,
        {
            **distance(value, expected, least_precise(known)),
            "confidence": min(figure.confidence for figure in known),
            "table": 1.0,
            "parts": float(len(parts)),
            "repeats": float(context.facts.seen[value] - 1),
            "expected_seen": float(context.facts.seen[expected]),
        },
    )


@check("weight-sum", severity=Severity.ERROR)
def weight_sum(context: Context) -> Iterator[Finding]:
    """S3: weights of the indicators (or of a level) that do not add to 100 or to their parent's weight."""
    for table in context.facts.tables:
        if relative(table):
            continue
        broken = False
        for group in table.groups:
            parts = [table.leaves[i].weight for i in group.members]
            expected = mismatch(context, group.weight, parts)
            if expected is not None and group.weight is not None:
                broken = True
                yield finding(context, group.weight, expected, [p for p in parts if p], group.name)
        total = table.total.weight if table.total is not None else None
        parts = stated_children(table, "weight")
        expected = mismatch(context, total, parts)
        known = [part for part in parts if part is not None]
        if expected is not None and total is not None:
            yield finding(context, total, expected, known, "合计")
        elif total is None and not broken and table is context.facts.main and len(known) == len(parts) > 5:
            yield from hundred(context, table, known)
    main = context.facts.main
    if main is not None and all(table is not main for table in context.facts.tables):
        weights = [leaf.weight for leaf in main.leaves if leaf.weight]
        if len(weights) == len(main.leaves):
            yield from hundred(context, main, weights)


def hundred(context: Context, table: IndicatorTable, parts: Sequence[Figure]) -> Iterator[Finding]:
    """A whole score table without a printed total must add to 100 (to 1 where weights are fractions)."""
    expected = sum((part.value for part in parts), Decimal(0))
    context.use(*parts)
    aim = Decimal(1) if expected < 2 else HUNDRED
    # Far from the aim the table is a part of the system, or one with bonus points; then nothing is said.
    near = abs(expected - aim) <= aim / 5
    if (
        near
        and abs(expected - aim) > least_precise(parts)
        and len({leaf.level1 for leaf in table.leaves}) > 2
        and aim == HUNDRED
    ):
        yield finding(context, None, expected, parts, "全部指标")
