"""The yearly report on quality: ordered by one person, reckoned and printed by a job, released by another.

What it tells is frozen with a digest; when the figures have moved since, it is not released but written anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import force_locale
from sqlalchemy import func, select

from core.clock import SHANGHAI
from core.deadlines import DerivedDeadline, derive
from core.documents.accept import keep_bytes
from core.errors import Refusal, Refused
from core.i18n import LANGUAGES, Language, _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.jobs import defer, job
from core.notifications.send import NotificationKind, notify
from core.records import digest, plain
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from grading.addresses import quality_report_page
from grading.models import QualityReport
from grading.queries.analysis_grades import graded_annex
from grading.queries.analysis_scope import SPAN, Scope
from grading.queries.quality_report import load_quality_report, published_years, standing_report
from grading.services.analysis import SECTIONS
from grading.services.analysis_exhibits import Exhibit, records_of
from grading.services.analysis_rules import analysis_rules
from grading.services.analysis_sources import Sources
from grading.services.quality_report_paper import ANNEX_MOST, NOT_SUMMED, REPORTED, report_paper
from grading.states import QualityReportState
from grading.workflow import QUALITY_REPORT

NUMBERING = 0x515250
PURPOSE = "quality-report"
DRAFTED = NotificationKind(
    "quality-report.drafted",
    _l("%(year)s 年度评价质量报告待审核发布"),
    _l("%(year)s 年度评价质量报告（%(number)s）已生成，请审核；发布后公众可以查看。"),
)


def ask_for_report(uow: UnitOfWork, year: int) -> QualityReport:
    """Order the report of a year; a job reckons and prints it.

    Raises `Refused` while the year's grades are not published (R-GRADE.publish), and while the year has a report.
    """
    refusals = []
    if year not in published_years(uow):
        refusals.append(
            Refusal(_l("%(year)s 年度的评级还没有公布，不能生成报告", year=str(year)), "R-GRADE.publish", "year")
        )
    if standing_report(uow, year) is not None:
        refusals.append(Refusal(_l("%(year)s 年度已有报告；要重新生成，先作废或撤回", year=str(year)), field="year"))
    if refusals:
        raise Refused(*refusals)
    report = uow.add(
        QualityReport(
            year=year,
            number=_next_number(uow),
            state=QualityReportState.PREPARING,
            as_of=uow.today,
            figures=None,
            digest=None,
            made_at=uow.now,
            made_by_id=uow.actor.user_id,
            released_at=None,
            released_by_id=None,
        )
    )
    uow.session.flush()
    uow.record("quality_report.ask", report, after={"year": year, "number": report.number})
    defer(uow, write_report, report_id=str(report.id), lock=f"quality-report:{year}")
    return report


@job("grading.quality-report")
def write_report(uow: UnitOfWork, *, report_id: str) -> None:
    """Reckon and print a year's report; a second run finds it prepared and does nothing."""
    prepare_report(uow, uuid.UUID(report_id))


def prepare_report(uow: UnitOfWork, report_id: uuid.UUID) -> None:
    """Reckon the figures and print both papers; a report that is prepared or dropped is left alone."""
    report = load_quality_report(uow, report_id)
    if report is None:
        return
    uow.lock(report)
    if report.state is not QualityReportState.PREPARING:
        return
    exhibits = exhibits_of(uow, report.year, report.as_of)
    figures = _figures(uow, report.year, report.as_of, exhibits)
    mark = digest(figures)
    for language, made in exhibits.items():
        with force_locale(language):
            paper = report_paper(uow, report, made, mark, language)
        name = f"{report.year}年度评价质量报告.pdf" if language == "zh" else f"Quality report {report.year}.pdf"
        purpose = f"{PURPOSE}-{language}"
        keep_bytes(uow, paper, owner=report, purpose=purpose, name=name, media_type="application/pdf")
    QUALITY_REPORT.fire(
        uow, report, "prepare", as_system=True, assign={"figures": figures, "digest": mark}, detail={"digest": mark}
    )
    notify(
        uow,
        DRAFTED,
        user_ids_with(uow, Role.PROCUREMENT_APPROVER),
        url=quality_report_page(report.id),
        params={"year": str(report.year), "number": report.number},
    )


def release_report(uow: UnitOfWork, report: QualityReport) -> None:
    """Release the report to the public (R-AGENCY-14: nothing goes out but by the bureau's own decision).

    Raises `Refused` where its figures have moved since it was written: then it is dropped and written anew.
    """
    uow.lock(report)
    if report.state is QualityReportState.DRAFT and digest(figures_of(uow, report.year, report.as_of)) != report.digest:
        raise Refused(
            Refusal(_l("报告生成之后数据有变化（例如申诉更正、补充答复），请作废后重新生成"), "R-GRADE.publish")
        )
    QUALITY_REPORT.fire(uow, report, "release", assign={"released_by_id": uow.actor.user_id})


def drop_report(uow: UnitOfWork, report: QualityReport, reason: str) -> None:
    """Give up a report that is not released, or take back one that is, with the reason."""
    released = report.state is QualityReportState.RELEASED
    QUALITY_REPORT.fire(uow, report, "withdraw" if released else "drop", reason=reason)


def due_for_release(uow: UnitOfWork, report: QualityReport) -> DerivedDeadline:
    """Return until when a report is to be public once it is made (R-FB-05)."""
    made = report.made_at.astimezone(SHANGHAI).date()
    return derive("R-FB-05", made, work_calendar(uow), uow.house.rules)


def exhibits_of(uow: UnitOfWork, year: int, as_of: date) -> dict[Language, dict[str, Exhibit]]:
    """Return by language the exhibits a year's report shows, by key."""
    sources = Sources(uow, Scope(year - SPAN + 1, year), analysis_rules(uow), as_of)
    makers = {key: make for one in SECTIONS.values() for key, make in one.exhibits.items()}
    found: dict[Language, dict[str, Exhibit]] = {}
    for language in LANGUAGES:
        with force_locale(language):
            found[language] = {key: makers[key](sources) for _title, keys in REPORTED for key in keys}
    return found


def figures_of(uow: UnitOfWork, year: int, as_of: date) -> dict[str, Any]:
    """Return every number a year's report tells, with its sentences in both languages, fit for a record."""
    return _figures(uow, year, as_of, exhibits_of(uow, year, as_of))


def _figures(
    uow: UnitOfWork, year: int, as_of: date, exhibits: Mapping[Language, Mapping[str, Exhibit]]
) -> dict[str, Any]:
    says = [
        {"key": key, **{language: [made[key].title, made[key].says] for language, made in exhibits.items()}}
        for key in exhibits["zh"]
        if key not in NOT_SUMMED
    ]
    rows = {key: records_of(one) for key, one in exhibits["zh"].items()}
    annex = [list(row) for row in graded_annex(uow, year, ANNEX_MOST)]
    whole: dict[str, Any] = plain({"year": year, "as_of": as_of, "says": says, "rows": rows, "annex": annex})
    return whole


def _next_number(uow: UnitOfWork) -> str:
    """Return the next free number of the year, e.g. 质报〔2026〕1号."""
    # A lock for the numbering alone: two reports ordered at once must not get one number.
    uow.session.execute(select(func.pg_advisory_xact_lock(NUMBERING)))
    year = uow.today.year
    taken = uow.session.scalar(select(func.count()).where(QualityReport.number.like(f"质报〔{year}〕%"))) or 0
    return f"质报〔{year}〕{taken + 1}号"
