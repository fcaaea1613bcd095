"""Scores that must add up, fit their weights and give their rates (`score-sum`, `score-over-weight`, `score-rate`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, least_precise, message, show
from grading.facts.categories import key_of
from grading.facts.figures import Figure
from grading.facts.rows import Group, Indicator, IndicatorTable

WHOLE = 10
MOST = 4
SURE = 0.6
BONUS = re.compile(r"加分|附加|奖励分|扣分|减分")


def stated_children(table: IndicatorTable, what: str) -> list[Figure | None]:
    """The figures that the total row sums.

    Stated first-level subtotals where they cover all indicators, else the indicators'.
    """
    families = {
        tuple(g.members): g for g in table.groups if g.level == 1 and getattr(g, what) is not None and g.members
    }
    groups = list(families.values())
    covered = sorted(i for g in groups for i in g.members)
    if groups and covered == list(range(len(table.leaves))):
        return [getattr(g, what) for g in groups]
    return [getattr(leaf, what) for leaf in table.leaves]


def sum_of(parts: Sequence[Figure | None]) -> Decimal | None:
    """The sum of the parts, None where one of them is missing."""
    known = [part for part in parts if part is not None]
    return sum((part.value for part in known), Decimal(0)) if known and len(known) == len(parts) else None


def mismatch(context: Context, stated: Figure | None, parts: Sequence[Figure | None]) -> Decimal | None:
    """The sum of the parts where it differs from what is stated by more than the printed precision allows."""
    total = sum_of(parts)
    if stated is None or total is None:
        return None
    known = [part for part in parts if part is not None]
    context.use(stated, *known)
    return total if abs(total - stated.value) > least_precise([stated, *known]) else None


def sum_finding(
    context: Context, stated: Figure, expected: Decimal, parts: Sequence[Figure | None], name: str
) -> Finding:
    """The finding that a stated score is not the sum of its parts."""
    known = [part for part in parts if part is not None]
    places = max(figure.decimals for figure in (stated, *known))
    printed = " + ".join(part.text.replace("\n", "") for part in known[:12]) + (" + …" if len(known) > 12 else "")
    right = show(expected, places)
    return Finding(
        "score-sum",
        Severity.ERROR,
        message(
            f"“{name}”的得分写为{stated.text}，而各组成部分得分之和为{right}（{printed}），请核对。",
            f"The score of {name} is stated as {stated.text}, but its parts add to {right} ({printed}). Please check.",
        ),
        (evidence(stated), *(evidence(part) for part in known[:3])),
        stated.text,
        right,
        {
            **distance(stated.value, expected, least_precise([stated, *known])),
            "confidence": min(figure.confidence for figure in (stated, *known)),
            "table": float(stated.place.table is not None),
            "parts": float(len(known)),
            "repeats": float(context.facts.seen[stated.value] - 1),
            "expected_seen": float(context.facts.seen[expected]),
        },
    )


@check("score-sum", severity=Severity.ERROR)
def score_sum(context: Context) -> Iterator[Finding]:
    """S1: children's scores that do not add to their parent's, at any level, or to the headline score."""
    facts = context.facts
    wrong: set[str] = set()
    for table in facts.tables:
        for group in table.groups:
            parts = [table.leaves[i].score for i in group.members]
            expected = mismatch(context, group.score, parts)
            if expected is not None and group.score is not None:
                if table is facts.main and group.members:
                    wrong.add(key_of(table.leaves[group.members[0]].level1))
                yield sum_finding(context, group.score, expected, parts, group.name)
        if table.total is not None:
            parts = stated_children(table, "score")
            expected = mismatch(context, table.total.score, parts)
            if expected is not None and table.total.score is not None:
                yield sum_finding(context, table.total.score, expected, parts, table.total.name)
    yield from summaries(context, wrong)
    yield from headline_sum(context)


def summaries(context: Context, wrong: set[str]) -> Iterator[Finding]:
    """Categories of a summary table against the sums of the main table's indicators."""
    main = context.facts.main
    if main is None:
        return
    for table in context.facts.summaries:
        for leaf in table.leaves:
            parts = [inner.score for inner in main.leaves if key_of(inner.level1) == key_of(leaf.name)]
            if not parts or key_of(leaf.name) in wrong:
                continue
            expected = mismatch(context, leaf.score, parts)
            if expected is not None and leaf.score is not None:
                yield sum_finding(context, leaf.score, expected, parts, leaf.name)


def headline_sum(context: Context) -> Iterator[Finding]:
    """The total score in the text against the score table's total.

    Or against its indicators where it has no total row.
    """
    facts = context.facts
    main = facts.main
    if main is None:
        return
    total = main.total.score if main.total else None
    parts: list[Figure | None] = [leaf.score for leaf in main.leaves]
    complete = sum_of([leaf.weight for leaf in main.leaves]) == Decimal(100)
    others = {item.score.value for item in facts.tabled if item.score} | {
        leaf.score.value for leaf in main.leaves if leaf.score
    }
    for statement in facts.headline.statements:
        score = statement.score
        if score is None or score.place.table is not None or score.value in others:
            continue
        if total is not None and main.scored > 3:
            context.use(score, total)
            if abs(score.value - total.value) > max(score.half, total.half):
                yield sum_finding(context, score, total.value, [total], "综合得分")
        elif total is None and complete:
            expected = mismatch(context, score, parts)
            if expected is not None:
                yield sum_finding(context, score, expected, parts, "综合得分")


