"""The project library and the indicator library."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.audit.timeline import timeline
from core.errors import Refused
from core.http.choices import choices
from core.http.guard import requires
from core.http.lists import Filter, Listing, asked, listing
from core.i18n import _, _l
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from projects.forms import CommonIndicatorForm, ProjectForm
from projects.models import CommonIndicator, Indicator, Project
from projects.permissions import ProjectPermission
from projects.ports import project_actions
from projects.queries import approved_indicators, common_indicators, load_common, load_project, projects_matching
from projects.services.library import EDITABLE, add_project, change_project, keep_common
from projects.states import Dimension, Industry, Sector

projects = Blueprint("projects", __name__, url_prefix="/projects")
indicators = Blueprint("indicators", __name__, url_prefix="/indicators")

SORTABLE = {
    "code": Project.code,
    "name": Project.name,
    "unit": Organisation.name,
    "year": Project.year,
    "budget": Project.budget,
}


@projects.get("")
@requires(ProjectPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the projects of the library."""
    years = uow.session.scalars(select(Project.year).distinct().order_by(Project.year.desc())).all()
    filters = [
        Filter("sector", _l("领域"), [(one.value, one.label) for one in Sector]),
        Filter("year", _l("年度"), [(str(year), str(year)) for year in years]),
    ]
    year = asked("year")
    query = projects_matching(text=asked("q"), sector=asked("sector"), year=int(year) if year.isdigit() else None)
    page = listing(uow, query, sortable=SORTABLE, default="code", filters=filters)
    return render_template(
        "projects/project/index.html",
        page=page,
        may_edit=policy.allows(uow.actor, ProjectPermission.EDIT),
        crumbs=[(_("项目库"), None)],
    )


@projects.get("/<uuid:project_id>")
@requires(ProjectPermission.READ, load_project)
def show(uow: UnitOfWork, project: Project) -> ResponseReturnValue:
    """Show one project with its story."""
    return render_template(
        "projects/project/show.html",
        project=project,
        may_edit=policy.allows(uow.actor, ProjectPermission.EDIT, project),
        next_steps=project_actions(uow, project),
        entries=timeline(uow, project),
        crumbs=[(_("项目库"), url_for("projects.index")), (project.name, None)],
    )


