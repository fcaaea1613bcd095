"""Tenders: the list, one tender with what it is held against, its entries, approval and publication."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from core.audit.timeline import timeline
from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.http.choices import choices
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import Text, _, _l, _p
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.dates import RulerDate, ruler
from procurement.drafting.lawfulness import checklist
from procurement.drafting.preparation_checks import first_proposal
from procurement.drafting.record import frozen_record, readable
from procurement.forms.tenders import DraftForm, ExternalNoticeForm, PublishForm, TenderForm
from procurement.methods import CALL_OFFS, METHODS, evaluation_label, rules_of
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.planning.authority import beyond_authority
from procurement.planning.thresholds import thresholds
from procurement.queries.frameworks import call_off_of
from procurement.queries.tenders import free_projects, load_tender, tenders_matching
from procurement.services.direct import draft_direct
from procurement.services.drafting import EDITABLE, change_tender, draft_tender
from procurement.services.framework_drafting import draft_framework
from procurement.services.keys import own_keyholder
from procurement.services.publishing import publish_tender, register_external_notice
from procurement.states import Evaluation, Method, TenderState
from procurement.tender_page import next_steps, tender_parts
from procurement.views.dates import ruler_for
from procurement.workflow import TENDER
from projects.models import Project

tenders = Blueprint("tenders", __name__, url_prefix="/tenders")

STEPS = (
    TenderState.DRAFT,
    TenderState.IN_APPROVAL,
    TenderState.PUBLISHED,
    TenderState.OPENED,
    TenderState.UNDER_EVALUATION,
    TenderState.EVALUATED,
    TenderState.AWARDED,
)
BEFORE_NOTICE = (TenderState.DRAFT, TenderState.IN_APPROVAL)


@tenders.get("")
@requires(TenderPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the tenders the reader may see."""
    year_of = func.extract("year", Tender.created_at)
    years = [int(one) for one in uow.session.scalars(select(year_of).distinct().order_by(year_of.desc()))]
    filters = [
        Filter("state", _l("状态"), [(one.value, one.label) for one in TenderState]),
        Filter("year", _l("年度"), [(str(one), str(one)) for one in years]),
    ]
    year = int(asked("year")) if asked("year") in {str(one) for one in years} else None
    query = tenders_matching(uow.actor, text=asked("q"), state=asked("state"), year=year)
    sortable = {
        "number": Tender.number,
        "title": Tender.title,
        "budget": Tender.budget,
        "deadline": Tender.deadline,
        "created": Tender.created_at,
    }
    page = listing(uow, query, sortable=sortable, default="-created", filters=filters)
    return render_template(
        "procurement/tender/index.html",
        page=page,
        may_draft=policy.allows(uow.actor, TenderPermission.DRAFT),
        crumbs=[(_p("list", "采购项目"), None)],
    )