def rows_of(table: IndicatorTable) -> Iterator[Indicator | Group]:
    """Everything in a table that has a weight and a score of its own."""
    yield from table.leaves
    yield from table.groups
    if table.total is not None:
        yield table.total


@check("score-over-weight", severity=Severity.ERROR)
def score_over_weight(context: Context) -> Iterator[Finding]:
    """S2: a score above its weight, or below zero. Bonus and deduction rows stay silent."""
    for table in context.facts.tables:
        for row in rows_of(table):
            weight, score = row.weight, row.score
            if weight is None or score is None or weight.unit == "%" or BONUS.search(row.name):
                continue
            context.use(weight, score)
            inferred = isinstance(row, Indicator) and row.inferred
            over = score.value > weight.value
            if inferred or not (over or score.value < 0):
                continue
            limit = weight.value if over else Decimal(0)
            zh = f"超过分值{weight.text}" if over else "低于零分"
            en = f"above its weight {weight.text}" if over else "below zero"
            yield Finding(
                "score-over-weight",
                Severity.ERROR,
                message(
                    f"指标“{row.name}”得分{score.text}，{zh}，请核对。",
                    f"Indicator {row.name} scores {score.text}, {en}. Please check.",
                ),
                (evidence(score), evidence(weight)),
                score.text,
                f"≤ {weight.text}" if over else "≥ 0",
                {
                    **distance(score.value, limit, max(score.half, weight.half)),
                    "confidence": min(score.confidence, weight.confidence),
                    "table": 1.0,
                    "repeats": float(context.facts.seen[score.value] - 1),
                },
            )


@check("score-rate", severity=Severity.ERROR)
def score_rate(context: Context) -> Iterator[Finding]:
    """S4: score ÷ weight that differs from the stated score rate (得分率), in tables and sentences."""
    sources: list[list[Rated]] = [
        [(row.name, row.weight, row.score, row.rate) for row in rows_of(table) if row.weight and row.score and row.rate]
        for table in context.facts.tables
    ]
    sources += [
        [(item.name, item.weight, item.score, item.rate)]
        for item in context.facts.told
        if item.weight and item.score and item.rate
    ]
    for source in sources:
        known = [
            one for one in source if one[1].value > 0 and (one[1].place.table is None or one[1].confidence >= SURE)
        ]
        exact = sum(_rate_gap(one) <= _rate_half(one) for one in known)
        strict = exact >= MOST and len(known) - exact <= exact // MOST
        for one in known:
            context.use(*one[1:])
            yield from _rated(context, one, strict=strict)


Rated = tuple[str, Figure, Figure, Figure]


def _stated_rate(one: Rated) -> tuple[Decimal, Decimal]:
    """The stated rate in percent and half a unit of its last digit; 0.93 is read as 93 %."""
    _, weight, score, rate = one
    expected = score.value / weight.value * 100
    if rate.unit == "%" or rate.value > 1 or expected <= 1:
        return rate.value, rate.half
    return rate.value * 100, rate.half * 100


def _rate_half(one: Rated) -> Decimal:
    return _stated_rate(one)[1]


def _rate_gap(one: Rated) -> Decimal:
    _, weight, score, _rate = one
    return abs(_stated_rate(one)[0] - score.value / weight.value * 100)


def _rated(context: Context, one: Rated, *, strict: bool) -> Iterator[Finding]:
    """One rate. `strict` says that those beside it hold to the printed digit; else small scores may be rounded."""
    name, weight, score, rate = one
    expected = score.value / weight.value * 100
    stated, half = _stated_rate(one)
    # Small scores are themselves rounded from a completion rate; those of whole categories are sums of printed scores.
    tolerance = half if strict or weight.value >= WHOLE else half + score.half / weight.value * 100
    if abs(stated - expected) > tolerance:
        right = show(expected, max(rate.decimals, 2)) + "%"
        yield Finding(
            "score-rate",
            Severity.ERROR,
            message(
                f"“{name}”得分率写为{rate.text}，而{score.text}÷{weight.text}＝{right}，请核对。",
                f"The score rate of {name} is stated as {rate.text}, but {score.text} ÷ {weight.text} = {right}. "
                "Please "
                "check.",
            ),
            (evidence(rate), evidence(score), evidence(weight)),
            rate.text,
            right,
            {
                **distance(stated, expected, tolerance),
                "truncated": float(0 <= expected - stated < 2 * half),
                "confidence": min(f.confidence for f in (weight, score, rate)),
                "table": float(rate.place.table is not None),
                "parts": 2.0,
                "repeats": float(context.facts.seen[rate.value] - 1),
            },
        )
