"""Rates and balances that a sentence works out of its own figures (`percent-of`, `survey`, `money-sum`).

A rate (及时率, 偏差率, 占比, 完成率) is that of two figures of one unit before it, whole or their gap; a balance (结余,
剩余, 差额) is what is left of the amounts before it. Nothing is said unless one wrong digit explains the gap: which
figures a sentence means is often open, and a sum that holds after one slip is mended is hardly chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from grading.checks.derived import variants
from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message, show
from grading.facts.figures import Figure, plain
from grading.facts.sentences import sentences

LABEL = re.compile(r"(?:率|占比|比例|比重|占[^，,。；;\d]{0,14})\s*(?:分别)?(?:为|达到?|约为?|是|：|:)?\s*$")
ELSEWHERE = re.compile(
    r"目标|不低于|不少于|不超过|≥|≤|标准|上年|去年|同期|加权|平均|满意|认可|得分率|利率|税率|汇率|费率|折扣|增长|增幅|下降|降幅|提高|应"
)
LEFT = re.compile(r"(?:结余|结转|剩余|余额|未(?:支出|使用|执行|拨付)|差额|缺口|净)[^，,。；;\d]{0,8}$")
GAP = re.compile(r"偏差|差异|未|减|降|缺")
SURVEY = re.compile(r"问卷|满意|受访|调查对象|样本")
NO_COUNT = frozenset({"年", "月", "日", "号", "页", "条", "届", "分"})
REACH = 5
LONGEST = 4
FEWEST = 2
TELLING = 100  # of counts below, some pair one digit away gives almost any rate


def like(one: Figure, other: Figure) -> bool:
    """Whether two figures can be held against each other."""
    return one.kind == other.kind and (one.kind == "amount" or one.unit == other.unit)


def ratio_fits(rate: Figure, part: Decimal, whole: Decimal) -> bool:
    """Whether part ÷ whole gives the rate within its printed digits."""
    return whole > 0 and abs(part / whole * 100 - rate.value) <= rate.half * Decimal("1.01")


Way = tuple[tuple[Figure, ...], str]


def ways(figures: Sequence[Figure]) -> Iterator[Way]:
    """Every way in which figures before a rate may give it: a part of a whole, or the gap of two."""
    for one in figures:
        for other in figures:
            if one is not other and like(one, other) and other.value > 0 and one.yuan <= other.yuan:
                yield (one, other), "part"
                yield (one, other), "gap"


def worked(values: Sequence[Decimal], way: str) -> tuple[Decimal, Decimal]:
    """Part and whole of a way."""
    part, whole = values
    return (part, whole) if way == "part" else (whole - part, whole)


@check("percent-of", severity=Severity.ERROR)
def rates_of_pairs(context: Context) -> Iterator[Finding]:
    """B5 and Q1: rates in sentences: see the module."""
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body" or "%" not in plain(paragraph.text):
            continue
        text, figures = plain(paragraph.text), context.facts.by_paragraph.get(paragraph.index, [])
        for start, end in sentences(text):
            own = [one for one in figures if start <= one.start < end]
            yield from _in_sentence(context, text, start, own)


def _in_sentence(context: Context, text: str, start: int, own: Sequence[Figure]) -> Iterator[Finding]:
    rates = [one for one in own if one.kind == "percent" and LABEL.search(text[start : one.start])]
    open_rates: list[tuple[Figure, str, list[Figure]]] = []
    good = 0
    edge = start
    for rate in rates:
        label = text[max(edge, rate.start - 18) : rate.start]
        before = [
            one for one in own if one.end <= rate.start and one.kind in {"count", "amount"} and one.unit not in NO_COUNT
        ]
        nearest = before[-REACH:]
        fit = next((w for w in ways(before) if ratio_fits(rate, *worked([f.yuan for f in w[0]], w[1]))), None)
        if fit:
            good += 1
            context.use(rate, *fit[0])
        elif not ELSEWHERE.search(label) and rate.decimals > 0 and edge < rate.start:
            open_rates.append((rate, label, [one for one in nearest if one.start >= edge] or nearest))
        edge = rate.end
    if len(open_rates) > max(1, good):
        return
    for rate, label, near in open_rates:
        alone = len(near) == FEWEST and rate.decimals >= FEWEST and max(one.value for one in near) >= TELLING
        if not good and not alone:
            continue
        wanted = "gap" if GAP.search(label) else "part"
        for figures, way in sorted(ways(near[-2:]), key=lambda pair: pair[1] != wanted):
            mended = mend(rate, figures, way)
            if mended:
                survey = bool(SURVEY.search(text[max(0, rate.start - 60) : rate.end]))
                yield _finding(context, rate, (figures, way), good, survey=survey)
                break


def mend(rate: Figure, figures: Sequence[Figure], way: str) -> bool:
    """Whether one wrong digit in the rate or in either figure explains that they do not fit."""
    part, whole = worked([one.yuan for one in figures], way)
    if whole <= 0 or part <= 0:
        return False
    if any(abs(part / whole * 100 - other) <= rate.half for other in variants(rate)):
        return True
    for place, figure in enumerate(figures):
        for other in variants(figure):
            values = [one.yuan for one in figures]
            values[place] = other * figure.factor
            if ratio_fits(rate, *worked(values, way)) and worked(values, way)[0] > 0:
                return True
    return False


def _finding(context: Context, rate: Figure, pair: Way, good: int, *, survey: bool) -> Finding:
    """The finding that a rate is not that of its two figures; `good` others of the sentence fit."""
    figures, way = pair
    part, whole = worked([one.yuan for one in figures], way)
    expected = (part / whole * 100).quantize(Decimal(1).scaleb(-max(rate.decimals, 2)), ROUND_HALF_UP)
    one, other = figures
    sum_of = f"{one.text}÷{other.text}" if way == "part" else f"（{other.text}－{one.text}）÷{other.text}"
    context.use(rate, one, other)
    return Finding(
        "survey" if survey else "percent-of",
        Severity.ERROR,
        message(
            f"{sum_of}＝{expected}%，报告写为{rate.text}，请核对。",
            f"{sum_of} = {expected} %; the report states {rate.text}. Please check.",
        ),
        (evidence(rate), evidence(one), evidence(other)),
        rate.text,
        f"{expected}%",
        {
            **distance(rate.value, expected, rate.half),
            "confidence": 0.92 if good else 0.9,
            "table": 0.0,
            "parts": 2.0,
            "agree": float(good),
            "slip": 1.0,
            "repeats": float(context.facts.seen[rate.value] - 1),
            "expected_seen": float(context.facts.seen[expected]),
        },
    )


@check("money-sum", severity=Severity.ERROR)
def balances(context: Context) -> Iterator[Finding]:
    """B2: an amount left over (结余) that is not what the amounts before it in the sentence leave."""
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        text, figures = plain(paragraph.text), context.facts.by_paragraph.get(paragraph.index, [])
        for start, end in sentences(text):
            own = [one for one in figures if start <= one.start < end and one.kind == "amount"]
            for rest in own:
                if LEFT.search(text[start : rest.start]):
                    before = [one for one in figures if one.end <= rest.start and one.kind == "amount"]
                    inside = [one for one in before if one.start >= start]
                    # A sentence that names the spending only goes on from the one that names the budget.
                    near = inside if len(inside) >= FEWEST else before[-FEWEST:]
                    yield from _left(context, rest, near[-LONGEST:])


def _signed(count: int) -> Iterator[tuple[int, ...]]:
    """Signs of the amounts: some come in, at least one goes out."""
    for signs in product((1, -1, 0), repeat=count):
        if 1 in signs and -1 in signs:
            yield signs


def _left(context: Context, rest: Figure, before: Sequence[Figure]) -> Iterator[Finding]:
    if len(before) < FEWEST:
        return
    half = max(one.half * one.factor for one in (rest, *before))
    options = sorted(_signed(len(before)), key=lambda signs: signs.count(0))
    for signs in options:
        if abs(sum((s * b.yuan for s, b in zip(signs, before, strict=True)), Decimal(0)) - rest.yuan) <= half:
            context.use(rest, *before)
            return
    short, long = (len(re.sub(r"\D", "", str(one.value))) for one in (rest, before[-1]))
    if min(short, long) < LONGEST and not (short + 1 == LONGEST < long):
        return
    # The plain reading first: what came in less what went out last.
    plain_signs = (*([1] * (len(before) - 1)), -1)
    for signs in dict.fromkeys([plain_signs, (*([0] * (len(before) - 2)), 1, -1)]):
        total = sum((s * b.yuan for s, b in zip(signs, before, strict=True)), Decimal(0))
        used = [b for s, b in zip(signs, before, strict=True) if s]
        if total > 0 and _mended(rest, used, total):
            context.use(rest, *used)
            yield _balance(context, rest, used, total)
            return


def _mended(rest: Figure, used: Sequence[Figure], total: Decimal) -> bool:
    """Whether one wrong digit in the balance or an amount explains the gap."""
    gap = total - rest.yuan
    half = max(one.half * one.factor for one in (rest, *used))
    for figure in (rest, *used):
        sign = 1 if figure is rest or figure is used[-1] else -1
        for other in variants(figure):
            if abs(gap - sign * (other - figure.value) * figure.factor) <= half:
                return True
    return False


def _balance(context: Context, rest: Figure, used: Sequence[Figure], total: Decimal) -> Finding:
    right = f"{show(total / rest.factor, max(rest.decimals, *(one.decimals for one in used)))}{rest.unit}"
    sum_of = "＋".join(one.text for one in used[:-1]) + "－" + used[-1].text
    return Finding(
        "money-sum",
        Severity.ERROR,
        message(
            f"{sum_of}＝{right}，报告写为{rest.text}，请核对。",
            f"{sum_of} = {right}; the report states {rest.text}. Please check.",
        ),
        (evidence(rest), *(evidence(one) for one in used)),
        rest.text,
        right,
        {
            **distance(rest.yuan, total, rest.half * rest.factor),
            "confidence": 0.9,
            "table": 0.0,
            "parts": float(len(used)),
            "slip": 1.0,
            "repeats": float(context.facts.seen[rest.value] - 1),
            "expected_seen": float(context.facts.seen[total / rest.factor]),
        },
    )
