"""The public register of third-party agencies (第三方机构名录): grade, method, evidence and standing, for everybody."""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from agencies.models import AgencyListing
from agencies.ports import grade_page
from agencies.queries import agencies_matching, best_agencies, districts, grades_by_id
from agencies.queries.register import PART, RegisterPart, register_lines, register_part
from agencies.register_file import COLUMNS, json_rows, rows_of
from agencies.views.library import FILTERS, agencies_asked_for
from core.http.guard import public
from core.http.lists import Filter, asked, listing
from core.i18n import Language, _, _l
from core.spreadsheets import export_csv, export_xlsx
from core.unit_of_work import UnitOfWork

register = Blueprint("register", __name__, url_prefix="/agency-register")


@register.get("")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the agencies of the library with what everybody may know of them."""
    wanted = agencies_asked_for()
    page = listing(
        uow,
        agencies_matching(uow.actor, wanted),
        sortable={"name": AgencyListing.name, "score": AgencyListing.points, "admitted": AgencyListing.admitted_on},
        default="name",
        filters=(*FILTERS, Filter("district", _l("所在区"), [(one, one) for one in districts(uow)])),
        best=best_agencies(uow.actor, wanted),
    )
    lines = {one.listing.agency_id: one for one in register_lines(uow, page.rows)}
    grades = grades_by_id(uow, [one.grade_id for one in page.rows if one.grade_id])
    return render_template(
        "agencies/register/index.html",
        page=page,
        lines=lines,
        pages={key: grade_page(one) for key, one in grades.items()},
        part=PART,
        crumbs=[(_("第三方机构名录"), None)],
    )


@register.get("/columns")
@public
def columns(_uow: UnitOfWork) -> ResponseReturnValue:
    """Say what each column of the register's files means."""
    crumbs = [(_("第三方机构名录"), url_for("register.index")), (_("数据说明"), None)]
    return render_template("agencies/register/columns.html", columns=COLUMNS, part=PART, crumbs=crumbs)


@register.get("/agencies.csv")
@public
def as_csv(uow: UnitOfWork) -> ResponseReturnValue:
    """Download the register, or what the filters select of it, as CSV."""
    part, language = _part(uow), _language()
    data = export_csv([one.column for one in COLUMNS], rows_of(part.lines, language), language)
    return _linked(Response(data, mimetype="text/csv"), part, "register.as_csv", "agencies.csv")


@register.get("/agencies.xlsx")
@public
def as_xlsx(uow: UnitOfWork) -> ResponseReturnValue:
    """Download the register, or what the filters select of it, as XLSX."""
    part, language = _part(uow), _language()
    title = _("第三方机构名录")
    data = export_xlsx([one.column for one in COLUMNS], rows_of(part.lines, language), title=title, language=language)
    answer = send_file(io.BytesIO(data), download_name=f"{title}.xlsx", as_attachment=True)
    return _linked(answer, part, "register.as_xlsx", None)


@register.get("/agencies.json")
@public
def as_json(uow: UnitOfWork) -> ResponseReturnValue:
    """Give the register, or what the filters select of it, to programs; `next` leads to what follows."""
    part = _part(uow)
    answer = jsonify(
        {
            "title": {"zh": "第三方机构名录", "en": "Register of third-party agencies"},
            "retrieved_at": uow.now.isoformat(),
            "columns": [
                {
                    "key": one.key,
                    "type": "array" if one.key == "fields" else one.type,
                    "title": {"zh": one.title.zh, "en": one.title.en},
                    "meaning": {"zh": one.meaning.zh, "en": one.meaning.en},
                }
                for one in COLUMNS
            ],
            "agencies": json_rows(part.lines, _language()),
            "next": _next(part, "register.as_json"),
        }
    )
    return _linked(answer, part, "register.as_json", None)


def _part(uow: UnitOfWork) -> RegisterPart:
    try:
        after = uuid.UUID(asked("after"))
    except ValueError:
        after = None
    return register_part(uow, agencies_asked_for(), after)


def _next(part: RegisterPart, endpoint: str) -> str | None:
    if part.next_after is None:
        return None
    names = ("q", "kind", "sector", "grade", "district")
    kept: dict[str, Any] = {name: asked(name) for name in names if asked(name)}
    return url_for(endpoint, after=str(part.next_after), **kept)


def _linked(answer: Response, part: RegisterPart, endpoint: str, name: str | None) -> Response:
    """Name the file, and where the next one is, as the Link header says it."""
    if name is not None:
        answer.headers.set("Content-Disposition", "attachment", filename=name)
    following = _next(part, endpoint)
    if following is not None:
        answer.headers.set("Link", f'<{following}>; rel="next"')
    return answer


def _language() -> Language:
    return "zh" if get_locale().language == "zh" else "en"
