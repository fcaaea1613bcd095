"""The outline of a report: its headings, with the section of the reference outline that each stands for.

The kinds are those of R-PERF-11 (财预〔2020〕10号 附3): 基本情况, 评价工作开展情况, 综合评价情况及评价结论,
绩效评价指标分析,
主要经验及做法、存在的问题及原因分析, 有关建议, 其他需要说明的问题.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grading.reading.document import Report
from grading.reading.layout import DOTS
from grading.reading.splicing import squeeze

KINDS: dict[str, re.Pattern[str]] = {
    "basics": re.compile(r"基本情况|项目概况|项目概述|项目基本|政策概况|部门概况|单位概况|总体情况"),
    "work": re.compile(
        r"评价工作|工作开展|评价组织|组织实施情况|评价的?基本情况|评价方案|评价过程|评价实施|评价思路|评价设计|自评工作|评价目的|评价方法"
    ),
    "conclusion": re.compile(
        r"结论|综合得分|得分情况|评价等级|评分情况|综合评价|评价结果|总体评价|评价情况|自评结果|评价得分|总体绩效"
        r"|评分结果"
    ),
    "analysis": re.compile(
        r"指标分析|绩效分析|指标完成|指标评价|绩效情况|完成情况|实现情况|目标完成|分项分析|具体分析|绩效表现|绩效评价指标"
    ),
    "problems": re.compile(r"问题|不足|偏差|困难|短板|薄弱"),
    "experience": re.compile(r"经验|成效|做法|亮点|成绩"),
    "suggestions": re.compile(r"建议|改进|整改|对策|下一步|措施|打算"),
    "others": re.compile(r"其他|需要说明|说明事项|有关说明|附件|结果应用"),
}
NAMES: dict[str, tuple[str, str]] = {
    "basics": ("基本情况", "basic facts"),
    "work": ("绩效评价工作开展情况", "how the evaluation was carried out"),
    "conclusion": ("综合评价情况及评价结论", "overall evaluation and conclusion"),
    "analysis": ("绩效评价指标分析", "analysis of the indicators"),
    "problems": ("存在的问题及原因分析", "problems and their causes"),
    "experience": ("主要经验及做法", "experience and practice"),
    "suggestions": ("有关建议", "suggestions"),
    "others": ("其他需要说明的问题", "other matters"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with what stands below it until the next heading of its level or above.

    `size` counts the characters of its text and tables (a table counts as 100), `kinds` are keys of `KINDS`.
    """

    index: int
    level: int
    title: str
    page: int | None
    kinds: frozenset[str]
    size: int


def kinds_of(title: str) -> frozenset[str]:
    """The sections of the reference outline for which a heading stands."""
    bare = squeeze(title)
    if re.search(r"其他|需要说明|有关说明", bare) and not re.search(r"经验|建议|原因", bare):
        return frozenset({"others"})
    if bare.startswith("附") and bare.endswith("表"):
        return frozenset()
    return frozenset(kind for kind, pattern in KINDS.items() if pattern.search(bare))


def is_contents(text: str, standing: set[str]) -> bool:
    """Whether a heading is a line of the table of contents; `standing` are the paragraphs' texts without blanks."""
    if DOTS.search(text):
        return True
    bare = re.sub(r"[.．…·\s]*\d{1,3}\s*$", "", text)
    return bare != text and squeeze(bare) in standing


def outline(report: Report) -> list[Section]:
    """The headings in order, lines of the table of contents left out."""
    tables: dict[int, int] = {}
    for table in report.tables:
        tables[table.after] = tables.get(table.after, 0) + 1
    body = [p for p in report.paragraphs if p.origin == "body"]
    standing = {squeeze(p.text) for p in body}
    heads = [p for p in body if p.level in {1, 2, 3} and not is_contents(p.text, standing)]
    sections = []
    for number, head in enumerate(heads):
        end = next((other.index for other in heads[number + 1 :] if other.level <= head.level), len(report.paragraphs))
        inside = [p for p in report.paragraphs[head.index + 1 : end] if p.origin == "body" and not p.level]
        size = sum(len(squeeze(p.text)) for p in inside)
        size += 100 * sum(tables.get(place, 0) for place in range(head.index, end))
        sections.append(Section(head.index, head.level, head.text.strip(), head.page, kinds_of(head.text), size))
    return sections