@tenders.get("/<uuid:tender_id>")
@requires(TenderPermission.READ, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show a tender: the record as readers see it, the rules beside it, what comes next."""
    if (call_off := call_off_of(uow, tender)) is not None:
        return redirect(url_for("call_offs.show", call_off_id=call_off.id))
    if not rules_of(tender).by_envelope:
        return redirect(url_for("direct.show", tender_id=tender.id))
    return _page(uow, tender)


def _page(uow: UnitOfWork, tender: Tender, refusals: tuple[Refusal, ...] = (), notice_form: Any = None) -> str:
    is_draft = tender.state in BEFORE_NOTICE
    lines = checklist(uow, tender) if is_draft else []
    may_publish = tender.state is TenderState.IN_APPROVAL and policy.allows(uow.actor, TenderPermission.APPROVE, tender)
    may_register = tender.published_at is not None and policy.allows(uow.actor, TenderPermission.EDIT, tender)
    return render_template(
        "procurement/tender/show.html",
        tender=tender,
        notice=readable(tender.record or frozen_record(uow, tender)),
        lines=lines,
        blocking=[line for line in lines if line.level == "block"],
        dates=ruler(uow, tender),
        steps=_steps(tender),
        options=TENDER.options(uow, tender),
        may_edit=tender.state is TenderState.DRAFT and policy.allows(uow.actor, TenderPermission.EDIT, tender),
        publish_form=PublishForm() if may_publish else None,
        beyond=beyond_authority(uow, tender.budget) if may_publish else None,
        notice_form=(notice_form or _external_form(tender)) if may_register else None,
        refusals=refusals,
        holder=own_keyholder(uow, tender) if is_draft else None,
        next_steps=next_steps(uow, tender),
        parts=tender_parts(uow, tender),
        sees_evaluation=tender.opened_at is not None and policy.allows(uow.actor, TenderPermission.READ_RESULT, tender),
        entries=timeline(uow, tender),
        crumbs=[(_p("list", "采购项目"), url_for("tenders.index")), (tender.number, None)],
    )


def _steps(tender: Tender) -> list[dict[str, Text]]:
    """Return the process line; a failed or cancelled tender keeps the steps it had reached."""
    if tender.state in STEPS:
        reached = STEPS.index(tender.state)
    else:
        marks = (tender.published_at, tender.opened_at, tender.evaluated_at)
        reached = 2 + sum(mark is not None for mark in marks[1:]) if marks[0] else 0
    is_over = tender.state is TenderState.AWARDED
    return [
        {
            "title": one.label,
            "state": "done" if place < reached or is_over else "present" if place == reached else "ahead",
        }
        for place, one in enumerate(STEPS)
    ]


@tenders.route("/new", methods=["GET", "POST"])
@requires(TenderPermission.DRAFT)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Draft a tender from a project of the library."""
    form = DraftForm()
    projects = {str(one.id): one for one in free_projects(uow)}
    form.project_id.choices = choices(
        [("", _("请选择")), *((key, f"{one.code} {one.name}") for key, one in projects.items())]
    )
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        form.project_id.data = request.args.get("project", "")
    if form.validate_on_submit():
        try:
            tender = _draft(uow, form, projects)
        except Refused as refused:
            form.refuse(_at(refused, {"projects": "project_id"}))
        else:
            page = "framework_calls.terms" if tender.method is Method.FRAMEWORK else "tenders.edit"
            location = url_for(page, tender_id=tender.id)
            form.mark_used(uow, location)
            flash(_("已建立采购项目 %(number)s，请逐项填写", number=tender.number), "success")
            return redirect(location)
    crumbs = [(_p("list", "采购项目"), url_for("tenders.index")), (_("发起采购"), None)]
    known = projects.get(form.project_id.data or "")
    amount = form.budget.data or (known.evaluation_fee if known else None)
    page = render_template(
        "procurement/tender/new.html",
        form=form,
        proposal=first_proposal(uow, amount) if amount else None,
        thresholds=thresholds(uow),
        crumbs=crumbs,
    )
    return page, 422 if form.is_submitted() else 200


def _draft(uow: UnitOfWork, form: DraftForm, projects: dict[str, Project]) -> Tender:
    """Draft what the form asks for, by its method."""
    method = Method(form.method.data)
    if method is Method.FRAMEWORK:
        return draft_framework(uow, title=form.text("title"), budget=form.budget.data or Decimal(0))
    draft = draft_tender if METHODS[method].by_envelope else draft_direct
    chosen = projects.get(str(form.project_id.data))
    if chosen is None:
        raise Refused(Refusal(_l("请选择项目"), field="project_id"))
    return draft(uow, [chosen], method=method, title=form.text("title"), budget=form.budget.data)


@tenders.route("/<uuid:tender_id>/edit", methods=["GET", "POST"])
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def edit(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Change a draft's entries."""
    if tender.method in CALL_OFFS:
        return redirect(url_for("tenders.show", tender_id=tender.id))
    if not rules_of(tender).by_envelope:
        return redirect(url_for("direct.edit", tender_id=tender.id))
    if tender.state is not TenderState.DRAFT:
        raise Refused(Refusal(_l("只有起草中的采购文件可以修改；已发布的须以澄清公告修改"), rule_id="R-TENDER-05"))
    projects = {str(one.id): one for one in free_projects(uow, tender)}
    form = _entries(tender, projects)
    if not form.is_submitted():
        if "projects" in form:
            form.projects.data = [str(one.id) for one in tender.lots[0].projects]
        form.qualifications.data = "\n".join(tender.qualifications)
        form.deadline.data = tender.deadline.astimezone(SHANGHAI) if tender.deadline else None
    is_preview = form.is_submitted() and bool(request.form.get("preview"))
    if form.validate_on_submit() and not is_preview:
        form.check_revision(tender)
        try:
            change_tender(uow, tender, projects=_chosen(form, projects), **_values(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存采购文件"), "success")
            return redirect(url_for("tenders.show", tender_id=tender.id))
    page = render_template(
        "procurement/tender/edit.html",
        form=form,
        tender=tender,
        lines=checklist(uow, tender),
        dates=_typed_ruler(uow, tender, form) if form.is_submitted() else ruler(uow, tender),
        crumbs=crumbs_of(tender, _("填写采购文件")),
    )
    return page, 422 if form.is_submitted() and not is_preview else 200


def _entries(tender: Tender, projects: dict[str, Project]) -> TenderForm:
    """Return the form with the entries this purchase has."""
    form = TenderForm(obj=tender)
    form.evaluation.choices = choices(
        (one.value, evaluation_label(tender.method, one)) for one in rules_of(tender).evaluations
    )
    if tender.method is Method.FRAMEWORK:  # projects come with what is called off, types are entered on their page
        del form.projects, form.ceiling
    elif len(tender.lots) > 1:  # projects and budget of several lots are entered lot by lot
        del form.projects, form.budget
    else:
        form.projects.choices = choices((key, f"{one.code} {one.name}") for key, one in projects.items())
    return form


def _chosen(form: TenderForm, projects: dict[str, Project]) -> list[Project] | None:
    """Return the projects chosen; None where they are entered lot by lot."""
    if "projects" not in form:
        return None
    return [projects[key] for key in form.projects.data or [] if key in projects]


def _typed_ruler(uow: UnitOfWork, tender: Tender, form: TenderForm) -> list[RulerDate]:
    """Return the ruler for the dates as typed."""
    return ruler_for(
        uow,
        tender,
        notice_on=form.notice_on.data,
        documents_until=form.documents_until.data,
        deadline=form.deadline.data,
        service_until=form.service_until.data,
    )


@tenders.post("/<uuid:tender_id>/publish")
@requires(TenderPermission.APPROVE, load_tender, see=TenderPermission.READ)
def publish(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Approve and publish; what meanwhile became unlawful is named on the page."""
    form = PublishForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.validate_on_submit():
        return _page(uow, tender), 422
    try:
        publish_tender(uow, tender)
    except Refused as refused:
        return _page(uow, tender, refused.refusals), 422
    location = url_for("notices.show", tender_id=tender.id)
    form.mark_used(uow, location)
    flash(_("公告已发布，记录已冻结。请到指定媒体发布后登记网址（R-NOTICE-01）"), "success")
    return redirect(location)


@tenders.post("/<uuid:tender_id>/external-notice")
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def external_notice(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Register where the notice stands in the designated medium."""
    form = ExternalNoticeForm()
    if form.validate_on_submit() and form.at.data is not None:
        try:
            register_external_notice(uow, tender, form.text("url"), form.at.data.replace(tzinfo=SHANGHAI))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已登记指定媒体的公告网址"), "success")
            return redirect(url_for("tenders.show", tender_id=tender.id))
    return _page(uow, tender, notice_form=form), 422


def crumbs_of(tender: Tender, here: str) -> list[tuple[str, str | None]]:
    """Return the crumbs of a page below a tender."""
    return [
        (_p("list", "采购项目"), url_for("tenders.index")),
        (tender.number, url_for("tenders.show", tender_id=tender.id)),
        (here, None),
    ]


def _external_form(tender: Tender) -> ExternalNoticeForm:
    at = tender.external_notice_at.astimezone(SHANGHAI) if tender.external_notice_at else None
    return ExternalNoticeForm(formdata=None, data={"url": tender.external_notice_url, "at": at})


def _values(form: TenderForm) -> dict[str, Any]:
    values = {name: form[name].data for name in EDITABLE if name in form}
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = value.strip()
    values["qualifications"] = [line.strip() for line in form.text("qualifications").splitlines() if line.strip()]
    values["deposit"] = values["deposit"] or 0
    values["evaluation"] = Evaluation(values["evaluation"])
    if form.deadline.data is not None:
        values["deadline"] = form.deadline.data.replace(tzinfo=SHANGHAI)
    return values


def _at(refused: Refused, fields: dict[str, str]) -> Refused:
    """Put refusals at the fields of this form."""
    return Refused(
        *(Refusal(one.reason, one.rule_id, fields.get(one.field or "", one.field)) for one in refused.refusals)
    )


def _location(tender: Tender) -> str:
    return url_for("tenders.show", tender_id=tender.id)


add_transitions(
    tenders,
    TENDER,
    load_tender,
    prefix="/<uuid:tender_id>",
    see=TenderPermission.READ,
    location=_location,
)
