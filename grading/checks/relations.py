"""Figures that a sentence derives from two others: a share of a base (`percent-of`), a growth (`growth-rate`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from grading.checks.derived import variants
from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message, show
from grading.facts.figures import Figure, plain
from grading.facts.sentences import sentences
from grading.reading.document import Paragraph

OF_BASE = re.compile(r"^的?\s*$")
RESULT = re.compile(
    r"^[，,]?\s*(?:即|计|为|共|共计|约|折合|金额为|应为|合计)+\s*$|^[，,]\s*(?:即|计|约|折合|金额)[^，,。\d]{0,6}$"
)
SHARE = re.compile(r"^[^，,。；;\d]{0,6}[，,]?\s*占[^，,。；;\d]{0,16}$")
LIMIT = re.compile(r"不低于|不少于|不超过|不高于|至少|最多|以上|以下|以内")
RISE = r"增长|增加|上升|提高|提升|增幅(?:为|达)?|增长率(?:为|达)?"
FALL = r"下降|减少|降低|下滑|压减|降幅(?:为|达)?"
CHANGE = re.compile(rf"(?P<verb>{RISE}|{FALL})(?:了|约|近|幅度为|比例为|率为)*\s*$")
THAN = re.compile(r"(?:较|比|同比|相比|与)[^，,。；;]{0,24}$")
FROM_TO = re.compile(r"(?:由|从)[^，,。；;]{0,24}$")
TO = re.compile(r"^[^，,。；;\d]{0,8}(?:增长|增加|上升|提高|提升|下降|减少|降低)?(?:到|至|为)[^，,。；;\d]{0,14}$")
LAST_YEAR = re.compile(
    r"(?:上年|去年|上一年度?|\d{4}年度?)(?:度|同期|实际|全年|部门|决算|项目)*"
    r"(?P<what>支出|收入|预算|投入|人数|数量|完成)[^，,。；;\d]{0,4}$"
)
YEAR = re.compile(
    r"(?:上年|去年|上一年度?|\d{4}年度?)(?:度|同期|实际|全年|部门|决算|项目)*(?P<what>支出|收入|预算|投入|人数|数量|完成)[^，,。；;\d]{0,4}$"
)
YEAR = re.compile(r"(\d{4})\s*年")
FALLING = re.compile(FALL)


def like(one: Figure, other: Figure) -> bool:
    """Whether two figures can be compared: both money, or things of one unit."""
    return (
        one.kind == other.kind and (one.kind == "amount" or one.unit == other.unit) and one.kind in {"amount", "count"}
    )


@check("percent-of", severity=Severity.ERROR)
def percent_of(context: Context) -> Iterator[Finding]:
    """B5: base × percentage that differs from the stated amount (预算1000万元的30%，即300万元; 占总额500万元的40%)."""
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        text, figures = plain(paragraph.text), context.facts.by_paragraph.get(paragraph.index, [])
        for place, rate in enumerate(figures):
            if rate.kind != "percent" or not place:
                continue
            base = figures[place - 1]
            if not OF_BASE.match(text[base.end : rate.start]) or "的" not in text[base.end : rate.start]:
                continue
            after = figures[place + 1] if place + 1 < len(figures) else None
            before = figures[place - 2] if place > 1 else None
            if after is not None and like(base, after) and RESULT.match(text[rate.end : after.start]):
                part = after
            elif before is not None and like(base, before) and SHARE.match(text[before.end : base.start]):
                part = before
            else:
                continue
            if not LIMIT.search(text[max(0, base.start - 12) : rate.start]):
                yield from _share(context, base, rate, part, derived=part is before)


def _share(context: Context, base: Figure, rate: Figure, part: Figure, *, derived: bool) -> Iterator[Finding]:
    """A share that was agreed on (的30%，即…) is exact; one that was worked out (占…的30.5%) is rounded."""
    context.use(base, rate, part)
    expected = base.yuan * rate.value / 100
    rounded = base.yuan * rate.half if derived or rate.decimals else Decimal(0)
    tolerance = part.half * part.factor + (base.half * base.factor * rate.value + rounded) / 100
    if abs(expected - part.yuan) <= tolerance:
        return
    right = f"{show(expected / part.factor, part.decimals)}{part.unit}"
    yield Finding(
        "percent-of",
        Severity.ERROR,
        message(
            f"{base.text}的{rate.text}应为{right}，报告写为{part.text}，请核对。",
            f"{rate.text} of {base.text} is {right}; the report states {part.text}. Please check.",
        ),
        (evidence(part), evidence(rate), evidence(base)),
        part.text,
        right,
        {
            **distance(part.yuan, expected, tolerance),
            "confidence": 0.92,
            "table": 0.0,
            "parts": 2.0,
            "repeats": float(context.facts.seen[part.value] - 1),
            "expected_seen": float(context.facts.seen[round(expected / part.factor, part.decimals)]),
        },
    )


@check("growth-rate", severity=Severity.ERROR)
def growth_rate(context: Context) -> Iterator[Finding]:
    """B6: (now − before) ÷ before that differs from the stated growth; silent where another pair fits."""
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        text, figures = plain(paragraph.text), context.facts.by_paragraph.get(paragraph.index, [])
        spans = list(sentences(text))
        for rate in figures:
            if rate.kind != "percent":
                continue
            start = next((begin for begin, end in spans if begin <= rate.start < end), 0)
            verb = CHANGE.search(text[start : rate.start])
            if verb is None:
                continue
            near = [one for one in figures if start <= one.start < rate.start and one.kind in {"amount", "count"}]
            pair = _pair(text, near, start + verb.start())
            if pair is None and len(near) == 1:
                falling = bool(FALLING.match(verb["verb"]))
                yield from _grown_before(context, paragraph, (near[0], rate), falling=falling)
            if pair is not None:
                yield from _grown(context, pair, rate, near, falling=bool(FALLING.match(verb["verb"])))


def _grown_before(
    context: Context, paragraph: Paragraph, pair: tuple[Figure, Figure], *, falling: bool
) -> Iterator[Finding]:
    """A sentence that names last year's figure only; this year's stands in the one before, under the same word.

    Told only where one wrong digit in the rate explains the gap, for which figure is meant is a guess.
    """
    before, rate = pair
    text, figures = plain(paragraph.text), context.facts.by_paragraph.get(paragraph.index, [])
    named = LAST_YEAR.search(text[max(0, before.start - 20) : before.start])
    earlier = [one for one in figures if one.end < before.start and like(one, before)]
    sign = -1 if falling else 1
    if named is None or before.yuan <= 0 or any(_fits(one, before, rate, sign) for one in earlier):
        return
    for now in reversed(earlier):
        words = text[max(0, now.start - 12) : now.start]
        loose = _loose(now, before, rate)
        expected = sign * (now.yuan - before.yuan) / before.yuan * 100
        if named["what"] in words and any(abs(other - expected) <= loose for other in variants(rate)):
            yield from _grown(context, (now, before), rate, [now, before], falling=sign < 0)
            return


def _pair(text: str, near: Sequence[Figure], verb: int) -> tuple[Figure, Figure] | None:
    """Return (now, before) where the words say which is which; None else."""
    near = [one for one in near if one.end <= verb and one.unit not in {"年", "月", "日"}]
    if len(near) < 2:
        return None
    last, other = near[-1], near[-2]
    if not like(last, other):
        return None
    between = text[other.end : last.start]
    tail = text[last.end : verb]
    if FROM_TO.search(text[max(0, other.start - 26) : other.start]) and TO.match(between):
        return last, other
    if THAN.search(between) and not re.search(r"[，,]", tail):
        return other, last  # 支出A，较上年的B增长
    years = [YEAR.findall(text[max(0, one.start - 22) : one.start]) for one in (other, last)]
    if THAN.search(text[last.end : verb] + "·"[:0]) and all(years) and int(years[1][-1]) == int(years[0][-1]) + 1:
        return last, other
    return None


def _grown(
    context: Context, pair: tuple[Figure, Figure], rate: Figure, near: Sequence[Figure], *, falling: bool
) -> Iterator[Finding]:
    now, before = pair
    if before.yuan <= 0 or not like(now, before):
        return
    context.use(now, before, rate)
    sign = -1 if falling else 1
    if any(_fits(one, other, rate, sign) for one in near for other in near if one is not other and like(one, other)):
        return
    expected = sign * (now.yuan - before.yuan) / before.yuan * 100
    right = show(expected, max(rate.decimals, 2)) + "%"
    yield Finding(
        "growth-rate",
        Severity.ERROR,
        message(
            f"由{before.text}到{now.text}，{'降幅' if falling else '增幅'}应为{right}，报告写为{rate.text}，请核对。",
            f"From {before.text} to {now.text} the change is {right}; the report states {rate.text}. Please check.",
        ),
        (evidence(rate), evidence(now), evidence(before)),
        rate.text,
        right,
        {
            **distance(rate.value, expected, _loose(now, before, rate)),
            "confidence": 0.9,
            "table": 0.0,
            "parts": 2.0,
            "repeats": float(context.facts.seen[rate.value] - 1),
            "expected_seen": float(context.facts.seen[round(expected, rate.decimals)]),
        },
    )


def _loose(now: Figure, before: Figure, rate: Figure) -> Decimal:
    share = now.half * now.factor / before.yuan + now.yuan * before.half * before.factor / before.yuan**2
    return rate.half + share * 100


def _fits(now: Figure, before: Figure, rate: Figure, sign: int) -> bool:
    if before.yuan <= 0:
        return False
    expected = sign * (now.yuan - before.yuan) / before.yuan * 100
    return abs(expected - rate.value) <= _loose(now, before, rate)
