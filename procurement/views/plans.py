"""The year's procurement plan: list, one plan with its items and sums, entries, approval, tables in and out."""

from __future__ import annotations

import base64
import binascii
import io
import uuid
from datetime import date
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from core.audit.timeline import timeline
from core.errors import NotVisible, Refusal, Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import listing
from core.http.transitions import add_transitions
from core.i18n import _, _l
from core.permissions import policy
from core.spreadsheets import Preview, Unreadable
from core.unit_of_work import UnitOfWork
from procurement.forms.planning import NewPlanForm, PlanImportForm, PlanItemForm
from procurement.methods import METHODS
from procurement.models import Plan, PlanItem
from procurement.permissions import PlanPermission, PreparationPermission, TenderPermission
from procurement.plan_sheet import export_plan_sheet, known_projects, plan_template, read_plan_sheet
from procurement.planning.authority import beyond_authority
from procurement.planning.purchases import planned_sums
from procurement.planning.thresholds import thresholds
from procurement.queries.planning import intentions_of_items, load_plan, tenders_of_items, visible_plans
from procurement.services.planning import (
    PlanItemEntry,
    add_item,
    approve_plan,
    change_item,
    draft_from_item,
    import_items,
    open_plan,
    proposal_for,
    remove_item,
    submit_plan,
)
from procurement.states import Category, Method, PlanState
from procurement.workflow import PLAN
from projects.models import Project

plans = Blueprint("plans", __name__, url_prefix="/plans")


