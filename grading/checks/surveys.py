"""Questionnaires: sent, returned and valid in order, their rates and the shares of their answers (`survey`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, message
from grading.facts.figures import NUMBER, Figure, plain
from grading.reading.document import Paragraph

NUMBERED = rf"(?P<number>{NUMBER})\s*(?:余)?\s*(?:份|人|张|个|户|家)"
SENT = re.compile(
    rf"(?:发放|发出|下发|派发|投放)[^，,。；;\d]{{0,14}}?(?:共|共计)?\s*{NUMBERED}|问卷\s*(?P<number2>{NUMBER})\s*份"
)
RETURNED = re.compile(rf"(?:收回|回收)(?!率)[^，,。；;\d]{{0,10}}?(?:共|共计)?\s*{NUMBERED}")
VALID = re.compile(
    rf"有效(?:问卷|样本|答卷|回收|份数)?[^，,。；;\d率]{{0,8}}?\s*{NUMBERED}|(?P<number2>{NUMBER})\s*份有效"
)
RETURN_RATE = re.compile(rf"(?:回收率|收回率|返回率)[^\d，,。；;]{{0,6}}(?P<number>{NUMBER})\s*%")
VALID_RATE = re.compile(rf"(?<!回收)有效(?:问卷|回收)?率[^\d，,。；;]{{0,6}}(?P<number>{NUMBER})\s*%")
SHARE = re.compile(
    rf"(?P<name>[一-鿿]{{2,12}}?)(?:的)?\s*[（(]?(?P<count>{NUMBER})\s*(?:人次|人|份|户|家|票)\s*[）)]?\s*[，,、（(]?\s*(?:占比?(?:为)?)?\s*(?P<rate>{NUMBER})\s*%"
)
SENTENCE = re.compile(r"[^。\n]+")  # the answers to one question are parted by semicolons
SEVERAL = re.compile(r"多选|可多选|多项选择|不定项")
ANSWERED = re.compile(rf"(?P<number>{NUMBER})\s*(?:人|份|户)?(?:作答|回答|选择|参与答题)")
OPINION = re.compile(r"满意|认可|知晓|了解")


@dataclass(frozen=True)
class Count:
    """A number of questionnaires with its words."""

    value: Decimal
    decimals: int
    quote: str
    paragraph: Paragraph

    @property
    def half(self) -> Decimal:
        """Half a unit of its last digit."""
        return Decimal(5).scaleb(-self.decimals - 1)


@check("survey", severity=Severity.ERROR)
def survey(context: Context) -> Iterator[Finding]:
    """Q1: see the module. Multiple choice may add to more than 100 %; a base may be the valid or the returned ones."""
    for paragraph in context.facts.report.paragraphs:
        text = plain(paragraph.text)
        if paragraph.origin != "body" or not re.search(r"问卷|满意|作答|调查", text):
            continue
        sent, returned, valid = (_first(pattern, paragraph, text) for pattern in (SENT, RETURNED, VALID))
        if "问卷" in text or "份" in text:
            yield from _order(context, sent, returned, valid)
            yield from _rate(context, _first(RETURN_RATE, paragraph, text), returned, [sent])
            yield from _rate(context, _first(VALID_RATE, paragraph, text), valid, [returned, sent])
        yield from _shares(paragraph, text, valid or returned)


def _first(pattern: re.Pattern[str], paragraph: Paragraph, text: str) -> Count | None:
    found = pattern.search(text)
    if found is None:
        return None
    number = found["number"] or (found.groupdict().get("number2") or "")
    value = Decimal(number.replace(",", ""))
    return Count(value, len(number.partition(".")[2]), paragraph.text[found.start() : found.end()], paragraph)


def _order(context: Context, sent: Count | None, returned: Count | None, valid: Count | None) -> Iterator[Finding]:
    for more, less, words, english in (
        (sent, returned, "收回数大于发放数", "more returned than sent"),
        (returned, valid, "有效数大于收回数", "more valid than returned"),
        (sent if returned is None else None, valid, "有效数大于发放数", "more valid than sent"),
    ):
        if more is None or less is None:
            continue
        _use(context, more, less)
        if less.value > more.value:
            yield _finding((words, english), less, more, (less.quote, f"≤{more.value}"), 0.93)


def _rate(context: Context, rate: Count | None, part: Count | None, bases: Sequence[Count | None]) -> Iterator[Finding]:
    if rate is None:
        return
    known = [one for one in bases if one is not None and one.value > 0]
    if rate.value > 100:
        base = known[0] if known else rate
        yield _finding(("比率超过100%", "a rate above 100 %"), rate, base, (rate.quote, "≤100%"), 0.95)
        return
    if part is None or not known or any(part.value > one.value for one in known[:1]):
        return
    _use(context, rate, part, *known)
    fits = [one for one in known if abs(part.value / one.value * 100 - rate.value) <= rate.half]
    if fits:
        return
    expected = (part.value / known[0].value * 100).quantize(Decimal(1).scaleb(-max(rate.decimals, 2)), ROUND_HALF_UP)
    words = f"{part.value}÷{known[0].value}＝{expected}%"
    english = f"{part.value} ÷ {known[0].value} = {expected} %"
    yield _finding((words, english), rate, part, (f"{rate.value}%", f"{expected}%"), 0.95)


def _shares(paragraph: Paragraph, text: str, base: Count | None) -> Iterator[Finding]:
    for found in SENTENCE.finditer(text):
        start, sentence = found.start(), found.group(0)
        shares = list(SHARE.finditer(sentence))
        if not shares or not (OPINION.search(sentence) or "选" in sentence or "作答" in sentence):
            continue
        answered = ANSWERED.search(sentence)
        total = Decimal(answered["number"].replace(",", "")) if answered else base.value if base else None
        counts = [Decimal(one["count"].replace(",", "")) for one in shares]
        several = bool(SEVERAL.search(sentence))
        single = len(shares) >= 3 and not several and OPINION.search(sentence) is not None
        if single and total is not None and sum(counts, Decimal(0)) != total and base is not None:
            total = sum(counts, Decimal(0)) if _all_fit(shares, sum(counts, Decimal(0))) else total
        if total is None and single:
            total = sum(counts, Decimal(0))
        if not total:
            continue
        good = sum(_fits(one, total) for one in shares)
        for one in shares:
            quote = paragraph.text[start + one.start("count") : start + one.end()]
            if not _fits(one, total) and (good * 2 >= len(shares) or (len(shares) == 1 and answered)):
                expected = _share_of(one, total)
                words, english = f"{one['count']}÷{total}＝{expected}%", f"{one['count']} ÷ {total} = {expected} %"
                evidence = (Evidence(quote, paragraph.page, paragraph.index),)
                yield told((words, english), evidence, (f"{one['rate']}%", f"{expected}%"), 0.85)


def _all_fit(shares: Sequence[re.Match[str]], total: Decimal) -> bool:
    return bool(total) and all(_fits(one, total) for one in shares)


def _share_of(one: re.Match[str], total: Decimal) -> Decimal:
    digits = len(one["rate"].partition(".")[2])
    share = Decimal(one["count"].replace(",", "")) / total * 100
    return share.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _fits(one: re.Match[str], total: Decimal) -> bool:
    digits = len(one["rate"].partition(".")[2])
    share = Decimal(one["count"].replace(",", "")) / total * 100
    return abs(share - Decimal(one["rate"].replace(",", ""))) <= Decimal(5).scaleb(-digits - 1) * Decimal("1.01")


def _use(context: Context, *counts: Count) -> None:
    for count in counts:
        figures: list[Figure] = context.facts.by_paragraph.get(count.paragraph.index, [])
        context.use(next((one for one in figures if one.value == count.value), None))


def _finding(words: tuple[str, str], first: Count, second: Count, values: tuple[str, str], sure: float) -> Finding:
    evidence = tuple(
        Evidence(one.quote, one.paragraph.page, one.paragraph.index)
        for one in ((first,) if first is second else (first, second))
    )
    return told(words, evidence, values, sure)


def told(words: tuple[str, str], evidence: tuple[Evidence, ...], values: tuple[str, str], sure: float) -> Finding:
    """The finding for a questionnaire's figure: what was worked out, where it stands, and (stated, expected)."""
    (zh, en), (stated, expected) = words, values
    return Finding(
        "survey",
        Severity.ERROR,
        message(
            f"问卷数据不一致：{zh}，报告写为{stated}，请核对。",
            f"The questionnaire's figures disagree: {en}; stated {stated}.",
        ),
        evidence,
        stated,
        expected,
        {"confidence": sure, "table": 0.0, "parts": float(len(evidence))},
    )
