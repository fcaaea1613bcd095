"""Points and weights of an indicator wherever a report states them: tables and text (`fact-conflict`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from grading.checks.conflicts import disagree
from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, one_digit_apart
from grading.facts.figures import NUMBER, Figure, Place, decimals_of, plain
from grading.facts.rows import Indicator
from grading.reading.document import Paragraph
from grading.reading.splicing import squeeze

POINTS = re.compile(
    rf"(?:评价得分|该指标得分|指标得分|实际得分|得分|扣分后得|得)\s*(?:为|是)?\s*(?P<number>{NUMBER})\s*分(?![值别之钟])"
)
KEPT = 4  # letters that an indicator's name must have to be known again
OFTEN = 3
LEAD = 30


@check("fact-conflict", severity=Severity.ERROR)
def points_of_indicators(context: Context) -> Iterator[Finding]:
    """B3 for points and weights: see the module."""
    yield from _rows(context)
    yield from _points(context)


def _rows(context: Context) -> Iterator[Finding]:
    """Compare weight and score of an indicator that stands in two tables, of which most others agree."""
    main = context.facts.main
    if main is None:
        return
    names = Counter(squeeze(one.name) for one in main.leaves)
    known = {squeeze(one.name): one for one in main.leaves if names[squeeze(one.name)] == 1}
    for table in context.facts.tables:
        if table.table.index == main.table.index or table in context.facts.summaries:
            continue
        pairs = [
            (known[name], leaf) for leaf in table.leaves if (name := squeeze(leaf.name)) in known and len(name) >= KEPT
        ]
        for what, words in (("weight", ("分值", "weight")), ("score", ("得分", "score"))):
            both = [(one, getattr(leaf, what), getattr(one, what)) for one, leaf in pairs]
            stated = [(one, here, there) for one, here, there in both if here is not None and there is not None]
            context.use(*(figure for _, here, there in stated for figure in (here, there)))
            wrong = [case for case in stated if abs(case[1].value - case[2].value) > max(case[1].half, case[2].half)]
            if len(stated) < OFTEN or len(wrong) > len(stated) // OFTEN:
                continue
            for one, here, there in wrong:
                if not one.inferred:
                    zh, en = f"“{one.name}”的{words[0]}", f"{words[1]} of “{one.name}”"
                    yield disagree(context, here, there, (zh, en), 0.9)


def _points(context: Context) -> Iterator[Finding]:
    """Compare an indicator's points in the text with its row, where the text names it and nothing else between."""
    main = context.facts.main
    leaves = [one for one in (main.leaves if main else []) if one.score and len(squeeze(one.name)) >= 4]
    names = Counter(squeeze(one.name) for one in leaves)
    for leaf in leaves:
        name = squeeze(leaf.name)
        if names[name] > 1 or leaf.score is None:
            continue
        for paragraph in context.facts.report.paragraphs:
            if paragraph.origin == "body" and name in paragraph.text:
                yield from _told_of(context, leaf, name, names, paragraph)


def _told_of(
    context: Context, leaf: Indicator, name: str, names: Counter[str], paragraph: Paragraph
) -> Iterator[Finding]:
    """What one paragraph that names an indicator says of its points."""
    text = plain(paragraph.text)
    start = text.find(name)
    score = leaf.score
    if score is None or not 0 <= start <= LEAD or _within(text, name, start, names):
        return
    end = _until_other(text, start + len(name), names, name)
    stretch = text[start:end]
    if end == len(text) and not POINTS.search(stretch) and not text.rstrip().endswith(("。", "：", ":")):
        paragraph, start, stretch = _carried_on(context, paragraph, names, (start, stretch))
    if re.search(r"合计|一级|二级|共计", stretch):
        return
    most = leaf.weight.value if leaf.weight else Decimal(100)
    given = [one for one in POINTS.finditer(stretch) if _may_be(one, most, score)]
    if not given:
        return
    figure = _figure(paragraph.text, start, given[-1], Place(paragraph.page, paragraph.index))
    context.use(figure, score)
    tolerance = max(figure.half, score.half)
    if all(abs(Decimal(one["number"].replace(",", "")) - score.value) > tolerance for one in given):
        yield disagree(context, figure, score, (f"“{leaf.name}”的得分", f"points of “{leaf.name}”"), 0.9)


def _may_be(found: re.Match[str], most: Decimal, score: Figure) -> bool:
    """Whether points in a text may be an indicator's: at most its weight, or a slip of typing away from its own."""
    value = Decimal(found["number"].replace(",", ""))
    decimals = max(score.decimals, decimals_of(found["number"]))
    return value <= most or one_digit_apart(value, score.value, decimals)


def _within(text: str, name: str, start: int, names: Counter[str]) -> bool:
    """Whether what looks like an indicator's name is part of a longer one's (管理制度健全性 of 资金管理制度健全性)."""
    longer = [other for other in names if name in other and other != name]
    return any(
        text.startswith(other, start - offset)
        for other in longer
        if (offset := other.find(name)) >= 0 and start >= offset
    )


def _carried_on(
    context: Context, paragraph: Paragraph, names: Counter[str], part: tuple[int, str]
) -> tuple[Paragraph, int, str]:
    """The paragraph after one that was broken off (by the end of a page), up to the next indicator's name."""
    following = paragraph.index + 1
    if following < len(context.facts.report.paragraphs):
        other = context.facts.report.paragraphs[following]
        text = plain(other.text)
        if other.origin == "body" and not other.level and text:
            return other, 0, text[: _until_other(text, 0, names, "")]
    return (paragraph, *part)


def _until_other(text: str, start: int, names: Counter[str], own: str) -> int:
    stops = [
        place
        for name in names
        if name != own and (not own or own not in name) and (place := text.find(name, start)) >= 0
    ]
    return min(stops, default=len(text))


def _figure(original: str, offset: int, found: re.Match[str], place: Place) -> Figure:
    number = found["number"].replace(",", "")
    begin, end = offset + found.start(), offset + found.end()
    quote = original[begin:end]
    return Figure(
        Decimal(number), "分", "score", decimals_of(number), quote, place, offset + found.start("number"), end
    )
