"""The title of a report and the captions of its tables, from the words around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, takewhile

from grading.reading.document import Paragraph
from grading.reading.layout import UNIT, heading_level, is_caption, unit_of
from grading.reading.splicing import squeeze

NAME = re.compile(r"^(?:被?评价)?项目名称[：:](.+)$")
LABEL = re.compile(r"[：:]|编号|^附件|号$|[年月]日?$|^[（(]")
KIND = re.compile(
    r"(?:绩效(?:再|重点)?评价|绩效自评价?|自评价?|绩效监控|绩效跟踪|事前(?:绩效)?评估|可行性研究|评价|评估|专项审计|审计|审核|鉴证|验收|竣工|监控|总结)"
    r"(?:综合|结果)?报告(?:书)?(?:[（(].{1,12}[）)])?$"
)
COVER = 25


def cover_of(paragraphs: Sequence[Paragraph]) -> list[str]:
    """The lines of the cover, without blanks: all up to the first section."""
    cover: list[str] = []
    for paragraph in paragraphs[:COVER]:
        text = squeeze(paragraph.text)
        if not text:
            continue
        if cover and heading_level(text) == 1 and not text.startswith("附件"):
            break
        cover.append(text)
    return cover


def title_of(paragraphs: Sequence[Paragraph]) -> str:
    """Compose the title from the cover: the line that ends in 报告, with the project's name where that stands apart."""
    cover = cover_of(paragraphs)
    name = next((found.group(1) for text in cover if (found := NAME.match(text))), "")
    for number, text in enumerate(cover):
        if not re.search(r"报告(?:书)?(?:[（(].{1,12}[）)])?$", text) or len(text) > 90 or LABEL.search(text[:-2]):
            continue
        if len(text) > 14:
            return text
        unlabelled = takewhile(lambda line: not LABEL.search(line), reversed(cover[:number]))
        above = "".join(reversed(list(islice(unlabelled, 3))))
        if not name or name in above + text:
            return above + text
        kind = KIND.search(text)
        return name if name.endswith("报告") else f"{name}{kind.group(0) if kind else text}"
    if name:
        return name
    styled = next(
        (squeeze(p.text) for p in paragraphs[:COVER] if p.style.lower().startswith("title") and p.text.strip()), ""
    )
    return styled or (cover[0][:90] if cover else "")


def caption_of(before: Sequence[str]) -> tuple[str, str]:
    """Caption and unit of a table from the texts of the paragraphs directly before it, the nearest last."""
    near = [text.strip() for text in before[-3:] if text.strip()]
    unit = next((found for text in reversed(near) if len(text) <= 120 and (found := unit_of(text))), "")
    plain = [
        text
        for text in near
        if len(text) <= 80 and (is_caption(text) or not (UNIT.search(text) and len(squeeze(text)) <= 16))
    ]
    for number in range(len(plain) - 1, -1, -1):
        if is_caption(plain[number]):
            return " ".join(plain[number:]), unit
    last = plain[-1] if plain and (not heading_level(plain[-1]) or plain[-1].startswith("附")) else ""
    return (last if re.search(r"[表况]$|表[（(]|附\s*件", last) else ""), unit
