"""The analysis of quality: an overview, a page for each part, and its tables and plots as files."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from agencies.models import Agency
from agencies.states import AgencyKind
from core.errors import NotVisible
from core.http.guard import requires
from core.http.lists import asked
from core.i18n import Language, _
from core.permissions import policy
from core.plots import page_svg, svg_file
from core.unit_of_work import UnitOfWork
from grading.permissions import AnalysisPermission
from grading.queries.analysis_scope import SPAN, Scope, known_years
from grading.services import analysis_findings
from grading.services.analysis import INSIDE, SECTIONS, Section
from grading.services.analysis_exhibits import Exhibit, shown, table_file
from grading.services.analysis_rules import analysis_rules
from grading.services.analysis_sources import Sources
from projects.states import Sector

analysis = Blueprint("analysis", __name__, url_prefix="/grading/analysis")

WIDE, PHONE = 720.0, 330.0
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
}


def scope_asked(uow: UnitOfWork) -> Scope:
    """Return what the address narrows the analysis to; what makes no sense falls back to the last years."""
    last = request.args.get("to", uow.today.year, type=int)
    last = min(max(last, 2000), uow.today.year)
    first = request.args.get("from", last - SPAN, type=int)
    first = min(max(first, last - 20), last)
    kind, sector = asked("kind"), asked("field")
    return Scope(
        first,
        last,
        AgencyKind(kind) if kind in {one.value for one in AgencyKind} else None,
        Sector(sector) if sector in {one.value for one in Sector} else None,
    )


def _sources(uow: UnitOfWork) -> Sources:
    return Sources(uow, scope_asked(uow), analysis_rules(uow))


def narrowed() -> dict[str, str]:
    """Return the parameters of the address, to be carried on."""
    return {name: asked(name) for name in ("from", "to", "kind", "field", "agency") if asked(name)}


def frame(uow: UnitOfWork, sources: Sources, here: str) -> dict[str, Any]:
    """Return what every page of the analysis shows around its exhibits: tabs and filters."""
    carried: dict[str, Any] = {name: value for name, value in narrowed().items() if name != "agency"}
    tabs = [{"title": _("概览"), "url": url_for("analysis.home", **carried), "active": here == "home"}]
    tabs += [
        {"title": one.title, "url": url_for("analysis.show", section=one.key, **carried), "active": here == one.key}
        for one in SECTIONS.values()
    ]
    tabs.append({"title": _("年度报告"), "url": url_for("quality_reports.index"), "active": False})
    scope = sources.scope
    years = sorted({*known_years(uow), *scope.years}, reverse=True)
    return {
        "tabs": tabs,
        "scope": scope,
        "years": years,
        "kinds": list(AgencyKind),
        "sectors": list(Sector),
        "percent_level": sources.rules.percent,
        "narrowed": narrowed(),
        "shown": shown,
        "svg": page_svg,
        "widths": (WIDE, PHONE),
        "may_inside": policy.allows(uow.actor, AnalysisPermission.READ_INSIDE),
    }


@analysis.get("")
@requires(AnalysisPermission.READ)
def home(uow: UnitOfWork) -> ResponseReturnValue:
    """Show the chief exhibit of each part."""
    sources = _sources(uow)
    parts = [(one, next(iter(one.exhibits.values()))(sources)) for one in SECTIONS.values()]
    return render_template(
        "grading/analysis/home.html",
        parts=parts,
        crumbs=[(_("质量分析"), None)],
        **frame(uow, sources, "home"),
    )


def load_section(_uow: UnitOfWork, section: str) -> Section | None:
    """Return the part of this key."""
    return SECTIONS.get(section)


@analysis.get("/<any(grades, trajectories, findings, letters, raters):section>")
@requires(AnalysisPermission.READ, load_section)
def show(uow: UnitOfWork, section: Section) -> ResponseReturnValue:
    """Show a part with all its exhibits."""
    sources = _sources(uow)
    agency = _agency(uow) if section.key == "findings" else None
    return render_template(
        "grading/analysis/show.html",
        section=section,
        agency=agency,
        exhibits=[make() for make in _makers(uow, section, sources, agency).values()],
        crumbs=[(_("质量分析"), url_for("analysis.home")), (str(section.title), None)],
        **frame(uow, sources, section.key),
    )


def _agency(uow: UnitOfWork) -> Agency | None:
    """Return the agency the address asks for; only who may read inside learns of one."""
    if not asked("agency") or not policy.allows(uow.actor, AnalysisPermission.READ_INSIDE):
        return None
    try:
        found = uow.get(Agency, uuid.UUID(asked("agency")))
    except ValueError:
        found = None
    if found is None:
        raise NotVisible
    return found


def _makers(uow: UnitOfWork, section: Section, sources: Sources, agency: Agency | None) -> Mapping[str, Any]:
    """Return what makes each exhibit that the actor may see."""
    if agency is not None:
        return {
            "own": lambda: analysis_findings.own(sources, agency),
            "again": lambda: analysis_findings.again(sources, agency),
        }
    inside = policy.allows(uow.actor, AnalysisPermission.READ_INSIDE)
    return {
        key: (lambda make=make: make(sources)) for key, make in section.exhibits.items() if inside or key not in INSIDE
    }


@analysis.get("/<any(grades, trajectories, findings, letters, raters):section>/<exhibit>.<any(csv, xlsx, svg):ending>")
@requires(AnalysisPermission.READ, load_section)
def file(uow: UnitOfWork, section: Section, exhibit: str, ending: str) -> ResponseReturnValue:
    """Download an exhibit's table, or its plot."""
    sources = _sources(uow)
    agency = _agency(uow) if section.key == "findings" else None
    make = _makers(uow, section, sources, agency).get(exhibit)
    if make is None:
        raise NotVisible
    made: Exhibit = make()
    if ending == "svg":
        if made.draw is None:
            raise NotVisible
        data = svg_file(made.draw(WIDE))
    else:
        data = table_file(made, ending, _language())
    name = f"{made.title}.{ending}"
    return send_file(io.BytesIO(data), mimetype=MEDIA[ending], download_name=name, as_attachment=True)


def _language() -> Language:
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"
