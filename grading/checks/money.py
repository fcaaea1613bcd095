"""Parts that do not add to their total.

Amounts in sentences (其中…) and columns of tables (`money-sum`, `count-sum`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, distance, evidence, message, one_digit_apart, show
from grading.facts.figures import Figure, plain
from grading.reading.document import Paragraph

OPENING = re.compile(
    r"其中\s*[:：，,]?|[（(](?=[^）)]*\d)|(?:具体)?包括\s*[:：]?|由(?=[^。]{4,80}(?:组成|构成))|按[^，。]{0,8}(?:来源|用途|类别)分\s*[:：，]?"
)
FOREIGN = re.compile(
    r"比(?!较(?:满意|不|清楚|了解|认可|好|差)|例)|(?<!比)较(?!为|大|小|好|差|多|少)|增长|减少|增加|执行率|完成|结余|剩余|未|人均|每|标准|应|差额|超|高于|低于|其中|预计|同比|累计|结转|缺口|合计|共计|总计|截至|达到|实际|偏差"
)
ENDING = re.compile(r"[。\n]")
EXHAUSTIVE = re.compile(r"由|按.*分|分别")
NO_PARTS = frozenset("年月日号次条项章倍期")
GAP = 34
LONG_LIST = 3
NEAR = 2
LISTED = re.compile(r"^\s*[、，,；;]\s*[^，,。；;、\d]{2,16}$")


@dataclass(frozen=True, slots=True)
class Sum:
    """A total with its stated parts; `whole` says that the words claim the parts to be all."""

    total: Figure
    parts: tuple[Figure, ...]
    whole: bool


def mask(text: str, start: int, end: int) -> str:
    """The stretch with everything in brackets blanked; it ends where a bracket that was open before closes."""
    kept: list[str] = []
    depth = 0
    for char in text[start:end]:
        if char in "（(":
            depth += 1
        if char in "）)":
            depth -= 1
            if depth < 0:
                break
            kept.append(" ")
            continue
        kept.append(" " if depth else char)
    return "".join(kept)


def sums_in(paragraph: Paragraph, figures: Sequence[Figure]) -> Iterator[Sum]:
    """Every total, of money or of things counted, that a sentence splits into parts."""
    text = plain(paragraph.text)
    real = [figure for figure in figures if figure.kind != "number"]
    for opening in OPENING.finditer(text):
        total = total_before(text, real, opening)
        if total is None:
            continue
        stop = ENDING.search(text, opening.end())
        stretch = mask(text, opening.end(), stop.start() if stop else len(text))
        parts: list[Figure] = []
        edge = opening.end()
        for figure in real:
            if figure.start < opening.end() or figure.end > opening.end() + len(stretch):
                continue
            if not stretch[figure.start - opening.end() : figure.end - opening.end()].strip():
                continue
            gap = stretch[edge - opening.end() : figure.start - opening.end()]
            if figure.kind == "percent" and re.search(r"占", gap):
                edge = figure.end
                continue
            if figure.kind == "count" and figure.unit == "年":
                continue
            if (
                figure.kind != total.kind
                or (figure.kind == "count" and figure.unit != total.unit)
                or len(re.sub(r"\s", "", gap)) > GAP
                or FOREIGN.search(gap)
                or text[figure.end : figure.end + 1] in {"/", "／"}
            ):
                break
            parts.append(figure)
            edge = figure.end
        if len(parts) > 1:
            yield Sum(total, tuple(parts), bool(EXHAUSTIVE.search(opening.group(0))))


def total_before(text: str, figures: Sequence[Figure], opening: re.Match[str]) -> Figure | None:
    """The figure that 其中 splits: the last one before it in the sentence, of money or of things; None for others.

    An amount restated in brackets in another unit counts in its first form.
    """
    before = [figure for figure in figures if figure.end <= opening.start()]
    if not before:
        return None
    last = before[-1]
    bridge = text[last.end : opening.start()]
    apart = len(bridge) > 22 or re.search(r"[。\n；;]", bridge) or (opening.group(0) in "（(" and bridge.strip())
    if apart or last.kind not in {"amount", "count"} or last.unit in NO_PARTS:
        return None
    again = len(before) > 1 and before[-2].kind == "amount" and before[-2].yuan == last.yuan
    return before[-2] if again else last


def prefix_fits(item: Sum) -> bool:
    """Whether the first parts alone make the total.

    And what follows splits it in another way (男120人、女80人，党员50人).
    """
    running = item.parts[0].yuan
    for part in item.parts[1:-1]:
        running += part.yuan
        if running == item.total.yuan:
            return True
    return False


def telling(item: Sum) -> bool:
    """Whether figures are long enough for a slip of one digit to explain a gap that chance would not."""
    digits = max(
        len(re.sub(r"\D", "", str(figure.value.normalize()).split("E")[0])) for figure in (item.total, *item.parts)
    )
    return digits >= 4 or (digits >= 2 and len(item.parts) >= 3)


def repaired(total: Figure, parts: Sequence[Figure], missing: Decimal) -> bool:
    """Whether one wrong digit or exchange in one figure explains the gap `missing` (total − sum, in yuan)."""
    decimals = max(figure.decimals for figure in (total, *parts))
    if one_digit_apart(total.value, total.value - missing / total.factor, decimals):
        return True
    return any(
        part.value + missing / part.factor > 0
        and one_digit_apart(part.value, part.value + missing / part.factor, decimals)
        for part in parts
    )


@check("money-sum", severity=Severity.ERROR)
def money_sum(context: Context) -> Iterator[Finding]:
    """B2 and Q2 in sentences: stated parts that do not add to their total.

    A list after 其中 may lawfully be incomplete: parts below their total are flagged only where one slip of a
    digit explains
    the gap or the words claim completeness; parts above their total always.
    """
    rounded = any(re.search(r"四舍五入|尾差|尾数", paragraph.text) for paragraph in context.facts.report.paragraphs)
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        for item in sums_in(paragraph, context.facts.by_paragraph.get(paragraph.index, [])):
            total = sum((part.yuan for part in item.parts), Decimal(0))
            missing = item.total.yuan - total
            tolerance = max(figure.half * figure.factor for figure in (item.total, *item.parts))
            slip = repaired(item.total, item.parts, missing)
            if abs(missing) <= tolerance:
                context.hold(item.total, *item.parts)
            elif slip or missing < 0 or item.whole:
                context.use(item.total, *item.parts)
            printed = item.total.kind == "amount" or item.total.decimals > 0
            near = printed and abs(missing) <= tolerance * (len(item.parts) + 1)
            if abs(missing) <= tolerance or (near and rounded):
                continue
            if prefix_fits(item):
                continue
            share = missing / item.total.yuan if item.total.yuan else Decimal(1)
            if (
                (slip and telling(item))
                or missing < 0
                or (item.whole and len(item.parts) > 2 and share < Decimal("0.3"))
            ):
                yield prose_finding(
                    context,
                    item,
                    total,
                    {
                        **distance(item.total.yuan, total, tolerance),
                        "slip": float(slip),
                        "above": float(missing < 0),
                        "whole": float(item.whole),
                        "near": float(near),
                    },
                )


@check("money-sum", severity=Severity.ERROR)
def listed_sums(context: Context) -> Iterator[Finding]:
    """B2 where a list of amounts has its total in another sentence: the budget or the spending of the whole project.

    Told only where one wrong digit in one of the amounts explains why they do not add to a total that stands twice.
    """
    values = Counter(one.yuan for one in context.facts.figures if one.kind == "amount")
    known = {figure.value for figure in context.facts.figures if figure.place.table is not None}
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin != "body":
            continue
        text = plain(paragraph.text)
        for listed in lists_in(text, context.facts.by_paragraph.get(paragraph.index, [])):
            total = sum((one.yuan for one in listed), Decimal(0))
            if values[total] or total / listed[0].factor in known:
                context.use(*listed)
                continue
            near = {
                one.yuan
                for index in range(paragraph.index - NEAR, paragraph.index + NEAR + 1)
                for one in context.facts.by_paragraph.get(index, [])
                if one.kind == "amount" and one not in listed
            }
            wholes = [
                yuan for yuan, count in values.items() if yuan in near or count > 1 or yuan / listed[0].factor in known
            ]
            right = _meant(listed, total, wholes)
            if right is not None:
                whole = next(one for one in context.facts.figures if one.kind == "amount" and one.yuan == right)
                yield prose_finding(
                    context,
                    Sum(whole, tuple(listed), whole=True),
                    total,
                    {
                        **distance(whole.yuan, total, max(one.half * one.factor for one in (whole, *listed))),
                        "slip": 1.0,
                        "above": float(total > whole.yuan),
                        "whole": 1.0,
                        "near": 0.0,
                    },
                )


def lists_in(text: str, figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    """Runs of three amounts and more of one unit, each named by a few words and parted by the same kind of mark."""
    run: list[Figure] = []
    edge = 0
    for figure in [one for one in figures if one.kind in {"amount", "percent"}]:
        if figure.kind == "percent":
            edge = figure.end
            continue
        gap = text[edge : figure.start]
        goes_on = (
            bool(run)
            and figure.unit == run[-1].unit
            and LISTED.match(gap) is not None
            and not FOREIGN.search(gap.replace("占比", ""))
        )
        if run and not goes_on:
            if len(run) >= LONG_LIST:
                yield run
            run = []
        run.append(figure)
        edge = figure.end
    if len(run) >= LONG_LIST:
        yield run


def _meant(listed: Sequence[Figure], total: Decimal, wholes: Sequence[Decimal]) -> Decimal | None:
    """The total to which a list would add if one of its digits were another; None for no or several."""
    found = []
    for whole in wholes:
        if not total / 2 < whole < total * 2 or max(one.yuan for one in listed) >= whole:
            continue
        for part in listed:
            right = part.value + (whole - total) / part.factor
            if right > 0 and one_digit_apart(part.value, right, part.decimals):
                found.append(whole)
                break
    return found[0] if len(found) == 1 else None


def prose_finding(context: Context, item: Sum, total: Decimal, signals: dict[str, float]) -> Finding:
    """The finding for one sentence."""
    figure = item.total
    money = figure.kind == "amount"
    right = f"{show(total / figure.factor, max(f.decimals for f in (figure, *item.parts)))}{figure.unit}"
    printed = " + ".join(part.text for part in item.parts)
    return Finding(
        "money-sum" if money else "count-sum",
        Severity.ERROR,
        message(
            f"总数写为{figure.text}，而所列各项相加为{right}（{printed}），请核对。",
            f"The total is stated as {figure.text}, but the parts listed add to {right} ({printed}). Please check.",
        ),
        (evidence(figure), *(evidence(part) for part in item.parts)),
        figure.text,
        right,
        {
            **signals,
            "confidence": 0.9,
            "table": 0.0,
            "parts": float(len(item.parts)),
            "repeats": float(context.facts.seen[figure.value] - 1),
            "expected_seen": float(context.facts.seen[total / figure.factor]),
        },
    )
