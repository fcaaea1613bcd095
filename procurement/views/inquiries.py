"""An inquiry: asking, reading, answering."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.errors import Refused
from core.http.choices import choices
from core.http.guard import requires
from core.http.transitions import add_transitions
from core.i18n import _
from core.permissions import policy
from core.ports import TimelineEntry
from core.unit_of_work import UnitOfWork
from procurement.forms.remedies import AnswerForm, EffectForm, InquiryForm
from procurement.models import Challenge, Inquiry, Tender
from procurement.permissions import RemedyPermission, TenderPermission
from procurement.queries.remedies import clocks_of, load_inquiry, remedy_days
from procurement.queries.tenders import load_tender
from procurement.services.bidding import bidders_of
from procurement.services.inquiries import answer_inquiry, ask, judge_inquiry
from procurement.states import InquiryState
from procurement.workflow import INQUIRY

inquiries = Blueprint("inquiries", __name__)


@inquiries.route("/tenders/<uuid:tender_id>/inquiries/new", methods=["GET", "POST"])
@requires(RemedyPermission.ASK, load_tender, see=TenderPermission.READ_NOTICE)
def new(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Ask about a purchase."""
    form = InquiryForm()
    form.organisation_id.choices = choices((str(one.id), one.name) for one in bidders_of(uow))
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            inquiry = ask(uow, tender, uuid.UUID(form.organisation_id.data), form.text("question"))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("inquiries.show", inquiry_id=inquiry.id)
            form.mark_used(uow, location)
            flash(_("已提出询问 %(number)s，采购人将按期答复", number=inquiry.number), "success")
            return redirect(location)
    crumbs = [(_("询问和质疑"), url_for("remedies.of_tender", tender_id=tender.id)), (_("提出询问"), None)]
    page = render_template(
        "procurement/remedy/ask.html", form=form, tender=tender, days=remedy_days(uow), crumbs=crumbs
    )
    return page, 422 if form.is_submitted() else 200


@inquiries.get("/inquiries/<uuid:inquiry_id>")
@requires(RemedyPermission.READ_INQUIRY, load_inquiry, see=RemedyPermission.READ_INQUIRY)
def show(uow: UnitOfWork, inquiry: Inquiry) -> ResponseReturnValue:
    """Show an inquiry with its clock and its answer."""
    return _page(uow, inquiry)


@inquiries.post("/inquiries/<uuid:inquiry_id>/answer")
@requires(RemedyPermission.ANSWER_INQUIRY, load_inquiry, see=RemedyPermission.READ_INQUIRY)
def answer(uow: UnitOfWork, inquiry: Inquiry) -> ResponseReturnValue:
    """Answer an inquiry."""
    form = AnswerForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        form.check_revision(inquiry)
        try:
            answer_inquiry(uow, inquiry, form.text("answer"))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("inquiries.show", inquiry_id=inquiry.id)
            form.mark_used(uow, location)
            flash(_("已答复，答复函已送达供应商"), "success")
            return redirect(location)
    return _page(uow, inquiry, form), 422


@inquiries.post("/inquiries/<uuid:inquiry_id>/effect")
@requires(RemedyPermission.ANSWER_INQUIRY, load_inquiry, see=RemedyPermission.READ_INQUIRY)
def effect(uow: UnitOfWork, inquiry: Inquiry) -> ResponseReturnValue:
    """Say whether it may affect the result."""
    form = EffectForm()
    form.check_revision(inquiry)
    judge_inquiry(uow, inquiry, affects=bool(form.affects.data))
    flash(_("已记录。可能影响中标结果的，答复前合同暂停（R-SUSP-01）"), "success")
    return redirect(url_for("inquiries.show", inquiry_id=inquiry.id))


def _page(uow: UnitOfWork, inquiry: Inquiry, form: AnswerForm | None = None) -> str:
    is_open = inquiry.state is InquiryState.ASKED
    may_answer = is_open and policy.allows(uow.actor, RemedyPermission.ANSWER_INQUIRY, inquiry)
    return render_template(
        "procurement/remedy/inquiry.html",
        inquiry=inquiry,
        clocks=clocks_of(uow, inquiry),
        form=(form or AnswerForm(formdata=None, obj=inquiry)) if may_answer else None,
        effect_form=EffectForm(formdata=None, obj=inquiry, data={"affects": inquiry.may_affect_result}),
        knows_who=policy.allows(uow.actor, RemedyPermission.KNOW_WHO, inquiry),
        documents=documents_of(uow, inquiry, "answer-letter"),
        options=INQUIRY.options(uow, inquiry),
        entries=shown_to(uow, inquiry, timeline(uow, inquiry)),
        crumbs=[(_("询问"), url_for("remedies.inquiries")), (inquiry.number, None)],
    )


def shown_to(uow: UnitOfWork, case: Inquiry | Challenge, entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """Leave out who acted while that would tell which supplier asked or challenged (R-SEC-03)."""
    if policy.allows(uow.actor, RemedyPermission.KNOW_WHO, case):
        return entries
    return [TimelineEntry(one.at, one.title, "", one.reason, one.seq) for one in entries]


def _location(inquiry: Inquiry) -> str:
    return url_for("inquiries.show", inquiry_id=inquiry.id)


add_transitions(
    inquiries,
    INQUIRY,
    load_inquiry,
    prefix="/inquiries/<uuid:inquiry_id>",
    see=RemedyPermission.READ_INQUIRY,
    location=_location,
)
