"""One fact with two values (`fact-conflict`), and one figure in two units (`unit`).

What a report states more than once is compared two ways: the funds of a kind (年初预算, 调整后预算, 支出)
wherever they are stated for the whole project; and any figure whose words are those of another figure from which it
differs as a slip of typing does.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log10

from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message, one_digit_apart
from grading.facts.figures import FACTORS, Figure, Place, figures_in, plain
from grading.facts.funds import Fund, funds_in
from grading.facts.sentences import clause_before, sentence_at
from grading.reading.splicing import squeeze

OTHER_TIME = re.compile(
    r"上年|去年|同期|往年|历年|\d{4}\s*年|累计|三年|两年|期初|期末|截至|其中|每|人均|平均|(?<!高)标准(?!化|厂房)|第[一二三四]|上半年|下半年|季度"
)
KEPT = 4  # fewer words than that before a figure do not say what it measures
NO_MEASURE = frozenset({"年", "号", "份", "月", "日", "页", "条"})  # questionnaires have a check of their own
SHARED_SHORT = 4  # the same for rates and short counts, which are many and near each other
ALIKE = 0.6  # of two figures that stand once, the words of one end those of the other and are as long at least
OFTEN = 3
SHARED = 2  # pairs of characters that two figures' words must have in common
STOCK = re.compile(r"实际|完成|目标|计划|全年|项目|达到|共计|合计|累计|其中|分别|情况|指标|数量|总数|为|共|的|了")
AIM = re.compile(r"(?:计划|目标|应|拟|预计|不低于|不少于|≥)[^实]*$")
ABROAD = re.compile(r"全国|全省|全市|生产总值|GDP|产值|社会|财政收入|财政支出|一般公共预算")
FUNDS = {"initial": "年初预算", "adjusted": "调整后预算", "spent": "支出"}
OVERALL = re.compile(
    r"^(?:本)?(?:项目|资金|全年|年度|财政|专项)*(?:资金)?(?:总)?(?:实际|年初|调整后|累计|共|全年)*(?:的)?(?:预算|支出|执行|资金|金额|数|为|共计|合计|完成|安排|批复|使用)*$"
)


@check("fact-conflict", severity=Severity.ERROR)
def fact_conflict(context: Context) -> Iterator[Finding]:
    """B3: see the module; figures of other years, shares and parts are left out."""
    found = [*_funds(context), *_measures(context)]
    told: set[tuple[str, str]] = set()
    for finding in found:
        key = (finding.stated, finding.expected)
        if key not in told and key[::-1] not in told:
            told.add(key)
            yield finding


def _funds(context: Context) -> Iterator[Finding]:
    """Compare what the text calls the budget, the adjusted budget and the spending of the whole project."""
    by_role: defaultdict[str, list[Figure]] = defaultdict(list)
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        text = plain(paragraph.text)
        for fund in funds_in(paragraph, context.facts.by_paragraph.get(paragraph.index, [])):
            if fund.role in FUNDS and _whole(text, fund):
                by_role[fund.role].append(fund.figure)
    for role, figures in by_role.items():
        values = Counter(one.yuan for one in figures)
        if len(values) < 2:
            continue
        usual, count = values.most_common(1)[0]
        right = next(one for one in figures if one.yuan == usual)
        context.use(*figures)
        for one in figures:
            loose = one.half * one.factor + right.half * right.factor
            rare = values[one.yuan] == 1 and count >= 2
            if abs(one.yuan - usual) <= loose or not (rare or len(figures) == 2):
                continue
            if _slip(one, right):
                yield disagree(context, one, right, (FUNDS[role], role), 0.9 if rare else 0.75)


def _whole(text: str, fund: Fund) -> bool:
    clause = squeeze(clause_before(text, fund.figure.start))
    start, _end = sentence_at(text, fund.figure.start)
    return bool(OVERALL.match(clause)) and not OTHER_TIME.search(text[start : fund.figure.start][-18:])


@dataclass(frozen=True)
class _Measure:
    """A figure with the pairs of characters in the words that say what it measures; `aim` says that it is planned.

    `bare` are those words themselves; "" where they name a month or a day, of which each has its own figure.
    """

    figure: Figure
    words: frozenset[str]
    earlier: bool
    aim: bool = False
    bare: str = ""


def _measures(context: Context) -> Iterator[Finding]:
    """Compare a figure that stands once with those of its unit that stand more often and measure the same thing.

    Only figures that differ as a slip of typing does are compared: other figures of like words may rightly differ.
    """
    by_unit: defaultdict[str, list[_Measure]] = defaultdict(list)
    for measure in [*_told(context), *_tabled(context)]:
        by_unit[measure.figure.unit].append(measure)
    seen = context.facts.seen
    for measures in by_unit.values():
        yield from _singles(context, measures)
        usual = [one for one in measures if seen[one.figure.value] >= 2 and not one.earlier]
        for one in measures:
            if seen[one.figure.value] > 1 or one.earlier:
                continue
            alike = [
                (len(one.words & other.words), other)
                for other in usual
                if one.aim == other.aim
                and one.figure.place != other.figure.place
                and _slip(one.figure, other.figure)
                and (
                    len(one.words & other.words) >= _shared(one.figure)
                    or _same_end(one, other, seen[other.figure.value])
                )
            ]
            if alike:
                other = max(alike, key=lambda pair: pair[0])[1]
                context.use(one.figure, other.figure)
                yield disagree(context, one.figure, other.figure, ("同一数据", "the same measure"), 0.85)


def _same_end(one: _Measure, other: _Measure, stands: int) -> bool:
    """Whether the few words of one end those of the other, for a long figure that stands three times or more."""
    shorter, longer = sorted((one.bare, other.bare), key=len)
    return stands >= OFTEN and len(shorter) > 1 and longer.endswith(shorter) and _digits(one.figure) > SHARED_SHORT


def _singles(context: Context, measures: Sequence[_Measure]) -> Iterator[Finding]:
    """Two figures that stand once each, in two paragraphs, in nearly the same words, one slip of typing apart."""
    seen = context.facts.seen
    once = [
        one
        for one in measures
        if seen[one.figure.value] == 1
        and not one.earlier
        and one.figure.kind != "percent"
        and one.figure.place.paragraph is not None
        and len(one.words) >= SHARED_SHORT
        and one.bare
    ]
    for number, one in enumerate(once):
        for other in once[number + 1 :]:
            shorter, longer = sorted((one.bare, other.bare), key=len)
            if (
                one.aim == other.aim
                and one.figure.place != other.figure.place
                and longer.endswith(shorter)
                and len(shorter) >= ALIKE * len(longer)
                and _slip(one.figure, other.figure)
            ):
                context.use(one.figure, other.figure)
                wrong, right = (one, other) if _in_sum(context, other.figure) else (other, one)
                if not _in_sum(context, right.figure):
                    wrong, right = one, other
                yield disagree(context, wrong.figure, right.figure, ("同一数据", "the same measure"), 0.8)


def _in_sum(context: Context, figure: Figure) -> bool:
    """Whether the parts that follow a figure in its sentence add to it: then it is the right one of two."""
    if figure.place.paragraph is None:
        return False
    near = context.facts.by_paragraph.get(figure.place.paragraph, [])
    after = [one for one in near if one.start >= figure.end and one.unit == figure.unit]
    total = Decimal(0)
    for number, one in enumerate(after, 1):
        total += one.value
        if number > 1 and abs(total - figure.value) <= figure.half:
            return True
    return False


def _shared(figure: Figure) -> int:
    return SHARED_SHORT if figure.kind == "percent" or _digits(figure) < 4 else SHARED


def _told(context: Context) -> Iterator[_Measure]:
    own = own_year(context.facts.report.title)
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        text = plain(paragraph.text)
        for figure in context.facts.by_paragraph.get(paragraph.index, []):
            if figure.kind not in {"count", "amount", "percent"} or _digits(figure) < 3 or figure.unit in NO_MEASURE:
                continue
            start, _end = sentence_at(text, figure.start)
            before = text[start : figure.start]
            if before.rstrip().endswith("第"):  # a number in a row, not a measure
                continue
            words = clause_before(text, figure.start, 20)
            if len(re.sub(r"[^一-鿿]", "", words)) < KEPT:
                words = before[-30:]
            earlier = bool(OTHER_TIME.search(own.sub("", before)[-16:] if own else before[-16:]))
            bare = "" if re.search(r"\d\s*(?:月|日|号|标段|批|期|组|座)", before[-16:]) else _bare(words)
            yield _Measure(figure, _pairs(words), earlier, bool(AIM.search(before[-8:])), bare)


def own_year(title: str) -> re.Pattern[str] | None:
    """The words for the one year that a report is about, which set no figure apart; None for several years."""
    years = set(re.findall(r"20\d{2}", title))
    if len(years) != 1 or re.search(r"20\d{2}\s*年?\s*[-—–－~至到]", title):
        return None
    return re.compile(rf"(?:截至)?{years.pop()}\s*年(?:度|全年|12月(?:31日|底|末)?|底|末)?")


def _tabled(context: Context) -> Iterator[_Measure]:
    main = context.facts.main
    for leaf in main.leaves if main else []:
        place = leaf.score.place if leaf.score else Place(leaf.page, None, main.table.index if main else None, leaf.row)
        for figure in figures_in(leaf.actual, place):
            if figure.kind in {"count", "amount", "percent"} and _digits(figure) >= 3:
                yield _Measure(figure, _pairs(leaf.name), earlier=False)


def _bare(words: str) -> str:
    return STOCK.sub("", re.sub(r"[^一-鿿]", "", words))


def _pairs(words: str) -> frozenset[str]:
    bare = _bare(words)
    return frozenset(bare[place : place + 2] for place in range(len(bare) - 1))


def _slip(one: Figure, other: Figure) -> bool:
    decimals = max(one.decimals, other.decimals)
    right = other.yuan / one.factor
    return one_digit_apart(one.value, right, decimals)


def _digits(figure: Figure) -> int:
    return len(re.sub(r"\D", "", str(figure.value)))


def disagree(context: Context, one: Figure, other: Figure, words: tuple[str, str], sure: float) -> Finding:
    """The finding that one thing has two values; `words` name it in both languages."""
    zh, en = words
    return Finding(
        "fact-conflict",
        Severity.ERROR,
        message(
            f"{zh}此处为{one.text}，另一处为{other.text}，请核对。",
            f"{en}: {one.text} here, {other.text} elsewhere. Please check.",
        ),
        (evidence(one), evidence(other)),
        one.text,
        other.text,
        {
            **distance(one.yuan, other.yuan, one.half * one.factor),
            "confidence": sure,
            "table": float(other.place.table is not None),
            "parts": 2.0,
            "slip": float(_slip(one, other)),
            "repeats": float(context.facts.seen[one.value] - 1),
            "expected_seen": float(context.facts.seen[other.value]),
        },
    )


PER = re.compile(r"^\s*[/／每]\s*([一-鿿㎡]{1,4})")


@check("unit", severity=Severity.ERROR)
def unit(context: Context) -> Iterator[Finding]:
    """U1: the same digits in another unit of money (亿元 for 万元), or a price a piece ten thousand times too dear."""
    by_digits: defaultdict[Decimal, Counter[str]] = defaultdict(Counter)
    prices: defaultdict[str, list[tuple[Figure, Decimal]]] = defaultdict(list)
    amounts: list[Figure] = []
    for figure in context.facts.figures:
        if figure.kind != "amount":
            continue
        text = _text_of(context, figure)
        per = PER.match(plain(text)[figure.end : figure.end + 6]) if figure.place.paragraph is not None else None
        if per is not None:
            prices[per[1][:2]].append((figure, figure.yuan))
            continue
        if figure.unit in {"元", "万元", "亿元", "千元"} and _digits(figure) >= 3:
            by_digits[figure.value][figure.unit] += 1
            amounts.append(figure)
    sizes = sorted(one.yuan for one in amounts if one.yuan > 0)
    middle = sizes[len(sizes) // 2] if sizes else Decimal(1)
    for figure in amounts:
        units = by_digits[figure.value]
        usual, count = max(units.items(), key=lambda pair: (pair[1], -_far(figure.value * FACTORS[pair[0]], middle)))
        if len(units) < 2 or usual == figure.unit or units[figure.unit] >= max(count, 2):
            continue
        yield _wrong_unit(figure, f"{figure.text.removesuffix(figure.unit)}{usual}", 0.92)
    yield from _beyond(context, amounts)
    for same in prices.values():
        for figure, price in same:
            others = [other for one, other in same if one is not figure]
            near = [other for other in others if price / 10000 / 10 <= other <= price / 10000 * 10]
            if figure.unit == "万元" and near and not any(price / 10 <= other <= price * 10 for other in others):
                yield _wrong_unit(figure, f"{figure.text.removesuffix('万元')}元", 0.9)


def _far(amount: Decimal, middle: Decimal) -> float:
    """How many powers of ten an amount lies from the middle one of the report."""
    return abs(log10(float(amount / middle))) if amount > 0 else 99.0


def _beyond(context: Context, amounts: Sequence[Figure]) -> Iterator[Finding]:
    """Amounts in 亿元 far beyond all else that the report states: its project cannot have them."""
    largest = max((one.yuan for one in amounts if one.unit != "亿元"), default=Decimal(0))
    for figure in amounts:
        text = plain(_text_of(context, figure))
        if figure.unit != "亿元" or not largest or figure.yuan < largest * 200 or figure.value < 100:
            continue
        if not ABROAD.search(text[max(0, figure.start - 30) : figure.start]):
            yield _wrong_unit(figure, f"{figure.text.removesuffix('亿元')}万元", 0.88)


def _text_of(context: Context, figure: Figure) -> str:
    place = figure.place.paragraph
    return context.facts.report.paragraphs[place].text if place is not None else ""


def _wrong_unit(figure: Figure, right: str, sure: float) -> Finding:
    return Finding(
        "unit",
        Severity.ERROR,
        message(
            f"此处写为{figure.text}，报告其他处为{right}，单位似有误，请核对。",
            f"{figure.text} here, {right} elsewhere: the unit seems wrong. Please check.",
        ),
        (evidence(figure),),
        figure.text,
        right,
        {"confidence": sure, "table": float(figure.place.table is not None), "parts": 2.0, "slip": 1.0},
    )
