"""The five parts of the analysis of quality, and the exhibits that each shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.i18n import Text, _l
from grading.services import (
    analysis_agencies,
    analysis_findings,
    analysis_grades,
    analysis_letters,
    analysis_raters,
)
from grading.services.analysis_exhibits import Exhibit
from grading.services.analysis_sources import Sources

INSIDE = frozenset({"agencies", "late-agencies", "own"})
"""Exhibits that name agencies beside their findings or delays: these stay in the bureau."""


@dataclass(frozen=True)
class Section:
    """One part: its place in addresses, its name, the question it answers, and its exhibits by key, the chief first."""

    key: str
    title: Text
    asks: Text
    exhibits: Mapping[str, Callable[[Sources], Exhibit]]


SECTIONS = {
    one.key: one
    for one in (
        Section(
            "grades",
            _l("等级分布与变化"),
            _l("各年度各等级有多少，分数在上升吗？"),
            {
                "grades": analysis_grades.distribution,
                "levels": analysis_grades.levels,
                "drift": analysis_grades.drift,
                "kinds": analysis_grades.by_kind,
                "fields": analysis_grades.by_sector,
            },
        ),
        Section(
            "trajectories",
            _l("机构走势"),
            _l("哪些机构在进步，哪些在退步，因为什么？"),
            {
                "moves": analysis_agencies.changed_grades,
                "risers": analysis_agencies.risers,
                "fallers": analysis_agencies.fallers,
            },
        ),
        Section(
            "findings",
            _l("疑点类别"),
            _l("报告错在哪里，哪些机构多，问过还错吗？"),
            {
                "classes": analysis_findings.classes,
                "agencies": analysis_findings.agencies,
                "again": analysis_findings.again,
            },
        ),
        Section(
            "letters",
            _l("答复与整改时间"),
            _l("多久答复，多久改好，逾期多吗？"),
            {
                "answers": analysis_letters.answers,
                "corrections": analysis_letters.corrections,
                "letters": analysis_letters.years,
                "late-agencies": analysis_letters.late_agencies,
            },
        ),
        Section(
            "raters",
            _l("评分一致性"),
            _l("不同的人评同一份报告，分数一致吗？"),
            {"agreement": analysis_raters.agreement, "pairs": analysis_raters.pairs},
        ),
    )
}
"""By key, in the order of their tabs."""
