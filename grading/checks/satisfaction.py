"""Weighted satisfaction and the shares of the answers in tables (`survey`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, evidence, one_digit_apart
from grading.checks.surveys import VALID, told
from grading.facts.answers import Answers, answers_in, weights_in
from grading.facts.figures import NUMBER, Figure, plain
from grading.reading.document import Paragraph

STATED = re.compile(
    rf"(?P<words>[一-鿿]{{0,8}}满意(?:度|率)(?:得分|评分|指数|综合|加权|平均|结果|计算|[为是达到约：:\s]){{0,5}})(?P<number>{NUMBER})\s*(?:%|分)"
)
AIM = re.compile(r"目标|不低于|不少于|应|≥|指标值|达标|上年|去年|\d{4}\s*年(?!度满意)|预期|要求|计划|提高|高于|低于")
NEAR = 6  # paragraphs between the sentence on the weights and the answers
LOOSE = Decimal("0.001")


@check("survey", severity=Severity.ERROR)
def weighted_satisfaction(context: Context) -> Iterator[Finding]:
    """Q1: the answers given, times their stated weights, over the valid ones, against the satisfaction stated.

    Silent where the weights are not stated or not all answers have one, and where another question fits.
    """
    questions = answers_in(context.facts.report)
    for paragraph in context.facts.report.paragraphs:
        text = plain(paragraph.text)
        if paragraph.origin != "body" or "满意" not in text:
            continue
        weights = weights_in(text)
        if not weights:
            continue
        near = [one for one in questions if set(one.counts) == set(weights) and _near(paragraph, one)]
        where, stated = _stated(context, paragraph, near)
        if not near or stated is None or where is None:
            continue
        results = [(one, bases, _weighted(one, weights, bases)) for one in near for bases in _bases(one, text)]
        half = Decimal(5).scaleb(-len(stated["number"].partition(".")[2]) - 1)
        value = Decimal(stated["number"].replace(",", ""))
        for one in near:
            context.use(*one.counts.values())
        if any(abs(result - value) <= half + LOOSE for _, _, result in results):
            continue
        if len(near) > 1 and not any(
            one_digit_apart(value, _printed(r, stated), _decimals(stated)) for *_, r in results
        ):
            continue
        question, base, result = results[0]
        expected = _printed(result, stated)
        unit = stated.group(0)[-1]
        sum_of = "＋".join(f"{one.value}×{weights[name]:f}" for name, one in question.counts.items())
        quote = where.text[stated.start("words") : stated.end()]
        yield told(
            (f"（{sum_of}）÷{base}＝{expected}{unit}", f"({sum_of}) ÷ {base} = {expected}{unit}"),
            (Evidence(quote, where.page, where.index), *(evidence(one) for one in question.counts.values())),
            (f"{stated['number']}{unit}", f"{expected}{unit}"),
            0.93,
        )


def _near(paragraph: Paragraph, question: Answers) -> bool:
    return abs(question.paragraph - paragraph.index) <= NEAR


def _stated(
    context: Context, paragraph: Paragraph, near: list[Answers]
) -> tuple[Paragraph | None, re.Match[str] | None]:
    """The satisfaction stated with the weights, or else in the paragraphs after them up to past the answers."""
    last = max([paragraph.index, *(one.paragraph + 2 for one in near)])
    for other in context.facts.report.paragraphs[paragraph.index : last + 1]:
        if other.origin != "body" or (other.level and other is not paragraph):
            continue
        text = plain(other.text)
        for found in STATED.finditer(text):
            before = text[max(0, found.start() - 8) : found.start("number")]
            if not AIM.search(before):
                return other, found
    return None, None


def _bases(question: Answers, text: str) -> list[Decimal]:
    """All answers, the printed total, and the valid questionnaires: by which a report may lawfully divide."""
    bases = [sum((one.value for one in question.counts.values()), Decimal(0))]
    if question.total is not None:
        bases.append(question.total.value)
    valid = VALID.search(text)
    if valid is not None:
        bases.append(Decimal((valid["number"] or valid["number2"]).replace(",", "")))
    return [base for base in dict.fromkeys(bases) if base > 0]


def _weighted(question: Answers, weights: Mapping[str, Decimal], base: Decimal) -> Decimal:
    return sum((one.value * weights[name] for name, one in question.counts.items()), Decimal(0)) / base * 100


def _decimals(stated: re.Match[str]) -> int:
    return len(stated["number"].partition(".")[2])


def _printed(value: Decimal, stated: re.Match[str]) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-_decimals(stated)), ROUND_HALF_UP)


@check("survey", severity=Severity.ERROR)
def shares_in_tables(context: Context) -> Iterator[Finding]:
    """Q1: each answer's count over the total of its table, against the share printed beside it.

    Silent unless all others of the question fit: else the shares are of something else.
    """
    for question in answers_in(context.facts.report):
        both = [name for name in question.counts if name in question.shares]
        if len(both) < 3:
            continue
        bases = [sum((one.value for one in question.counts.values()), Decimal(0))]
        if question.total is not None:
            bases.append(question.total.value)
        for base in (base for base in dict.fromkeys(bases) if base > 0):
            wrong = [n for n in both if not _share_fits(question.counts[n], question.shares[n], base)]
            context.use(*question.counts.values(), *question.shares.values())
            if not wrong:
                break
            if len(wrong) == 1:
                yield _wrong_share(question.counts[wrong[0]], question.shares[wrong[0]], base)
                break


def _share_fits(count: Figure, share: Figure, base: Decimal) -> bool:
    return abs(count.value / base * 100 - share.value) <= share.half + LOOSE


def _wrong_share(count: Figure, share: Figure, base: Decimal) -> Finding:
    expected = (count.value / base * 100).quantize(Decimal(1).scaleb(-share.decimals), ROUND_HALF_UP)
    return told(
        (f"{count.value}÷{base}＝{expected}%", f"{count.value} ÷ {base} = {expected} %"),
        (evidence(share), evidence(count)),
        (share.text, f"{expected}%"),
        0.92,
    )
