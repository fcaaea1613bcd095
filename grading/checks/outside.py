"""The report beside what stands outside it: approved indicators (`indicator-mismatch`), reports (`recycled-text`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from grading.checks.finding import Evidence, Finding, Severity, Source
from grading.checks.registry import Context, check, evidence, message
from grading.facts.rows import Indicator
from grading.reading.approved import ApprovedIndicator
from grading.reading.document import Paragraph, Report
from grading.reading.splicing import squeeze

SHINGLE = 16
LONG = 60  # characters shared in one run
TEMPLATE = 3  # what stands in so many other reports is a template
CITED = re.compile(r"《[^》]{4,}》")
METHOD = re.compile(
    r"评价(?:原则|方法|标准|依据)|比较法|因素分析法|公众评判|成本效益|最低成本|定量|定性|科学公正|统筹兼顾|公开透明|财预〔"
)


@check("indicator-mismatch", severity=Severity.ERROR)
def indicator_mismatch(context: Context) -> Iterator[Finding]:
    """R2: indicators, weights or targets that are not those approved before the evaluation (R-IND-01)."""
    main = context.facts.main
    if main is None or not context.approved:
        return
    leaves = {squeeze(one.name): one for one in main.leaves}
    known = {one.name: one for one in context.approved}
    if 2 * len(known.keys() & leaves.keys()) < max(len(known), len(leaves)):
        shown = Evidence(next(iter(leaves), ""), None, None, main.table.index, 0)
        count = len(known.keys() & leaves.keys())
        words = (
            f"评分表的{len(leaves)}项指标中只有{count}项见于经审定的{len(known)}项，似不是同一套指标体系",
            f"only {count} of {len(leaves)} scored indicators are among the {len(known)} approved: another system?",
        )
        yield _mismatch(*words, (shown,), f"{count}", f"{len(known)}")
        return
    for name, wanted in known.items():
        leaf = leaves.get(name)
        if leaf is None:
            yield _missing(main.table.index, name)
        else:
            yield from _differs(leaf, wanted, main.table.index)
    for name, leaf in leaves.items():
        if name not in known:
            shown = Evidence(leaf.name, leaf.page, None, main.table.index, leaf.row)
            words = f"指标“{leaf.name}”不在经审定的指标体系中", f"“{leaf.name}” is not in the approved system"
            yield _mismatch(*words, (shown,), leaf.name, "经审定的指标体系中无此指标")


def _missing(table: int, name: str) -> Finding:
    words = f"经审定的指标“{name}”在评分表中没有找到", f"the approved indicator “{name}” is not in the score table"
    return _mismatch(*words, (Evidence(name, None, None, table, 0),), "", name)


def _differs(leaf: Indicator, wanted: ApprovedIndicator, table: int) -> Iterator[Finding]:
    if leaf.weight is not None and wanted.weight is not None and leaf.weight.value != wanted.weight:
        words = (
            f"“{leaf.name}”的权重为{leaf.weight.text}，经审定的为{wanted.weight:f}",
            f"“{leaf.name}” weighs {leaf.weight.text}, approved {wanted.weight:f}",
        )
        yield _mismatch(*words, (evidence(leaf.weight),), leaf.weight.text, f"{wanted.weight:f}")
    if leaf.target and wanted.target and _bare(leaf.target) != _bare(wanted.target):
        words = (
            f"“{leaf.name}”的目标值为“{leaf.target.strip()}”，经审定的为“{wanted.target}”",
            f"“{leaf.name}” has the target “{leaf.target.strip()}”, approved “{wanted.target}”",
        )
        shown = Evidence(leaf.target.strip(), leaf.page, None, table, leaf.row)
        yield _mismatch(*words, (shown,), leaf.target.strip(), wanted.target)


def _bare(target: str) -> str:
    text = squeeze(target).translate(str.maketrans("％，。；（）＝", "%,.;()="))
    return re.sub(r"^(?:大于等于|不低于|不少于)", "≥", re.sub(r"^(?:小于等于|不超过|不高于)", "≤", text)).strip(".;=")


def _mismatch(zh: str, en: str, shown: tuple[Evidence, ...], stated: str, expected: str) -> Finding:
    return Finding(
        "indicator-mismatch",
        Severity.ERROR,
        message(f"{zh}（R-IND-01），请核对。", f"{en} (R-IND-01). Please check."),
        shown,
        stated,
        expected,
        {"confidence": 0.95, "table": 1.0, "parts": 2.0},
    )


@check("recycled-text", severity=Severity.WARNING)
def recycled_text(context: Context) -> Iterator[Finding]:
    """D1: a long passage shared with another report, once templates, laws and descriptions of method are set aside."""
    if not context.others:
        return
    sources: dict[str, dict[int, int]] = {}
    for number, other in enumerate(context.others):
        for paragraph in passages(other):
            for piece in shingles(squeeze(paragraph.text)):
                if piece not in context.templates:
                    sources.setdefault(piece, {}).setdefault(number, paragraph.index)
    for paragraph in passages(context.facts.report):
        found = _longest(squeeze(paragraph.text), sources, len(context.others))
        if found is not None:
            passage, number = found
            title = context.others[number].title
            zh, en = (f"份报告《{title}》", f"report, “{title}”") if title else ("个项目的报告", "project's report")
            yield Finding(
                "recycled-text",
                Severity.WARNING,
                message(
                    f"这段文字有{len(passage)}字与另一{zh}相同，请核对是否套用。",
                    f"{len(passage)} characters of this passage stand in another {en}. Was it copied?",
                ),
                (Evidence(paragraph.text.strip(), paragraph.page, paragraph.index),),
                passage[:60],
                "应针对本项目撰写",
                {"confidence": 0.9, "table": 0.0, "parts": float(len(passage))},
                source=Source(number, sources[passage[:SHINGLE]][number], passage),
            )


def passages(report: Report) -> Iterator[Paragraph]:
    """Yield the paragraphs that an author writes for one report: long, in the body, no law and no method."""
    for paragraph in report.paragraphs:
        text = paragraph.text
        if paragraph.origin != "body" or paragraph.level or len(squeeze(text)) < LONG:
            continue
        if METHOD.search(text) or len(CITED.findall(text)) >= 2:
            continue
        yield paragraph


def shingles(text: str) -> list[str]:
    """Return every run of `SHINGLE` characters."""
    return [text[place : place + SHINGLE] for place in range(len(text) - SHINGLE + 1)]


def _longest(text: str, sources: Mapping[str, Mapping[int, int]], reports: int) -> tuple[str, int] | None:
    """Return the longest run that one other report holds and few others do, or None."""
    pieces = shingles(text)
    best: tuple[str, int] | None = None
    start, owners = 0, set[int]()
    for place, piece in enumerate([*pieces, ""]):
        held = set(sources.get(piece, ()))
        if len(held) >= TEMPLATE and 2 * len(held) > reports:
            held = set()
        both = owners & held
        if both:
            owners = both
            continue
        if owners and place - start + SHINGLE - 1 >= max(LONG, len(best[0]) + 1 if best else 0):
            best = text[start : place + SHINGLE - 1], Counter(owners).most_common(1)[0][0]
        start, owners = place, set(held)
    return best


def other_reports(reports: Sequence[Report], own: Report) -> tuple[Report, ...]:
    """Return the reports of another project than `own`: a report is no copy of its own earlier version.

    Reports without a title come from the database, which knows their projects.
    """
    return tuple(one for one in reports if not one.title or squeeze(one.title) != squeeze(own.title))
