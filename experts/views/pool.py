"""The expert pool: list, files, import and export, conflicts."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from core.audit.timeline import timeline
from core.errors import Refusal, Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import _, _l
from core.identity.models import Organisation, User
from core.identity.roles import OrganisationKind
from core.permissions import policy
from core.spreadsheets import Preview, Unreadable
from core.unit_of_work import UnitOfWork
from experts.expert_sheet import export_sheet, read_sheet, template_sheet
from experts.forms import ConflictForm, ExpertForm
from experts.models import Conflict, Expert, Seat
from experts.permissions import ExpertPermission
from experts.queries import duties, experts_matching, load_expert
from experts.services.conflicts import declare_conflict
from experts.services.duty import duties_of, shortcomings
from experts.services.pool import ExpertEntry, admit_expert, change_expert, import_experts
from experts.states import Category, ConflictKind, ExpertState, SeatState
from experts.workflow import EXPERT
from projects.states import Industry

experts = Blueprint("experts", __name__, url_prefix="/experts")

FILTERS = (
    Filter("category", _l("类别"), [(one.value, one.label) for one in Category]),
    Filter("industry", _l("行业"), [(one.value, one.label) for one in Industry]),
    Filter("state", _l("状态"), [(one.value, one.label) for one in ExpertState]),
)


@experts.get("")
@requires(ExpertPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the experts with what they know and how often they served."""
    page = listing(
        uow,
        _asked_for(),
        sortable={"name": User.name, "employer": Expert.employer, "until": Expert.appointed_until},
        default="name",
        filters=FILTERS,
    )
    return render_template(
        "experts/pool/index.html",
        page=page,
        duties=duties(uow, page.rows),
        may_edit=policy.allows(uow.actor, ExpertPermission.EDIT),
        crumbs=[(_("专家库"), None)],
    )


def _asked_for() -> Select[Expert]:
    return experts_matching(
        text=asked("q"), category=asked("category"), industry=asked("industry"), state=asked("state")
    )


@experts.get("/experts.xlsx")
@requires(ExpertPermission.EDIT)
def export(uow: UnitOfWork) -> ResponseReturnValue:
    """Download the experts that the filters select."""
    rows = uow.session.scalars(_asked_for().order_by(User.name)).unique()
    return send_file(io.BytesIO(export_sheet(rows)), download_name=_("专家库") + ".xlsx", as_attachment=True)


@experts.get("/template.xlsx")
@requires(ExpertPermission.EDIT)
def template(_uow: UnitOfWork) -> ResponseReturnValue:
    """Download an empty sheet with the columns and their explanations."""
    return send_file(io.BytesIO(template_sheet()), download_name=_("专家库模板") + ".xlsx", as_attachment=True)


