"""Problems and points that do not go together (`problem-score`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, evidence, message
from grading.checks.targets import DEDUCTED
from grading.facts.sections import Section
from grading.reading.document import Paragraph
from grading.reading.splicing import squeeze

REFERS = re.compile(r"指标[^，。]{0,6}扣|扣\s*[\d.]+\s*分|因此扣|予以扣分")
ANNEX = re.compile(r"^附(?:件|录|表)?[一二三四五六七八九十\d\-－]+[：:.、]?|^附(?:件|录)[：:]?$")
ANNEX_HEAD = 60
OPENING = 6  # signs before a name with which a paragraph opens: its number, a quotation mark
PRAISED = re.compile(r"按(?:评分)?标准|已核定|核定|综合评定|酌情")


@check("problem-score", severity=Severity.WARNING)
def problem_score(context: Context) -> Iterator[Finding]:
    """P1: a problem that names an indicator with full marks; or a deduction without a reason anywhere."""
    facts = context.facts
    main = facts.main
    if main is None:
        return
    problems = list(problem_paragraphs(context))
    told = squeeze("".join(one.text for one in problems))
    names = [squeeze(one.name) for one in main.leaves]
    for leaf in main.leaves:
        name = squeeze(leaf.name)
        if leaf.weight is None or leaf.score is None or len(name) < 5 or names.count(name) > 1:
            continue
        if leaf.score.value >= leaf.weight.value:
            said = next((one for one in problems if _about(one, name, names)), None)
            if said is not None:
                yield Finding(
                    "problem-score",
                    Severity.WARNING,
                    message(
                        f"问题部分写到“{leaf.name}”存在不足，但该指标得满分{leaf.score.text}，请核对。",
                        f"The problems name “{leaf.name}”, but it has full marks ({leaf.score.text}). Please check.",
                    ),
                    (Evidence(said.text.strip()[:120], said.page, said.index), evidence(leaf.score)),
                    leaf.score.text,
                    "应相应扣分",
                    {"confidence": 0.8, "table": 1.0, "parts": 2.0, "whole": 0.0},
                )
        elif leaf.score.value < leaf.weight.value and problems and name not in told:
            note = squeeze(leaf.note) or _told(context, leaf.name)
            if len(note) >= 4 and PRAISED.search(note) and not DEDUCTED.search(PRAISED.sub("", note)):
                yield Finding(
                    "problem-score",
                    Severity.WARNING,
                    message(
                        f"“{leaf.name}”扣了分，但评分说明和问题部分都没有写明原因，请补充。",
                        f"“{leaf.name}” lost points, but neither its note nor the problems say why. Please complete.",
                    ),
                    (
                        evidence(leaf.score),
                        *(
                            [Evidence(leaf.note.strip()[:120], leaf.page, None, main.table.index, leaf.row)]
                            if leaf.note.strip()
                            else []
                        ),
                    ),
                    leaf.score.text,
                    "扣分应说明原因",
                    {"confidence": 0.75, "table": 1.0, "parts": 2.0, "whole": 1.0},
                )


def _told(context: Context, name: str) -> str:
    """What the text says of an indicator whose table has no notes, without its name; "" where no paragraph opens so."""
    own = squeeze(name)
    for paragraph in context.facts.report.paragraphs:
        text = squeeze(paragraph.text)
        if paragraph.origin == "body" and not paragraph.level and 0 <= text.find(own) <= OPENING:
            return text.replace(own, "")
    return ""


def problem_paragraphs(context: Context) -> Iterator[Paragraph]:
    """The paragraphs under the headings on problems; not those under a heading on experience inside such a section."""
    sections = context.facts.sections
    heads = {section.index for section in sections if section.kinds}
    first = min((one.index for one in sections if "problems" in one.kinds), default=0)
    for paragraph in context.facts.report.paragraphs:
        if paragraph.index > first and len(paragraph.text) < ANNEX_HEAD and ANNEX.match(squeeze(paragraph.text)):
            return
        if paragraph.origin != "body" or not paragraph.text.strip() or paragraph.index in heads:
            continue
        above = _sections_of(sections, paragraph.index)
        deepest = next((one for one in reversed(above) if one.kinds & {"problems", "experience"}), None)
        if deepest is not None and "problems" in deepest.kinds:
            yield paragraph


def _sections_of(sections: list[Section], place: int) -> list[Section]:
    """The headings under which a paragraph stands, the highest first."""
    found: list[Section] = []
    for section in sections:
        if section.index >= place:
            break
        found = [one for one in found if one.level < section.level]
        found.append(section)
    return found


def _about(paragraph: Paragraph, name: str, names: list[str]) -> bool:
    """Whether a problem is about this indicator: it opens with its name, and no other is named or points are taken."""
    text = squeeze(paragraph.text)
    place = text.find(name)
    return 0 <= place <= 12 and not REFERS.search(text) and not any(other != name and other in text for other in names)
