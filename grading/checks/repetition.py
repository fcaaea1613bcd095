"""Text that stands twice (`repeated-text`): a paragraph, or one that was pasted into another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from grading.checks.finding import Finding, Severity
from grading.checks.registry import Context, check, message
from grading.checks.wording import NUMBERING, whole
from grading.reading.document import Paragraph
from grading.reading.splicing import squeeze

SHORTEST = 36
SHORTEST_INSIDE = 60
LEAD = 30  # a problem's or measure's heading in its own paragraph is no longer
WINDOW = 24
FORMAL = re.compile(r"^(?:注|备注|数据来源|资料来源|附件|填表|单位|联系|指标解释|评分标准|计算公式)|[:：]$")
ANNEX = re.compile(r"^附(?:件|录)[一二三四五六七八九十\d\-－]*")
ABSTRACT = re.compile(r"摘\s*要|概\s*要|提\s*要")
MARKS = str.maketrans(",;:()?!", "，；：（）？！")
Part = list[tuple[str, Paragraph]]


@check("repeated-text", severity=Severity.WARNING)
def repeated_text(context: Context) -> Iterator[Finding]:
    """D2: a paragraph that stands twice, by itself or inside another, under its own or another heading or number.

    Silent on what is repeated on purpose: the abstract's sentences in the body, notes and headings of forms, texts that
    stand more than twice, and texts in two annexes (forms of the report's own).
    """
    for part in _parts(context):
        same: defaultdict[str, list[Paragraph]] = defaultdict(list)
        for bare, paragraph in part:
            same[bare].append(paragraph)
        told: set[int] = set()
        for found in same.values():
            if len(found) == 2:
                told |= {one.index for one in found}
                yield _finding(found[1], found[0], whole_paragraph=True)
        for inner, outer in _inside(part, told):
            yield _finding(inner, outer, whole_paragraph=False)


def _parts(context: Context) -> list[Part]:
    """The abstract, the body and each annex with their paragraphs, without numbers, blanks and kinds of marks."""
    facts = context.facts
    body_from = next((one.index for one in facts.sections if one.level == 1 and not ABSTRACT.search(one.title)), 0)
    annexes = [one.index for one in facts.report.paragraphs if ANNEX.match(squeeze(one.text)) and len(one.text) < 60]
    parts: defaultdict[int, Part] = defaultdict(list)
    for paragraph in facts.report.paragraphs:
        if paragraph.origin != "body" or paragraph.level:
            continue
        bare = NUMBERING.sub("", squeeze(paragraph.text)).translate(MARKS)
        if len(bare) >= SHORTEST and not FORMAL.search(bare):
            annex = max((one for one in annexes if one <= paragraph.index), default=-1)
            parts[-2 if annex < 0 and paragraph.index < body_from else annex].append((bare, paragraph))
    return list(parts.values())


def _inside(part: Part, told: set[int]) -> Iterator[tuple[Paragraph, Paragraph]]:
    """Paragraphs whose text, with or without its own heading, stands in exactly one other paragraph."""
    texts: dict[str, tuple[str, Paragraph]] = {}
    for bare, paragraph in part:
        if paragraph.index in told:
            continue
        for text in _bodies(bare):
            texts.setdefault(text[:WINDOW], (text, paragraph))
    places: defaultdict[int, list[Paragraph]] = defaultdict(list)
    by_index = {paragraph.index: paragraph for _, paragraph in part}
    for bare, paragraph in part:
        for start in range(len(bare) - WINDOW + 1):
            found = texts.get(bare[start : start + WINDOW])
            if found is None or found[1].index == paragraph.index or not bare.startswith(found[0], start):
                continue
            if paragraph not in places[found[1].index]:
                places[found[1].index].append(paragraph)
    said: set[frozenset[int]] = set()
    for index, outer in places.items():
        pair = frozenset({index, outer[0].index})
        if len(outer) == 1 and pair not in said and outer[0].index not in told:
            said.add(pair)
            yield by_index[index], outer[0]


def _bodies(bare: str) -> Sequence[str]:
    """A paragraph's text, and the same without the heading with which it opens."""
    lead, mark, rest = bare.partition("。")
    texts = [bare] if len(bare) >= SHORTEST_INSIDE else []
    if mark and len(lead) <= LEAD and len(rest) >= SHORTEST_INSIDE:
        texts.append(rest)
    return texts


def _finding(second: Paragraph, first: Paragraph, *, whole_paragraph: bool) -> Finding:
    return Finding(
        "repeated-text",
        Severity.WARNING,
        message(
            "这段文字在报告中出现了两次，请核对是否重复粘贴。",
            "This paragraph stands twice in the report. Please check.",
        ),
        (whole(second), whole(first)),
        second.text.strip()[:40],
        "该段只应出现一次",
        {
            "confidence": 0.95 if whole_paragraph else 0.9,
            "table": 0.0,
            "parts": 2.0,
            "near": float(abs(second.index - first.index) <= 12),
            "whole": float(whole_paragraph),
        },
    )
