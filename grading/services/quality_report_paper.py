"""The yearly report on quality as an official paper: cover, summary, plots with tables, methods, annex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from agencies.states import Grade
from core.i18n import Language, Text, _, _l, heading
from core.pdf import Block, Figure, Heading, OfficialDocument, PageBreak, Paragraph, Table
from core.plots import measure
from core.unit_of_work import UnitOfWork
from grading.models import QualityReport
from grading.queries.analysis_grades import counts_by_year, graded_annex
from grading.queries.analysis_scope import Scope
from grading.services.analysis_exhibits import Exhibit, Head, shown
from grading.services.analysis_rules import RULE, analysis_rules

REPORTED: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (_l("机构评级"), ("grades", "levels", "drift", "kinds", "fields", "moves")),
    (_l("报告质量"), ("classes", "again")),
    (_l("答复与整改"), ("answers", "corrections", "letters")),
    (_l("评分一致性"), ("agreement", "pairs")),
)
"""What the report shows, chapter by chapter; nothing of an agency's own findings or delays is among it."""
PLOT_ALONE = frozenset({"answers", "corrections"})
"""Exhibits whose table, a line a day, the plot already holds."""
NOT_SUMMED = frozenset({"kinds", "fields", "pairs"})
"""Exhibits whose sentence says how to read them rather than what was found."""
ANNEX_MOST = 2000
"""More agencies than this stand in the public register, not in the annex."""
DRAWN = 560.0
_LATIN = re.compile(r"[\x21-\x7e]+")
NUMERALS = "零一二三四五六七八九十"


def report_paper(
    uow: UnitOfWork, report: QualityReport, exhibits: Mapping[str, Exhibit], mark: str, language: Language
) -> bytes:
    """Lay the report out in the present language."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    settings = uow.house.settings
    bureau = settings.bureau_name_zh if language == "zh" else settings.bureau_name_en
    body = [
        *_opening(uow, report, exhibits, language),
        *_chapters(exhibits, language),
        *_methods(uow, report, exhibits, language),
        *_annex(uow, report),
    ]
    return build_pdf(
        OfficialDocument(
            kind="report",
            issuer=bureau,
            number=report.number,
            title=_("%(year)s 年度评价质量报告", year=report.year),
            body=body,
            signatory="",
            date=_day(report.as_of, language),
            record_hash=mark,
            language=language,
        )
    )


def _day(day: date, language: Language) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%B} {day.year}"


def _chapter(number: int, title: Text, language: Language) -> Heading:
    said = heading(title)
    return Heading(f"{NUMERALS[number]}、{said}" if language == "zh" else f"{number}. {said}")


def _opening(
    uow: UnitOfWork, report: QualityReport, exhibits: Mapping[str, Exhibit], language: Language
) -> Iterator[Block]:
    rules = analysis_rules(uow)
    yield _chapter(1, _l("总体情况"), language)
    yield Paragraph(
        _(
            "本报告依据 %(year)s 年度已公布的机构评级，以及截至 %(day)s 的报告核查、询问函和评分记录，由系统计算生成。"
            "文中区间为 %(level)s 区间；样本少的均已写明，不作结论。",
            year=report.year,
            day=_day(report.as_of, language),
            level=rules.percent,
        )
    )
    chief = [one for one in exhibits.values() if one.key not in NOT_SUMMED]
    for number, one in enumerate(chief, start=1):
        said = f"{one.says}{_('（%(few)s）', few=one.few.rstrip('。.'))}" if one.few and one.rows else one.says
        yield Paragraph(_("%(number)s．%(title)s：%(said)s", number=number, title=one.title, said=said))


def _chapters(exhibits: Mapping[str, Exhibit], language: Language) -> Iterator[Block]:
    figure = table = 0
    for number, (title, keys) in enumerate(REPORTED, start=2):
        yield _chapter(number, title, language)
        for place, key in enumerate(keys, start=1):
            one = exhibits[key]
            label = f"（{NUMERALS[place]}）{one.title}" if language == "zh" else f"{number}.{place} {one.title}"
            yield Heading(label, 2)
            yield Paragraph(one.says)
            if one.few and one.rows:
                yield Paragraph(one.few)
            if one.draw is not None:
                figure += 1
                yield Figure(one.draw(DRAWN), _("图 %(number)s　%(title)s", number=figure, title=one.title))
            if one.rows and key not in PLOT_ALONE:
                table += 1
                yield _table(one, _("表 %(number)s　%(title)s", number=table, title=one.title))


def _table(one: Exhibit, caption: str) -> Table:
    return Table(
        head=[heading(head.title) for head in one.heads],
        rows=[[shown(head.kind, row.values.get(head.key)) for head in one.heads] for row in one.rows],
        widths=[_width(one, head) for head in one.heads],
        numeric=frozenset(place for place, head in enumerate(one.heads) if head.numeric),
        caption=caption,
    )


def _width(one: Exhibit, head: Head) -> float:
    """Return a column's share: words wide, an interval wider, and never narrower than its longest word."""
    base = 64.0 if head.kind == "text" or head.spread else 34.0
    said = [heading(head.title)]
    if head.kind == "text":
        said += [shown(head.kind, row.values.get(head.key)) for row in one.rows]
    longest = max(measure(word, 9.5) for text in said for word in _LATIN.findall(text) or [""])
    return max(base, longest + 14)