@projects.route("/new", methods=["GET", "POST"])
@requires(ProjectPermission.EDIT)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Put a project into the library."""
    form = _project_form(uow, None)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            project = add_project(uow, **_values(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("projects.show", project_id=project.id)
            form.mark_used(uow, location)
            flash(_("“%(name)s”已入库", name=project.name), "success")
            return redirect(location)
    crumbs = [(_("项目库"), url_for("projects.index")), (_("新建项目"), None)]
    page = render_template("projects/project/edit.html", form=form, project=None, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200


@projects.route("/<uuid:project_id>/edit", methods=["GET", "POST"])
@requires(ProjectPermission.EDIT, load_project, see=ProjectPermission.READ)
def edit(uow: UnitOfWork, project: Project) -> ResponseReturnValue:
    """Change a project's entries; a form that somebody else overtook is refused with what was typed."""
    form = _project_form(uow, project)
    if form.validate_on_submit():
        form.check_revision(project)
        try:
            change_project(uow, project, **_values(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存“%(name)s”的修改", name=project.name), "success")
            return redirect(url_for("projects.show", project_id=project.id))
    crumbs = [
        (_("项目库"), url_for("projects.index")),
        (project.name, url_for("projects.show", project_id=project.id)),
        (_("修改"), None),
    ]
    page = render_template("projects/project/edit.html", form=form, project=project, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200


def _project_form(uow: UnitOfWork, project: Project | None) -> ProjectForm:
    units = uow.session.scalars(
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.BUDGET_UNIT, Organisation.is_active)
        .order_by(Organisation.name)
    )
    form = ProjectForm(obj=project)
    form.unit_id.choices = choices((str(unit.id), unit.name) for unit in units)
    if project is not None and not form.is_submitted():
        form.unit_id.data = str(project.unit_id)
        form.sector.data, form.industry.data = project.sector.value, project.industry.value
    elif not form.is_submitted():
        form.year.data = uow.today.year + 1
    return form


def _values(form: ProjectForm) -> dict[str, Any]:
    values = {name: form[name].data for name in EDITABLE}
    values["unit_id"] = uuid.UUID(values["unit_id"])
    values["sector"], values["industry"] = Sector(values["sector"]), Industry(values["industry"])
    return values


@indicators.get("")
@requires(ProjectPermission.BROWSE)
def common(uow: UnitOfWork) -> ResponseReturnValue:
    """Show the common indicators by dimension."""
    rows = common_indicators(uow)
    return render_template(
        "projects/indicator/index.html",
        groups=[(one, [row for row in rows if row.dimension is one]) for one in Dimension],
        may_edit=policy.allows(uow.actor, ProjectPermission.EDIT_COMMON),
        crumbs=[(_("指标库"), None)],
    )


@indicators.get("/approved")
@requires(ProjectPermission.BROWSE)
def approved(uow: UnitOfWork) -> ResponseReturnValue:
    """Search the indicators that stood an expert review and the bureau's consent, by field (R-IND-01)."""
    return render_template(
        "projects/indicator/approved.html",
        page=approved_listing(uow),
        crumbs=[(_("指标库"), url_for("indicators.common")), (_("已审定的指标"), None)],
    )


def approved_listing(uow: UnitOfWork) -> Listing[Indicator]:
    """Return one page of approved indicators by what the address asks."""
    return listing(
        uow,
        approved_indicators(text=asked("q"), industry=asked("industry"), dimension=asked("dimension")),
        sortable={"third": Indicator.third, "weight": Indicator.weight, "project": Project.name, "year": Project.year},
        default="-year",
        filters=(
            Filter("industry", _l("行业"), [(one.value, one.label) for one in Industry]),
            Filter("dimension", _l("一级指标"), [(one.value, one.label) for one in Dimension]),
        ),
    )


@indicators.route("/<uuid:indicator_id>/edit", methods=["GET", "POST"])
@requires(ProjectPermission.EDIT_COMMON, load_common)
def edit_common(uow: UnitOfWork, indicator: CommonIndicator) -> ResponseReturnValue:
    """Change a common indicator; systems that already took it keep what they took."""
    form = CommonIndicatorForm(obj=indicator)
    if not form.is_submitted():
        form.dimension.data = indicator.dimension.value
    if form.validate_on_submit():
        form.check_revision(indicator)
        try:
            keep_common(uow, indicator, **_common_values(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存共性指标“%(name)s”", name=indicator.third), "success")
            return redirect(url_for("indicators.common"))
    return _common_page(form, indicator.third)


@indicators.route("/new", methods=["GET", "POST"])
@requires(ProjectPermission.EDIT_COMMON)
def new_common(uow: UnitOfWork) -> ResponseReturnValue:
    """Add a common indicator to the library."""
    form = CommonIndicatorForm()
    if form.validate_on_submit():
        try:
            added = keep_common(uow, None, **_common_values(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存共性指标“%(name)s”", name=added.third), "success")
            return redirect(url_for("indicators.common"))
    return _common_page(form, _("新建共性指标"))


def _common_values(form: CommonIndicatorForm) -> dict[str, Any]:
    names = ("second", "third", "explanation", "scoring", "formula")
    return {"dimension": Dimension(form.dimension.data), **{name: form[name].data or "" for name in names}}


def _common_page(form: CommonIndicatorForm, title: str) -> ResponseReturnValue:
    crumbs = [(_("指标库"), url_for("indicators.common")), (title, None)]
    page = render_template("projects/indicator/edit.html", form=form, title=title, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200
