"""The expert pool: list and search, files, import and export."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import Select
from sqlalchemy.orm import selectinload

from core.audit.timeline import timeline
from core.errors import Refusal, Refused
from core.http.deeds import acted
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import Language, Text, _, _l
from core.identity.models import User
from core.permissions import policy
from core.spreadsheets import CellError, Preview, Unreadable
from core.unit_of_work import UnitOfWork
from experts.expert_sheet import export_sheet, read_sheet, refused_cells, template_sheet
from experts.forms import ExpertForm, ParticularsForm, SheetFileForm
from experts.models import Expert
from experts.permissions import ExpertPermission
from experts.pool_rules import pool_rules
from experts.queries import (
    Wanted,
    agencies_to_choose,
    appraisals,
    experts_wanted,
    load_expert,
    service_records,
    services_of,
    units,
    years_of,
)
from experts.services.appointments import term_from, terms_of
from experts.services.conflicts import Matter, screen_for
from experts.services.duty import shortcomings
from experts.services.pool import ExpertEntry, RowRefused, admit_expert, change_expert, import_experts
from experts.services.ties import ties_of
from experts.states import BudgetFunction, Category, ExpertState
from experts.workflow import EXPERT
from projects.states import Industry

experts = Blueprint("experts", __name__, url_prefix="/experts")

FILTERS = (
    Filter("category", _l("类别"), [(one.value, one.label) for one in Category]),
    Filter("industry", _l("行业"), [(one.value, one.label) for one in Industry]),
    Filter("function", _l("支出功能"), [(one.value, one.label) for one in BudgetFunction]),
)
STATE = Filter("state", _l("状态"), [(one.value, one.label) for one in ExpertState])


@experts.get("")
@requires(ExpertPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the experts with what they know, how they serve, and whether they may judge a chosen agency and unit."""
    bodies = units(uow)
    departments = [(str(one.id), one.name) for one in bodies]
    page = listing(
        uow,
        _asked_for().options(selectinload(Expert.departments)),
        sortable={"name": User.name, "employer": Expert.employer, "until": Expert.appointed_until},
        default="name",
        filters=(
            *FILTERS,
            Filter("department", _l("熟悉部门"), departments),
            STATE,
            Filter("agency", _l("拟评审机构"), [(str(one.id), one.name) for one in agencies_to_choose(uow)]),
            Filter("unit", _l("拟评审单位"), departments),
        ),
    )
    matter = _chosen_matter()
    screened = screen_for(uow, matter, only=page.rows) if matter is not None else []
    return render_template(
        "experts/pool/index.html",
        page=page,
        records=service_records(uow, page.rows),
        load_max=pool_rules(uow).load_max,
        exclusions={one.expert.id: one.exclusion for one in screened},
        is_choosing=matter is not None,
        today=uow.today,
        may_edit=policy.allows(uow.actor, ExpertPermission.EDIT),
        crumbs=[(_("专家库"), None)],
    )


def _asked_for() -> Select[Expert]:
    names = ("category", "industry", "function", "department", "state")
    return experts_wanted(Wanted(asked("q"), *(asked(name) for name in names)))


def _chosen_matter() -> Matter | None:
    """Return the agency and the unit that somebody is to be chosen for, by the address."""
    agency, unit = _chosen("agency"), _chosen("unit")
    return Matter(agency | unit, agency, unit) if agency or unit else None


def _chosen(name: str) -> frozenset[uuid.UUID]:
    try:
        return frozenset({uuid.UUID(asked(name))})
    except ValueError:
        return frozenset()


@experts.get("/experts.xlsx")
@requires(ExpertPermission.EDIT)
def export(uow: UnitOfWork) -> ResponseReturnValue:
    """Download the experts that the filters select."""
    rows = uow.session.scalars(_asked_for().options(selectinload(Expert.departments)).order_by(User.name)).unique()
    language: Language = "zh" if get_locale().language == "zh" else "en"
    return send_file(io.BytesIO(export_sheet(rows, language)), download_name=_("专家库") + ".xlsx", as_attachment=True)


@experts.get("/template.xlsx")
@requires(ExpertPermission.EDIT)
def template(_uow: UnitOfWork) -> ResponseReturnValue:
    """Download an empty sheet with the columns and their explanations."""
    return send_file(io.BytesIO(template_sheet()), download_name=_("专家库模板") + ".xlsx", as_attachment=True)


