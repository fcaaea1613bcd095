"""The rows behind the analysis's numbers: graded agencies, reports, question letters."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload

from agencies.models import Agency, AgencyGrade
from agencies.states import Grade
from core.http.guard import requires
from core.http.lists import asked, listing
from core.i18n import Text, _, _l
from core.unit_of_work import UnitOfWork
from grading.finding_words import CLASSES, class_title
from grading.models import QuestionLetter, Submission
from grading.permissions import AnalysisPermission
from grading.queries.analysis_findings import reports_behind
from grading.queries.analysis_grades import graded_agencies
from grading.queries.analysis_letters import letters_behind
from grading.views.analysis import scope_asked

analysis_rows = Blueprint("analysis_rows", __name__, url_prefix="/grading/analysis/rows")

ONLY: dict[str, Text] = {"late": _l("逾期答复"), "open": _l("尚未答复"), "overdue": _l("逾期尚未答复")}


def _grade(name: str) -> Grade | None:
    return Grade(asked(name)) if asked(name) in {one.value for one in Grade} else None


def _asked_agency(uow: UnitOfWork) -> Agency | None:
    try:
        return uow.get(Agency, uuid.UUID(asked("agency")))
    except ValueError:
        return None


def _crumbs(section: str, title: str, here: str) -> list[tuple[str, str | None]]:
    return [
        (_("质量分析"), url_for("analysis.home")),
        (title, url_for("analysis.show", section=section)),
        (here, None),
    ]


def _told(*parts: object) -> str:
    return " · ".join(str(one) for one in parts if one)


@analysis_rows.get("/agencies")
@requires(AnalysisPermission.READ)
def agencies(uow: UnitOfWork) -> ResponseReturnValue:
    """List the graded agencies of a year behind a number."""
    scope = scope_asked(uow)
    year = request.args.get("year", scope.last, type=int)
    grade, before = _grade("grade"), _grade("before")
    query = graded_agencies(scope, year, grade=grade, before=before).options(selectinload(AgencyGrade.agency))
    title = _("%(year)s 年度的机构", year=year)
    return _page(
        uow,
        "grading/analysis/agencies.html",
        query,
        {"score": AgencyGrade.score, "tasks": AgencyGrade.tasks},
        "-score",
        title=title,
        told=_told(
            grade.label if grade else "",
            _("上一年度 %(grade)s", grade=before.label) if before else "",
            scope.kind.label if scope.kind else "",
            scope.sector.label if scope.sector else "",
        ),
        crumbs=_crumbs("grades", _("等级分布与变化"), title),
    )


@analysis_rows.get("/reports")
@requires(AnalysisPermission.READ_INSIDE)
def reports(uow: UnitOfWork) -> ResponseReturnValue:
    """List the reports behind a number: with an upheld finding of a class, of an agency."""
    scope, agency = scope_asked(uow), _asked_agency(uow)
    code = asked("code") if asked("code") in CLASSES else ""
    query = reports_behind(scope, code=code, agency=agency.id if agency else None)
    return _page(
        uow,
        "grading/analysis/reports.html",
        query,
        {"delivered": Submission.delivered_at},
        "-delivered",
        title=_("相关的报告"),
        told=_told(
            f"{scope.first}–{scope.last}",
            class_title(code) if code else "",
            agency.organisation.name if agency else "",
            scope.kind.label if scope.kind else "",
            scope.sector.label if scope.sector else "",
        ),
        crumbs=_crumbs("findings", _("疑点类别"), _("相关的报告")),
    )


@analysis_rows.get("/letters")
@requires(AnalysisPermission.READ_INSIDE)
def letters(uow: UnitOfWork) -> ResponseReturnValue:
    """List the question letters behind a number."""
    scope, agency = scope_asked(uow), _asked_agency(uow)
    only = asked("only") if asked("only") in ONLY else ""
    query = letters_behind(scope, uow.today, only=only, agency=agency.id if agency else None)
    return _page(
        uow,
        "grading/analysis/letters.html",
        query,
        {"sent": QuestionLetter.sent_at, "due": QuestionLetter.due_on},
        "-sent",
        title=_("相关的询问函"),
        told=_told(f"{scope.first}–{scope.last}", ONLY.get(only, ""), agency.organisation.name if agency else ""),
        crumbs=_crumbs("letters", _("答复与整改时间"), _("相关的询问函")),
    )


def _page(
    uow: UnitOfWork, template: str, query: Any, sortable: dict[str, Any], default: str, **values: Any
) -> ResponseReturnValue:
    page = listing(uow, query, sortable=sortable, default=default)
    carried = {name: value for name, value in request.args.items() if name not in ("page", "sort")}
    page = dataclasses.replace(page, values=carried)  # the address's own parameters go on from page to page
    return render_template(template, page=page, **values)
