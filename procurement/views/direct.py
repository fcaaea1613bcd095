"""Pages of below-limit selection and single source: prepare, answers, comparison, decision."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.http.choices import choices
from core.http.forms import Form, FormError
from core.http.guard import requires
from core.i18n import _, _p
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.direct_lawfulness import asked_suppliers, purchase_of
from procurement.drafting.lawfulness import checklist
from procurement.forms.direct import InquiryForm, ProposeForm, ReplyForm, SoleForm
from procurement.library_gates import gates, labelled
from procurement.models import AskedSupplier, Tender
from procurement.permissions import DirectPermission
from procurement.queries.direct import (
    answer_files,
    last_telephone,
    possible_originals,
    possible_suppliers,
    usual_deadline,
)
from procurement.queries.tenders import load_tender
from procurement.services.awarding import awards_of
from procurement.services.direct import (
    Proposal,
    answers_are_known,
    authorise,
    prepare,
    propose,
    proposing_refusals,
    reply,
    send_inquiry,
)
from procurement.services.direct_award import select
from procurement.services.direct_files import KINDS, TITLES
from procurement.services.publishing import submit_tender
from procurement.states import Method, SoleGround, TenderState
from procurement.tender_page import tender_parts
from procurement.workflow import TENDER

direct = Blueprint("direct", __name__, url_prefix="/tenders/<uuid:tender_id>/direct")

STEPS = {
    Method.BELOW_LIMIT: (TenderState.DRAFT, TenderState.IN_SELECTION, TenderState.EVALUATED, TenderState.AWARDED),
    Method.SINGLE_SOURCE: (
        TenderState.DRAFT,
        TenderState.IN_APPROVAL,
        TenderState.IN_SELECTION,
        TenderState.EVALUATED,
        TenderState.AWARDED,
    ),
}


@direct.get("")
@requires(DirectPermission.READ, load_tender, see=DirectPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show the purchase: what is asked, whom, what they answered once it may be known, and what was decided."""
    return _page(uow, tender)


def _page(uow: UnitOfWork, tender: Tender, refusals: tuple[Refusal, ...] = ()) -> str:
    purchase, asked = purchase_of(uow, tender), asked_suppliers(uow, tender)
    is_draft = tender.state in (TenderState.DRAFT, TenderState.IN_APPROVAL)
    may_propose = tender.state is TenderState.IN_SELECTION and _may(uow, DirectPermission.PROPOSE, tender)
    lines = checklist(uow, tender) if is_draft else []
    return render_template(
        "procurement/direct/show.html",
        tender=tender,
        purchase=purchase,
        asked=asked,
        known=answers_are_known(uow, tender, asked),
        files=listed_files(uow, asked) if answers_are_known(uow, tender, asked) else {},
        lines=lines,
        blocking=[one for one in lines if one.level == "block"],
        refusals=refusals,
        steps=_steps(tender),
        options=[one for one in TENDER.options(uow, tender) if one.transition.name in ("cancel", "return_proposal")],
        sends_back=[one for one in TENDER.options(uow, tender) if one.transition.name == "send_back"],
        form=Form(formdata=None),
        may_prepare=tender.state is TenderState.DRAFT and _may(uow, DirectPermission.PREPARE, tender),
        may_record=tender.state is TenderState.IN_SELECTION and _may(uow, DirectPermission.RECORD, tender),
        may_authorise=tender.state is TenderState.IN_APPROVAL and _may(uow, DirectPermission.DECIDE, tender),
        may_select=tender.state is TenderState.EVALUATED and _may(uow, DirectPermission.DECIDE, tender),
        may_propose=may_propose,
        waiting=proposing_refusals(uow, tender) if may_propose else [],
        awards=awards_of(uow, tender),
        parts=tender_parts(uow, tender),
        entries=timeline(uow, tender),
        crumbs=[(_p("list", "采购项目"), url_for("tenders.index")), (tender.number, None)],
    )


