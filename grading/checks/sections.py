"""Sections of the outline that are absent or empty (`missing-section`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, message
from grading.facts.sections import KINDS, NAMES, kinds_of

REQUIRED = ("basics", "work", "conclusion", "analysis", "problems", "suggestions")
SELF = ("basics", "problems")
MIN_HEADINGS = 3
EMPTY = 8
# What a report may tell without a heading of its own: these are then there, under another name.
TOLD = {
    "work": re.compile(
        r"(?:发放|回收)[^。]{0,12}问卷|评价(?:组|机构|工作组)[^。]{0,30}(?:访谈|座谈|调研|踏勘|问卷|查阅)"
        r"|采用[^。]{0,40}(?:方法|法)"
    ),
    "analysis": re.compile(
        r"指标[^。]{0,30}(?:得分|得)[^。]{0,6}\d+(?:\.\d+)?\s*分[^。]{0,12}得分率|(?:该|本)项?指标(?:实际)?得"
    ),
}


@check("missing-section", severity=Severity.WARNING)
def missing_section(context: Context) -> Iterator[Finding]:
    """R1: a section of the reference outline (R-PERF-11, 财预〔2020〕10号 附3) that is absent or empty.

    Where the engagement fixes an outline of its own, the caller raises the severity. Silent on texts without an
    outline:
    what the reader does not find is not thereby absent.
    """
    facts = context.facts
    heads = [section for section in facts.sections if section.level == 1]
    if len(heads) < MIN_HEADINGS:
        return
    own = "自评" in facts.report.title
    present = {kind for section in facts.sections for kind in section.kinds}
    # A short report may open a section within a sentence: （二）存在的问题及原因。1.…
    for paragraph in facts.report.paragraphs:
        opening = paragraph.text.strip().split("。")[0]
        if not paragraph.level and len(opening) <= 30 and opening[:1] in "一二三四五六七八（(":
            present |= kinds_of(opening)
    written = "".join(p.text for p in facts.report.paragraphs if p.origin == "body")
    for kind in SELF if own else REQUIRED:
        zh, en = NAMES[kind]
        if kind not in present and not (kind in TOLD and TOLD[kind].search(written)):
            said = bool(any(KINDS[kind].search(p.text) for p in facts.report.paragraphs))
            yield Finding(
                "missing-section",
                Severity.WARNING,
                message(
                    f"没有找到“{zh}”部分（参考提纲：财预〔2020〕10号附3，R-PERF-11），请核对。",
                    f"The section “{en}” ({zh}) was not found (reference outline: R-PERF-11). Please check.",
                ),
                (Evidence(facts.report.title),),
                "",
                zh,
                {
                    "confidence": 0.9,
                    "weight": WEIGHTS[kind],
                    "said": float(said),
                    "empty": 0.0,
                    "headings": float(len(heads)),
                },
            )
    for section in facts.sections:
        wanted = section.kinds & set(SELF if own else REQUIRED)
        if section.level > 2 or section.title.startswith("附") or not wanted or section.size >= EMPTY:
            continue
        inner = [s for s in facts.sections if s.index > section.index]
        if inner and inner[0].level > section.level and section.size:
            continue
        if any(s.size >= EMPTY and wanted <= s.kinds for s in facts.sections if s is not section):
            continue
        yield Finding(
            "missing-section",
            Severity.WARNING,
            message(
                f"“{section.title}”部分只有标题、没有内容，请核对。",
                f"The section “{section.title}” has a heading but no text. Please check.",
            ),
            (Evidence(section.title, section.page, section.index),),
            section.title,
            "",
            {"confidence": 0.9, "weight": 1.0, "said": 1.0, "empty": 1.0, "headings": float(len(heads))},
        )


WEIGHTS = {"basics": 0.9, "work": 0.75, "conclusion": 0.85, "analysis": 0.75, "problems": 0.95, "suggestions": 0.95}