@experts.route("/import", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT)
def import_sheet(uow: UnitOfWork) -> ResponseReturnValue:
    """Import experts: a preview names every bad cell before anybody is admitted."""
    form = Form()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    preview = None
    if form.validate_on_submit():
        try:
            preview, entries = _uploaded()
            if preview.clean:
                count = import_experts(uow, entries)
                location = url_for("experts.index")
                form.mark_used(uow, location)
                flash(_("已导入 %(count)s 位专家", count=count), "success")
                return redirect(location)
        except Refused as refused:
            form.refuse(refused)
    crumbs = [(_("专家库"), url_for("experts.index")), (_("导入"), None)]
    page = render_template("experts/pool/import.html", form=form, preview=preview, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200


def _uploaded() -> tuple[Preview, list[ExpertEntry]]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused(Refusal(_l("请选择 XLSX 或 CSV 文件")))
    try:
        return read_sheet(upload.read())
    except Unreadable as unreadable:
        words = unreadable.message
        raise Refused(Refusal(words.zh if get_locale().language == "zh" else words.en)) from unreadable


@experts.route("/new", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Take somebody into the pool."""
    form = ExpertForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            expert = admit_expert(uow, _entry(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("experts.show", expert_id=expert.id)
            form.mark_used(uow, location)
            flash(_("“%(name)s”已入库", name=expert.user.name), "success")
            return redirect(location)
    elif not form.is_submitted():
        form.appointed_on.data = uow.today
    crumbs = [(_("专家库"), url_for("experts.index")), (_("新增专家"), None)]
    page = render_template("experts/pool/edit.html", form=form, expert=None, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200


@experts.get("/<uuid:expert_id>")
@requires(ExpertPermission.READ, load_expert, see=ExpertPermission.READ)
def show(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """Show an expert: entries, duty, conflicts, reviews."""
    seats = uow.session.scalars(
        select(Seat)
        .where(Seat.expert_id == expert.id, Seat.state != SeatState.RESERVE)
        .options(selectinload(Seat.review))
        .order_by(Seat.invited_at.desc())
        .limit(20)
    ).unique()
    conflicts = uow.session.scalars(
        select(Conflict)
        .where(Conflict.expert_id == expert.id)
        .options(selectinload(Conflict.organisation))
        .order_by(Conflict.declared_at.desc())
    )
    return render_template(
        "experts/pool/show.html",
        expert=expert,
        duty=duties(uow, [expert]).get(expert.id),
        seats=seats.all(),
        committee_duties=duties_of(uow, expert),
        shortcoming=shortcomings(uow, [expert]).get(expert.id),
        conflicts=conflicts.all(),
        options=EXPERT.options(uow, expert),
        may_edit=policy.allows(uow.actor, ExpertPermission.EDIT),
        may_declare=policy.allows(uow.actor, ExpertPermission.DECLARE, expert),
        entries=timeline(uow, expert),
        crumbs=_crumbs(uow, expert, None),
    )


@experts.route("/<uuid:expert_id>/edit", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT, load_expert, see=ExpertPermission.READ)
def edit(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """Change an expert's entries; a form that somebody else overtook is refused with what was typed."""
    form = ExpertForm(obj=expert)
    if not form.is_submitted():
        form.name.data, form.email.data = expert.user.name, expert.user.email
        form.telephone.data = expert.user.telephone
    if form.validate_on_submit():
        form.check_revision(expert)
        try:
            change_expert(uow, expert, _entry(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存“%(name)s”的修改", name=expert.user.name), "success")
            return redirect(url_for("experts.show", expert_id=expert.id))
    page = render_template("experts/pool/edit.html", form=form, expert=expert, crumbs=_crumbs(uow, expert, _("修改")))
    return page, 422 if form.is_submitted() else 200


@experts.route("/<uuid:expert_id>/conflicts/new", methods=["GET", "POST"])
@requires(ExpertPermission.DECLARE, load_expert, see=ExpertPermission.READ)
def declare(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """Declare a relation to an agency or a unit."""
    form = ConflictForm()
    rows = uow.session.scalars(
        select(Organisation)
        .where(Organisation.kind.in_((OrganisationKind.AGENCY, OrganisationKind.BUDGET_UNIT)), Organisation.is_active)
        .order_by(Organisation.name)
    ).all()
    form.organisation_id.choices = choices((str(one.id), one.name) for one in rows)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        organisation = next(one for one in rows if str(one.id) == form.organisation_id.data)
        try:
            declare_conflict(
                uow,
                expert,
                organisation,
                kind=ConflictKind(form.kind.data),
                reason=form.text("reason"),
                expires_on=form.expires_on.data,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("experts.show", expert_id=expert.id)
            form.mark_used(uow, location)
            flash(_("已登记利害关系；今后涉及“%(name)s”的评审不再抽取", name=organisation.name), "success")
            return redirect(location)
    page = render_template(
        "experts/pool/declare.html", form=form, expert=expert, crumbs=_crumbs(uow, expert, _("申报利害关系"))
    )
    return page, 422 if form.is_submitted() else 200


def _location(expert: Expert) -> str:
    return url_for("experts.show", expert_id=expert.id)


add_transitions(experts, EXPERT, load_expert, prefix="/<uuid:expert_id>", see=ExpertPermission.READ, location=_location)


def _crumbs(uow: UnitOfWork, expert: Expert, last: str | None) -> list[tuple[str, str | None]]:
    browse = url_for("experts.index") if policy.allows(uow.actor, ExpertPermission.BROWSE) else None
    found: list[tuple[str, str | None]] = [(_("专家库"), browse)]
    found.append((expert.user.name, _location(expert) if last else None))
    return [*found, (last, None)] if last else found


def _entry(form: ExpertForm) -> ExpertEntry:
    return ExpertEntry(
        name=form.text("name"),
        email=form.text("email"),
        employer=form.text("employer"),
        professional_title=form.text("professional_title"),
        birth_year=form["birth_year"].data,
        field_since=form["field_since"].data,
        industries=tuple(Industry(one) for one in form.industries.data or ()),
        categories=tuple(Category(one) for one in form.categories.data or ()),
        appointed_on=form["appointed_on"].data,
        appointed_until=form["appointed_until"].data,
        telephone=form.telephone.data or "",
        position=form.position.data or "",
        district=form.district.data or "",
        speciality=form.speciality.data or "",
    )