@direct.route("/prepare", methods=["GET", "POST"])
@requires(DirectPermission.PREPARE, load_tender, see=DirectPermission.READ)
def edit(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Fill the draft and, with the second button, send it on in the same press."""
    if tender.state is not TenderState.DRAFT:
        return redirect(_location(tender))
    form = _inquiry_form(uow, tender) if tender.method is Method.BELOW_LIMIT else _sole_form(uow, tender)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        form.check_revision(tender)
        try:
            _save(uow, tender, form)
            if request.form.get("then") == "send":
                _send(uow, tender)
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(tender))
            sent = tender.state is not TenderState.DRAFT
            flash(
                _("已发出，供应商已收到通知") if sent and tender.method is Method.BELOW_LIMIT else _("已保存"),
                "success",
            )
            return redirect(_location(tender))
    page = render_template(
        "procurement/direct/prepare.html",
        form=form,
        tender=tender,
        lines=checklist(uow, tender),
        crumbs=_crumbs(tender, _("填写采购内容")),
    )
    return page, 422 if form.is_submitted() else 200


@direct.post("/send")
@requires(DirectPermission.PREPARE, load_tender, see=DirectPermission.READ)
def send(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Send the inquiry, or submit the single source for approval."""
    return _once(uow, tender, _send, _("已发出"))


@direct.post("/authorise")
@requires(DirectPermission.DECIDE, load_tender, see=DirectPermission.READ)
def approve(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Approve a single source."""
    return _once(uow, tender, authorise, _("已批准，须公示的自今日起公示"))


@direct.post("/select")
@requires(DirectPermission.DECIDE, load_tender, see=DirectPermission.READ)
def confirm(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Confirm the proposal."""
    return _once(uow, tender, select, _("已确认选定：供应商已收到通知，评价委托已建立"))


@direct.route("/answers/<uuid:asked_id>", methods=["GET", "POST"])
@requires(DirectPermission.RECORD, load_tender, see=DirectPermission.READ)
def answer(uow: UnitOfWork, tender: Tender, asked_id: uuid.UUID) -> ResponseReturnValue:
    """Record an answer that came on paper."""
    asked = uow.get(AskedSupplier, asked_id)
    if asked is None or asked.tender_id != tender.id or asked.replied_at is not None:
        abort(404)
    form = ReplyForm(obj=asked)
    return reply_page(uow, asked, form, _location(tender), _crumbs(tender, _("登记答复")))


@direct.route("/propose", methods=["GET", "POST"])
@requires(DirectPermission.PROPOSE, load_tender, see=DirectPermission.READ)
def compare(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Compare the answers side by side and propose one."""
    asked = asked_suppliers(uow, tender)
    if tender.state is not TenderState.IN_SELECTION or not answers_are_known(uow, tender, asked):
        return redirect(_location(tender))
    purchase = purchase_of(uow, tender)
    offers = sorted((one for one in asked if one.price is not None), key=lambda one: one.price or 0)
    form = ProposeForm(obj=purchase)
    form.asked.choices = choices([(str(one.id), one.supplier.name) for one in offers])
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        form.asked.data = str(purchase.proposed_id or (offers[0].id if offers else ""))
        form.price.data = purchase.agreed_price if tender.method is Method.SINGLE_SOURCE else None
    remarks = {one.id: request.form.get(f"remark-{one.id}", one.remark) for one in offers}
    errors: dict[str, FormError] = {}
    if form.validate_on_submit():
        form.check_revision(purchase)
        wanted = Proposal(
            uuid.UUID(form.asked.data), form.price.data, form.text("reason"), remarks, form.text("minutes")
        )
        try:
            propose(uow, tender, wanted)
        except Refused as refused:
            form.refuse(refused)
            errors = {one.field or "": FormError(str(one.reason), one.rule_id) for one in refused.refusals}
        else:
            form.mark_used(uow, _location(tender))
            flash(_("已提交选定意见，等待确认"), "success")
            return redirect(_location(tender))
    page = render_template(
        "procurement/direct/compare.html",
        form=form,
        tender=tender,
        offers=offers,
        files=listed_files(uow, offers),
        gates=gates(uow, tender, [one.supplier for one in offers]),
        remarks=remarks,
        errors=errors,
        waiting=proposing_refusals(uow, tender),
        crumbs=_crumbs(tender, _("比较并提出选定意见")),
    )
    return page, 422 if form.is_submitted() else 200


def reply_page(
    uow: UnitOfWork, asked: AskedSupplier, form: ReplyForm, location: str, crumbs: list[tuple[str, str | None]]
) -> ResponseReturnValue:
    """Take an answer from its form, or show the form."""
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        form.check_revision(asked)
        try:
            reply(
                uow,
                asked,
                price=form.price.data,
                plan=form.text("plan"),
                declined=bool(form.declined.data),
                files={name: request.files.get(name) for name in KINDS},
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("答复已收到"), "success")
            return redirect(location)
    page = render_template(
        "procurement/direct/reply.html",
        form=form,
        asked=asked,
        tender=asked.tender,
        files=listed_files(uow, [asked])[asked.id],
        crumbs=crumbs,
    )
    return page, 422 if form.is_submitted() else 200


def listed_files(uow: UnitOfWork, asked: Sequence[AskedSupplier]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Return the files of these answers as pages list them."""
    return {
        key: [
            {
                "name": one.name,
                "size": one.size,
                "at": one.added_at,
                "url": url_for("documents.download", document_id=one.id),
                "note": TITLES[one.purpose],
            }
            for one in files
        ]
        for key, files in answer_files(uow, asked).items()
    }


def _inquiry_form(uow: UnitOfWork, tender: Tender) -> InquiryForm:
    form = InquiryForm(obj=tender)
    form.suppliers.choices = choices(labelled(uow, tender, possible_suppliers(uow)))
    if not form.is_submitted():
        form.suppliers.data = [str(one.supplier_id) for one in asked_suppliers(uow, tender)]
        form.few_reason.data = purchase_of(uow, tender).few_reason
        form.deadline.data = (tender.deadline or usual_deadline(uow)).astimezone(SHANGHAI)
        if not form.contact_telephone.data:
            form.contact_telephone.data = last_telephone(uow)
    return form


def _sole_form(uow: UnitOfWork, tender: Tender) -> SoleForm:
    form, purchase = SoleForm(obj=tender), purchase_of(uow, tender)
    suppliers, originals = possible_suppliers(uow), possible_originals(uow)
    form.supplier.choices = choices([("", _("请选择")), *((str(one.id), one.name) for one in suppliers)])
    form.original.choices = choices(
        [("", _("不是添购")), *((str(one.id), f"{one.number} {one.project.name}") for one in originals)]
    )
    if not form.is_submitted():
        asked = asked_suppliers(uow, tender)
        form.supplier.data = str(asked[0].supplier_id) if asked else ""
        form.ground.data = purchase.ground.value if purchase.ground else None
        form.ground_reason.data, form.opinion.data = purchase.ground_reason, purchase.opinion
        form.original.data = str(purchase.original_id or "")
    return form


def _save(uow: UnitOfWork, tender: Tender, form: Form) -> None:
    names = ("title", "requirement", "contact_name", "contact_telephone")
    values: dict[str, Any] = {name: form.text(name) for name in names}
    values["budget"], values["service_until"] = form["budget"].data, form["service_until"].data
    entries: dict[str, Any] = {}
    wanted: set[Any] = set()
    if isinstance(form, SoleForm):
        wanted = {form.supplier.data}
        entries = {
            "ground": SoleGround(form.ground.data) if form.ground.data else None,
            "ground_reason": form.text("ground_reason"),
            "opinion": form.text("opinion"),
            "original_id": uuid.UUID(form.original.data) if form.original.data else None,
        }
    elif isinstance(form, InquiryForm):
        wanted = set(form.suppliers.data or [])
        entries = {"few_reason": form.text("few_reason")}
        values["deadline"] = form.deadline.data.replace(tzinfo=SHANGHAI) if form.deadline.data else None
    suppliers = [one for one in possible_suppliers(uow) if str(one.id) in wanted]
    prepare(uow, tender, suppliers, entries, **values)


def _send(uow: UnitOfWork, tender: Tender) -> None:
    if tender.method is Method.BELOW_LIMIT:
        send_inquiry(uow, tender)
    else:
        submit_tender(uow, tender)


def _once(uow: UnitOfWork, tender: Tender, deed: Any, words: str) -> ResponseReturnValue:
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        deed(uow, tender)
    except Refused as refused:
        return _page(uow, tender, refused.refusals), 422
    form.mark_used(uow, _location(tender))
    flash(words, "success")
    return redirect(_location(tender))


def _steps(tender: Tender) -> list[dict[str, Any]]:
    steps = STEPS[tender.method]
    reached = steps.index(tender.state) if tender.state in steps else 0
    over = tender.state is TenderState.AWARDED
    return [
        {"title": one.label, "state": "done" if place < reached or over else "present" if place == reached else "ahead"}
        for place, one in enumerate(steps)
    ]


def _may(uow: UnitOfWork, permission: DirectPermission, tender: Tender) -> bool:
    return policy.allows(uow.actor, permission, tender)


def _location(tender: Tender) -> str:
    return url_for("direct.show", tender_id=tender.id)


def _crumbs(tender: Tender, here: str) -> list[tuple[str, str | None]]:
    return [(_p("list", "采购项目"), url_for("tenders.index")), (tender.number, _location(tender)), (here, None)]