@experts.route("/import", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT)
def import_sheet(uow: UnitOfWork) -> ResponseReturnValue:
    """Import experts: a preview names every bad cell before anybody is admitted or changed."""
    form, errors = SheetFileForm(), list[CellError]()
    counts = [0, 0]

    def deed() -> None:
        preview, entries = _uploaded()
        errors.extend(preview.errors)
        if not preview.clean:
            raise Refused(Refusal(_l("有单元格需要改正，未写入任何内容"), field="file"))
        try:
            counts[:] = import_experts(uow, entries)
        except RowRefused as refused:
            errors.extend(refused_cells(preview, refused.row, refused.refusals))
            raise Refused(Refusal(_l("有单元格需要改正，未写入任何内容"), field="file")) from refused

    def said() -> Text:
        return _l("新入库 %(new)s 位，更新 %(changed)s 位", new=counts[0], changed=counts[1])

    answer = acted(uow, form, deed, url_for("experts.index"), said)
    if answer is not None:
        return answer
    crumbs = [(_("专家库"), url_for("experts.index")), (_("导入"), None)]
    page = render_template("experts/pool/import.html", form=form, errors=errors, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200


def _uploaded() -> tuple[Preview, list[ExpertEntry]]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused(Refusal(_l("请选择 XLSX 或 CSV 文件"), field="file"))
    try:
        return read_sheet(upload.read())
    except Unreadable as unreadable:
        words = unreadable.message
        reason = words.zh if get_locale().language == "zh" else words.en
        raise Refused(Refusal(reason, field="file")) from unreadable


@experts.route("/new", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Take somebody into the pool."""
    form = ExpertForm()
    form.offer(units(uow))
    if not form.is_submitted():
        form.appointed_on.data = uow.today
        form.appointed_until.data = term_from(uow.today, pool_rules(uow).term_years)
    admitted: list[Expert] = []

    def deed() -> None:
        admitted.append(admit_expert(uow, form.entry(form["appointed_on"].data, form["appointed_until"].data)))

    answer = acted(
        uow,
        form,
        deed,
        lambda: _location(admitted[0]),
        lambda: _("“%(name)s”已入库", name=admitted[0].user.name),
    )
    if answer is not None:
        return answer
    crumbs = [(_("专家库"), url_for("experts.index")), (_("新增专家"), None)]
    page = render_template(
        "experts/pool/edit.html", form=form, expert=None, limits=pool_rules(uow).limits, crumbs=crumbs
    )
    return page, 422 if form.is_submitted() else 200


@experts.get("/<uuid:expert_id>")
@requires(ExpertPermission.READ, load_expert, see=ExpertPermission.READ)
def show(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """Show an expert: entries, standing, terms, ties, what they did over the years."""
    services = services_of(uow, expert)
    return render_template(
        "experts/pool/show.html",
        expert=expert,
        record=service_records(uow, [expert])[expert.id],
        appraisal=appraisals(uow, [expert])[expert.id],
        rules=pool_rules(uow),
        terms=terms_of(uow, expert),
        ties=ties_of(uow, expert),
        services=services[:30],
        years=years_of(services),
        shortcoming=shortcomings(uow, [expert]).get(expert.id),
        options=EXPERT.options(uow, expert),
        may_edit=policy.allows(uow.actor, ExpertPermission.EDIT),
        may_declare=policy.allows(uow.actor, ExpertPermission.DECLARE, expert),
        entries=timeline(uow, expert),
        crumbs=crumbs_of(uow, expert, None),
    )


@experts.route("/<uuid:expert_id>/edit", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT, load_expert, see=ExpertPermission.READ)
def edit(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """Change an expert's entries; a form that somebody else overtook is refused with what was typed."""
    form = ParticularsForm(obj=expert)
    form.offer(units(uow))
    form.fill(expert)

    def deed() -> None:
        form.check_revision(expert)
        change_expert(uow, expert, form.entry(expert.appointed_on, expert.appointed_until))

    answer = acted(uow, form, deed, _location(expert), lambda: _("已保存“%(name)s”的修改", name=expert.user.name))
    if answer is not None:
        return answer
    page = render_template(
        "experts/pool/edit.html",
        form=form,
        expert=expert,
        limits=pool_rules(uow).limits,
        crumbs=crumbs_of(uow, expert, _("修改")),
    )
    return page, 422 if form.is_submitted() else 200


def _location(expert: Expert) -> str:
    return url_for("experts.show", expert_id=expert.id)


add_transitions(experts, EXPERT, load_expert, prefix="/<uuid:expert_id>", see=ExpertPermission.READ, location=_location)


def crumbs_of(uow: UnitOfWork, expert: Expert, last: str | None) -> list[tuple[str, str | None]]:
    """Return the way to a page of an expert's file."""
    browse = url_for("experts.index") if policy.allows(uow.actor, ExpertPermission.BROWSE) else None
    found: list[tuple[str, str | None]] = [(_("专家库"), browse)]
    found.append((expert.user.name, _location(expert) if last else None))
    return [*found, (last, None)] if last else found