@plans.get("")
@requires(PlanPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the plans by year."""
    page = listing(uow, visible_plans(uow.actor), sortable={"year": Plan.year}, default="-year")
    return render_template(
        "procurement/plan/index.html",
        page=page,
        may_edit=policy.allows(uow.actor, PlanPermission.EDIT),
        crumbs=[(_("采购计划"), None)],
    )


@plans.route("/new", methods=["GET", "POST"])
@requires(PlanPermission.EDIT)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Begin a year's plan."""
    form = NewPlanForm(data={"year": uow.today.year if uow.today.month < 10 else uow.today.year + 1})
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            plan = open_plan(uow, form.year.data or 0)
        except Refused as refused:
            form.refuse(refused)
        else:
            location = _location(plan)
            form.mark_used(uow, location)
            flash(_("已建立 %(year)s 年采购计划，请逐项添加或导入", year=plan.year), "success")
            return redirect(location)
    crumbs = [(_("采购计划"), url_for("plans.index")), (_("编制采购计划"), None)]
    page = render_template("procurement/plan/new.html", form=form, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200


@plans.get("/<uuid:plan_id>")
@requires(PlanPermission.READ, load_plan, see=PlanPermission.READ)
def show(uow: UnitOfWork, plan: Plan) -> ResponseReturnValue:
    """Show the plan: items with what became of them, the year's sums, what comes next."""
    return _page(uow, plan)


def _page(uow: UnitOfWork, plan: Plan, refusals: tuple[Refusal, ...] = ()) -> str:
    editable = plan.state is PlanState.DRAFT and policy.allows(uow.actor, PlanPermission.EDIT, plan)
    may_approve = plan.state is PlanState.IN_APPROVAL and policy.allows(uow.actor, PlanPermission.APPROVE, plan)
    largest = max((one.amount for one in plan.items), default=Decimal(0))
    return render_template(
        "procurement/plan/show.html",
        plan=plan,
        items=plan.items,
        tenders=tenders_of_items(uow, plan.items),
        intentions=intentions_of_items(uow, plan.items),
        earlier={one["id"]: one for one in plan.approved_items or ()},
        sums=[(Category(one.category).label, one) for one in planned_sums(uow, plan)],
        thresholds=thresholds(uow, plan.year),
        options=PLAN.options(uow, plan),
        may_edit=editable,
        may_approve=may_approve,
        beyond=beyond_authority(uow, largest) if may_approve else None,
        may_buy=plan.state is PlanState.APPROVED and policy.allows(uow.actor, TenderPermission.DRAFT),
        may_announce=policy.allows(uow.actor, PreparationPermission.PUBLISH_INTENTION),
        form=Form(formdata=None),
        refusals=refusals,
        entries=timeline(uow, plan),
        crumbs=[(_("采购计划"), url_for("plans.index")), (str(plan.year), None)],
    )


@plans.route("/<uuid:plan_id>/items/new", methods=["GET", "POST"])
@requires(PlanPermission.EDIT, load_plan, see=PlanPermission.READ)
def add(uow: UnitOfWork, plan: Plan) -> ResponseReturnValue:
    """Add a purchase to the plan."""
    return _item_page(uow, plan, None)


@plans.route("/<uuid:plan_id>/items/<uuid:item_id>", methods=["GET", "POST"])
@requires(PlanPermission.EDIT, load_plan, see=PlanPermission.READ)
def edit(uow: UnitOfWork, plan: Plan, item_id: uuid.UUID) -> ResponseReturnValue:
    """Change a planned purchase; a form that somebody else overtook is refused with what was typed."""
    return _item_page(uow, plan, _item(plan, item_id))


def _item_page(uow: UnitOfWork, plan: Plan, item: PlanItem | None) -> ResponseReturnValue:
    form = PlanItemForm(obj=item)
    projects = {str(one.id): one for one in _projects(uow)}
    form.projects.choices = choices((key, f"{one.code} {one.name}") for key, one in projects.items())
    if not form.is_submitted():
        form.projects.data = [str(one.id) for one in item.projects] if item else []
        form.month.data = str(item.starts_on.month if item else _first_month(uow, plan))
    elif item is None and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    proposal = None
    if form.validate_on_submit():
        entry = _entry(form, plan, projects)
        try:
            if item is None:
                add_item(uow, plan, entry)
                form.mark_used(uow, _location(plan))
            else:
                form.check_revision(item)
                change_item(uow, item, entry)
        except Refused as refused:
            proposal = proposal_for(uow, plan, entry, item)
            form.refuse(_at_month(refused))
        else:
            flash(_("已保存“%(title)s”", title=entry.title), "success")
            return redirect(_location(plan))
    elif item is not None:
        proposal = proposal_for(uow, plan, _stored(item), item)
    page = render_template(
        "procurement/plan/item.html",
        form=form,
        plan=plan,
        item=item,
        proposal=proposal,
        thresholds=thresholds(uow, plan.year),
        crumbs=_crumbs(plan, _("修改采购项目") if item else _("添加采购项目")),
    )
    return page, 422 if form.is_submitted() else 200


@plans.post("/<uuid:plan_id>/items/<uuid:item_id>/remove")
@requires(PlanPermission.EDIT, load_plan, see=PlanPermission.READ)
def remove(uow: UnitOfWork, plan: Plan, item_id: uuid.UUID) -> ResponseReturnValue:
    """Take a purchase out of the draft."""
    item = _item(plan, item_id)
    title = item.title
    try:
        remove_item(uow, item)
    except Refused as refused:
        return _page(uow, plan, refused.refusals), 422
    flash(_("已从计划中删除“%(title)s”", title=title), "success")
    return redirect(_location(plan))


@plans.post("/<uuid:plan_id>/items/<uuid:item_id>/tender")
@requires(TenderPermission.DRAFT, load_plan, see=PlanPermission.READ)
def buy(uow: UnitOfWork, plan: Plan, item_id: uuid.UUID) -> ResponseReturnValue:
    """Draft a tender from a planned purchase in one click."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        tender = draft_from_item(uow, _item(plan, item_id))
    except Refused as refused:
        return _page(uow, plan, refused.refusals), 422
    page = "tenders.edit" if METHODS[tender.method].by_envelope else "tenders.show"
    location = url_for(page, tender_id=tender.id)
    form.mark_used(uow, location)
    flash(_("已按计划建立采购项目 %(number)s，请逐项填写采购文件", number=tender.number), "success")
    return redirect(location)


@plans.post("/<uuid:plan_id>/submit")
@requires(PlanPermission.EDIT, load_plan, see=PlanPermission.READ)
def submit(uow: UnitOfWork, plan: Plan) -> ResponseReturnValue:
    """Hand the draft over for approval."""
    try:
        submit_plan(uow, plan)
    except Refused as refused:
        return _page(uow, plan, refused.refusals), 422
    flash(_("已提交审批，须由其他人批准"), "success")
    return redirect(_location(plan))


@plans.post("/<uuid:plan_id>/approve")
@requires(PlanPermission.APPROVE, load_plan, see=PlanPermission.READ)
def approve(uow: UnitOfWork, plan: Plan) -> ResponseReturnValue:
    """Approve the plan as it was shown."""
    form = Form()
    form.check_revision(plan)
    try:
        approve_plan(uow, plan)
    except Refused as refused:
        return _page(uow, plan, refused.refusals), 422
    flash(_("已批准 %(year)s 年采购计划，可以公开采购意向并发起采购", year=plan.year), "success")
    return redirect(_location(plan))


@plans.get("/<uuid:plan_id>/plan.xlsx")
@requires(PlanPermission.READ, load_plan, see=PlanPermission.READ)
def export(_uow: UnitOfWork, plan: Plan) -> ResponseReturnValue:
    """Download the plan in the columns that the import reads."""
    name = _("%(year)s年采购计划", year=plan.year) + ".xlsx"
    return send_file(io.BytesIO(export_plan_sheet(plan)), download_name=name, as_attachment=True)


@plans.get("/<uuid:plan_id>/template.xlsx")
@requires(PlanPermission.EDIT, load_plan, see=PlanPermission.READ)
def template(_uow: UnitOfWork, plan: Plan) -> ResponseReturnValue:
    """Download an empty table with the columns and their explanations."""
    name = _("采购计划模板") + ".xlsx"
    return send_file(io.BytesIO(plan_template(plan.year)), download_name=name, as_attachment=True)


@plans.route("/<uuid:plan_id>/import", methods=["GET", "POST"])
@requires(PlanPermission.EDIT, load_plan, see=PlanPermission.READ)
def import_sheet(uow: UnitOfWork, plan: Plan) -> ResponseReturnValue:
    """Look at an uploaded table first: every bad cell is named, every row says what it would do; then write it."""
    form = PlanImportForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    preview: Preview | None = None
    entries: list[PlanItemEntry] = []
    if form.validate_on_submit():
        try:
            data = _sent(form)
            preview, entries = _read(uow, plan, data)
            if entries and form.kept.data:
                added, changed = import_items(uow, plan, entries)
                form.mark_used(uow, _location(plan))
                flash(_("已添加 %(added)s 项，更改 %(changed)s 项", added=added, changed=changed), "success")
                return redirect(_location(plan))
            form.kept.data = base64.b64encode(data).decode() if entries else ""
        except Refused as refused:
            preview, entries, form.kept.data = None, [], ""
            form.refuse(refused)
    known = {one.title for one in plan.items}
    page = render_template(
        "procurement/plan/import.html",
        form=form,
        plan=plan,
        preview=preview,
        entries=[(one, one.title in known) for one in entries],
        crumbs=_crumbs(plan, _("导入")),
    )
    return page, 422 if form.is_submitted() and not entries else 200


def _sent(form: PlanImportForm) -> bytes:
    """Return the file that is sent now, or the one that was looked at before."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        form.kept.data = ""
        return bytes(upload.read())
    if not form.kept.data:
        raise Refused(Refusal(_l("请选择 XLSX 或 CSV 文件")))
    try:
        return base64.b64decode(form.kept.data, validate=True)
    except binascii.Error as error:
        raise Refused(Refusal(_l("请重新选择文件"))) from error


def _read(uow: UnitOfWork, plan: Plan, data: bytes) -> tuple[Preview, list[PlanItemEntry]]:
    try:
        return read_plan_sheet(data, plan.year, known_projects(_projects(uow)))
    except Unreadable as unreadable:
        words = unreadable.message
        raise Refused(Refusal(words.zh if get_locale().language == "zh" else words.en)) from unreadable


def _projects(uow: UnitOfWork) -> list[Project]:
    return list(
        uow.session.scalars(select(Project).where(~Project.is_archived).order_by(Project.year.desc(), Project.code))
    )


def _entry(form: PlanItemForm, plan: Plan, projects: dict[str, Project]) -> PlanItemEntry:
    return PlanItemEntry(
        title=form.text("title"),
        category=Category(form.category.data),
        amount=form.amount.data or Decimal(0),
        starts_on=date(plan.year, int(form.month.data), 1),
        method=Method(form.method.data) if form.method.data else None,
        method_reason=form.text("method_reason"),
        in_catalogue=bool(form.in_catalogue.data),
        need=form.text("need"),
        projects=[projects[key] for key in form.projects.data or [] if key in projects],
    )


def _stored(item: PlanItem) -> PlanItemEntry:
    return PlanItemEntry(item.title, item.category, item.amount, item.starts_on, in_catalogue=item.in_catalogue)


def _first_month(uow: UnitOfWork, plan: Plan) -> int:
    return uow.today.month if uow.today.year == plan.year else 1


def _at_month(refused: Refused) -> Refused:
    """Put what is said of the start at the field that asks for its month."""
    return Refused(
        *(
            Refusal(one.reason, one.rule_id, "month" if one.field == "starts_on" else one.field)
            for one in refused.refusals
        )
    )


def _item(plan: Plan, item_id: uuid.UUID) -> PlanItem:
    found = next((one for one in plan.items if one.id == item_id), None)
    if found is None:
        raise NotVisible
    return found


def _location(plan: Plan) -> str:
    return url_for("plans.show", plan_id=plan.id)


def _crumbs(plan: Plan, here: str) -> list[tuple[str, str | None]]:
    return [(_("采购计划"), url_for("plans.index")), (str(plan.year), _location(plan)), (here, None)]


add_transitions(plans, PLAN, load_plan, prefix="/<uuid:plan_id>", see=PlanPermission.READ, location=_location)