def _methods(
    uow: UnitOfWork, report: QualityReport, exhibits: Mapping[str, Exhibit], language: Language
) -> Iterator[Block]:
    yield _chapter(len(REPORTED) + 2, _l("方法说明"), language)
    for one in exhibits.values():
        if one.notes:
            yield Paragraph(_("%(title)s：%(notes)s", title=one.title, notes=_joined(one.notes, language)))
    named = dict.fromkeys([RULE, *(rule for one in exhibits.values() for rule in one.rules), "R-GRADE.publish"])
    yield Paragraph(_("所依据的规则："))
    for name in named:
        rule = uow.house.rules.rule(name, on=report.as_of)
        says = rule.statement.in_language(language)
        standing = rule.standing.title(language)
        yield Paragraph(_("%(rule)s（%(standing)s）：%(says)s", rule=name, standing=standing, says=says))
    yield Paragraph(
        _("每页下方的记录校验码是本报告数据 SHA-256 的前 16 位；各机构的疑点只在财政局和机构之间，不在本报告列出。")
    )


def _joined(notes: Sequence[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(notes)


def _annex(uow: UnitOfWork, report: QualityReport) -> Iterator[Block]:
    rows = graded_annex(uow, report.year, ANNEX_MOST)
    counts = counts_by_year(uow, Scope(report.year, report.year)).get(report.year, {})
    graded = sum(count for grade, count in counts.items() if grade is not Grade.UNGRADED)
    yield PageBreak()
    yield Heading(_("附件：%(year)s 年度获得等级的机构名单", year=report.year))
    yield Paragraph(
        _(
            "共 %(graded)s 家获得等级，%(ungraded)s 家任务不足、不参评。",
            graded=graded,
            ungraded=counts.get(Grade.UNGRADED, 0),
        )
    )
    if graded > len(rows):
        yield Paragraph(_("名单只列前 %(count)s 家，其余见机构名录。", count=len(rows)))
    if rows:
        yield Table(
            head=[
                heading(one) for one in (_("序号"), _("机构"), _("机构类型"), _("评级"), _("年度得分"), _("计入任务"))
            ],
            rows=[
                [str(place), name, str(kind.label), str(grade.label), f"{score:.2f}", str(tasks)]
                for place, (name, kind, grade, score, tasks) in enumerate(rows, start=1)
            ],
            widths=(0.8, 4.2, 2.2, 1.2, 1.3, 1.4),
            numeric=frozenset({0, 4, 5}),
        )
