"""The bidder's side of the committee's letters: answer a question, confirm a corrected price."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.documents.accept import documents_of
from core.errors import Refused
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.forms.evaluation import AnswerForm, ConfirmPriceForm
from procurement.models import BidInquiry, PriceCorrection
from procurement.permissions import EvaluationPermission
from procurement.services.bid_inquiries import answer_inquiry
from procurement.services.price_corrections import answer_correction
from procurement.states import InquiryStanding, PriceStanding, TenderState

letters = Blueprint("letters", __name__)


def load_inquiry(uow: UnitOfWork, inquiry_id: uuid.UUID) -> BidInquiry | None:
    """Return the letter with this id."""
    return uow.get(BidInquiry, inquiry_id)


def load_correction(uow: UnitOfWork, correction_id: uuid.UUID) -> PriceCorrection | None:
    """Return the price correction with this id."""
    return uow.get(PriceCorrection, correction_id)


@letters.route("/letters/<uuid:inquiry_id>", methods=["GET", "POST"])
@requires(EvaluationPermission.READ_INQUIRY, load_inquiry, see=EvaluationPermission.READ_INQUIRY)
def inquiry(uow: UnitOfWork, inquiry: BidInquiry) -> ResponseReturnValue:
    """Read what the committee asks and answer it, signed, within the time."""
    form = AnswerForm()
    location = url_for("letters.inquiry", inquiry_id=inquiry.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        files = [one for one in request.files.getlist("files") if one.filename]
        try:
            answer_inquiry(
                uow,
                inquiry,
                form.text("answer"),
                form.text("signed_name"),
                keeps_substance=bool(form.keeps_substance.data),
                files=files,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("答复已签字提交，评标委员会可以看到。"), "success")
            return redirect(location)
    standing = inquiry.standing_at(uow.now)
    tender = inquiry.bid.tender
    page = render_template(
        "procurement/letters/inquiry.html",
        inquiry=inquiry,
        standing=standing,
        form=form,
        files=documents_of(uow, inquiry),
        may_answer=standing is InquiryStanding.WAITING and tender.state is TenderState.UNDER_EVALUATION,
        crumbs=[(_("我的投标"), url_for("bids.index")), (tender.number, None)],
    )
    return page, 422 if form.is_submitted() else 200


@letters.route("/price-corrections/<uuid:correction_id>", methods=["GET", "POST"])
@requires(EvaluationPermission.READ_CORRECTION, load_correction, see=EvaluationPermission.READ_CORRECTION)
def correction(uow: UnitOfWork, correction: PriceCorrection) -> ResponseReturnValue:
    """Read how the price was corrected, and confirm it or not."""
    form = ConfirmPriceForm()
    location = url_for("letters.correction", correction_id=correction.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        confirmed = form.outcome.data == "confirmed"
        try:
            answer_correction(uow, correction, form.text("signed_name"), confirmed=confirmed)
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("已确认修正后的报价。") if confirmed else _("未确认修正后的报价，本投标无效。"), "success")
            return redirect(location)
    standing = correction.standing_at(uow.now)
    tender = correction.bid.tender
    page = render_template(
        "procurement/letters/correction.html",
        correction=correction,
        standing=standing,
        form=form,
        may_answer=standing is PriceStanding.WAITING and tender.state is TenderState.UNDER_EVALUATION,
        crumbs=[(_("我的投标"), url_for("bids.index")), (tender.number, None)],
    )
    return page, 422 if form.is_submitted() else 200
