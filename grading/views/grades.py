"""How an agency's grade came about, open to everybody, and its record to verify."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func

from agencies.models import AgencyGrade
from agencies.states import Grade
from core.http.guard import public, requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.records import written
from core.rules import Words
from core.unit_of_work import UnitOfWork
from grading.grade_record import public_grade_record
from grading.permissions import GradePermission
from grading.queries import entry_of_grade, load_grade, published_grades, published_years
from grading.queries.certificate import certificates_of
from grading.queries.corrections import corrected_among, corrections_of
from grading.scale import printed
from grading.services.grading_cycle import GRADES
from grading.sheet_words import grade_words
from grading.states import CorrectionKind
from grading.views.check import address_of as address_of_certificate
from grading.views.check import certificate_parts
from projects.states import Sector

grades = Blueprint("grades", __name__, url_prefix="/grades")


GRADE_FILTER = Filter("grade", _l("评级"), [(one.value, one.label) for one in Grade])


def address_of(grade: AgencyGrade) -> str:
    """Return the address of the page that explains a grade."""
    return url_for("grades.show", grade_id=grade.id)


@grades.get("")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the published grades of every year for anybody."""
    years = [(str(one), str(one)) for one in published_years(uow)]
    page = listing(
        uow,
        published_grades(text=asked("q"), year=asked("year"), grade=asked("grade")),
        sortable={
            "year": AgencyGrade.year * 1000 + func.coalesce(AgencyGrade.score, 0),  # within a year the best first
            "grade": AgencyGrade.grade,
            "score": func.coalesce(AgencyGrade.score, -1),
        },
        default="-year",
        filters=(Filter("year", _l("年度"), years), GRADE_FILTER),
    )
    ids = [row.id for row in page.rows]
    return render_template(
        "grading/grade/index.html",
        page=page,
        certificates=certificates_of(uow, ids),
        corrected=corrected_among(uow, ids),
        address_of=address_of_certificate,
        crumbs=[(_("年度评级公告"), None)],
    )


@grades.get("/<uuid:grade_id>")
@requires(GradePermission.READ_GRADE, load_grade, see=GradePermission.READ_GRADE)
def show(uow: UnitOfWork, grade: AgencyGrade) -> ResponseReturnValue:
    """Show how the grade came about from the tasks, as anybody may know it."""
    tasks = grade.record["tasks"]
    total = sum((Decimal(task["weight"]) for task in tasks), Decimal(0))
    entry, corrected = entry_of_grade(uow, grade), corrections_of(uow, grade)
    return render_template(
        "grading/grade/show.html",
        grade=grade,
        agency=grade.agency,
        own_entry=entry if entry and policy.allows(uow.actor, GradePermission.READ_ENTRY, entry) else None,
        tasks=[_task(task, total) for task in tasks],
        result=grade.record["result"],
        losses=grade.record["losses"],
        titles=titles_in(grade.record["rules"]),
        elements=grade.record["rules"]["elements"],
        sectors=[(Sector(name), one, GRADES[one["grade"]]) for name, one in grade.record.get("sectors", {}).items()],
        digest=grade.record["digests"]["record"] if "digests" in grade.record else "",
        **certificate_parts(uow, grade),
        corrections=corrected,
        withdrawn=bool(corrected) and corrected[0].kind is CorrectionKind.WITHDRAW,
        grade_words=grade_words,
        may_correct=entry is not None and policy.allows(uow.actor, GradePermission.CORRECT, grade),
        may_full=policy.allows(uow.actor, GradePermission.READ_RECORD, grade),
        crumbs=[
            (_("机构库"), url_for("agencies.index")),
            (grade.agency.organisation.name, url_for("agencies.show", agency_id=grade.agency_id)),
            (_("%(year)s 年度评级", year=grade.year), None),
        ],
    )


def titles_in(rules: Mapping[str, Any]) -> dict[str, Words]:
    """Return the names of elements and grades that a record's rule set has."""
    return {key: Words(*pair) for key, pair in rules.get("titles", {}).items()}


def _task(task: Mapping[str, Any], total: Decimal) -> dict[str, Any]:
    share = Fraction(Decimal(task["weight"])) / Fraction(total)
    return {
        "id": task["id"],
        "score": Decimal(task["score"]),
        "weight": Decimal(task["weight"]),
        "amount": Decimal(task.get("amount", task["weight"])),
        "corrections": task.get("corrections", {}),
        "share": printed(share * 100, 1),
        "part": printed(share * Fraction(Decimal(task["score"])), 2),
        "points": {name: printed(Fraction(value), 2) for name, value in task["points"].items()},
        "vetoed": task["vetoed"],
    }


@grades.get("/<uuid:grade_id>/record.json")
@requires(GradePermission.READ_RECORD, load_grade, see=GradePermission.READ_GRADE)
def record(_uow: UnitOfWork, grade: AgencyGrade) -> ResponseReturnValue:
    """Download the full record, for `flask verify grade`."""
    return _file(written(grade.record), f"grade-{grade.year}-full.json")


@grades.get("/<uuid:grade_id>/public-record.json")
@requires(GradePermission.READ_GRADE, load_grade, see=GradePermission.READ_GRADE)
def public_record(_uow: UnitOfWork, grade: AgencyGrade) -> ResponseReturnValue:
    """Download the public form of the record."""
    return _file(written(public_grade_record(grade.record)), f"grade-{grade.year}-public.json")


def _file(data: bytes, name: str) -> Response:
    response = Response(data, mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
