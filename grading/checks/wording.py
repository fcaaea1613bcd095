"""Problems that say nothing (`vague-problem`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, message
from grading.facts.sections import Section
from grading.reading.document import Paragraph
from grading.reading.splicing import squeeze

NUMBERING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]\s*|问题\s*[\d一二三四五六七八九十]+\s*[:：、.]?\s*|[①-⑳]\s*)+"
)
NOTHING = re.compile(
    r"^(?:无|暂无|没有|未发现(?:明显|重大|突出)?(?:的)?问题|无明显(?:的)?问题|不存在(?:明显|突出)?(?:的)?问题|无(?:重大|突出)?问题)[。.]?$"
)
STOCK = re.compile(
    r"有待(?:进一步)?(?:加强|提高|提升|完善|改进|规范|健全|优化|细化)|(?:还)?(?:需|需要|应)(?:要)?(?:进一步|持续)?(?:加强|提高|提升|完善|改进|规范|健全|优化)"
    r"|不够(?:完善|健全|到位|规范|充分|深入|细致|高|强)|(?:存在)?(?:一定|一些|部分)?(?:的)?(?:不足|差距|欠缺)|不足$|较弱|薄弱"
)
SPECIFIC = re.compile(
    r"\d|《|%|例如|如：|比如|抽查|涉及|其中|未按|未及时|未[^，。]{0,8}(?:开展|制定|完成|建立|履行|提供|落实)|扣\S{0,3}分|“[^”]{4,}”"
)
LONGEST_STOCK = 90


@check("vague-problem", severity=Severity.WARNING)
def vague_problem(context: Context) -> Iterator[Finding]:
    """P2: a problems section that says nothing specific: 无, or stock phrases without a figure or a name."""
    facts = context.facts
    found = [one for one in facts.sections if "problems" in one.kinds]
    for section in found:
        deeper = [
            one
            for one in found
            if one.level > section.level and section.index < one.index <= _end(facts.sections, section)
        ]
        if deeper:
            continue
        end = _next(facts.sections, section, len(facts.report.paragraphs))
        stretch = facts.report.paragraphs[section.index + 1 : end]
        inside = [one for one in stretch if one.origin == "body" and one.text.strip()]
        text = "".join(NUMBERING.sub("", squeeze(one.text)) for one in inside)
        tables = any(
            section.index <= table.after < _next(facts.sections, section, 10**9) for table in facts.report.tables
        )
        if not inside or tables:
            continue
        nothing = bool(NOTHING.match(text))
        if not nothing and (len(text) > LONGEST_STOCK or SPECIFIC.search(text) or not _all_stock(text)):
            continue
        quote = inside[0]
        yield Finding(
            "vague-problem",
            Severity.WARNING,
            message(
                "“存在的问题”部分没有写明具体问题，请补充。",
                "The section on problems names nothing specific. Please complete it.",
            ),
            (whole(quote), Evidence(section.title, section.page, section.index)),
            quote.text.strip()[:60],
            "应写明具体问题",
            {"confidence": 0.95 if nothing else 0.85, "table": 0.0, "parts": 1.0, "whole": float(nothing)},
        )


def _all_stock(text: str) -> bool:
    clauses = [one for one in re.split(r"[。；;，,、]", text) if len(one) > 1]
    return bool(clauses) and sum(bool(STOCK.search(one)) for one in clauses) * 2 >= len(clauses)


def _next(sections: list[Section], section: Section, none: int) -> int:
    return next((one.index for one in sections if one.index > section.index and one.level <= section.level), none)


def _end(sections: list[Section], section: Section) -> int:
    return _next(sections, section, 10**9)


def whole(paragraph: Paragraph) -> Evidence:
    """A paragraph as evidence."""
    return Evidence(paragraph.text.strip(), paragraph.page, paragraph.index)
