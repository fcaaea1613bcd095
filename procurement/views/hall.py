"""What is done in the opening hall beside turning keys: absent keyholders, postponement, sign-in, objections."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.forms.openings import AbsenceForm, AnswerForm, ObjectionForm, PostponeForm
from procurement.methods import rules_of
from procurement.models import Bid, KeyholderAbsence, Postponement, Tender
from procurement.permissions import TenderPermission
from procurement.queries.bids import load_bid, load_bid_tender, read_out
from procurement.queries.openings import (
    absences_of,
    bids_to_open,
    load_objection,
    objections_of,
    opening_of,
    postponed_until,
    progress_of,
)
from procurement.services.absences import (
    confirm_absence,
    confirm_postponement,
    drop_postponement,
    end_absence,
    propose_postponement,
    report_absence,
)
from procurement.services.hall import answer_objection, attendance_of, object_to_opening, sign_in
from procurement.services.opening_papers import opening_record_pdf

hall = Blueprint("hall", __name__)


@hall.route("/tenders/<uuid:tender_id>/opening/absence", methods=["GET", "POST"])
@requires(TenderPermission.NOTE_ABSENCE, load_bid_tender, see=TenderPermission.READ)
def absence(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Report that a keyholder cannot come."""
    form = AbsenceForm()
    reported = {one.keyholder_id for one in absences_of(uow, tender)}
    there = {str(one.id): one for one in tender.keyholders if one.id not in reported}
    form.keyholder.choices = choices((key, one.user.name) for key, one in there.items())
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            report_absence(uow, tender, there[form.keyholder.data], form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, tender, _("已登记，须由采购人一方的另一人在开标大厅核实确认"))
    page = render_template(
        "procurement/opening/absence.html", form=form, tender=tender, crumbs=_crumbs(tender, _("密钥持有人不能到场"))
    )
    return page, 422 if form.is_submitted() else 200


@hall.post("/tenders/<uuid:tender_id>/opening/absence/<uuid:absence_id>/confirm")
@requires(TenderPermission.NOTE_ABSENCE, load_bid_tender, see=TenderPermission.READ)
def confirm(uow: UnitOfWork, tender: Tender, absence_id: uuid.UUID) -> ResponseReturnValue:
    """Confirm an absence that another reported."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    found = uow.get(KeyholderAbsence, absence_id)
    if found is None:
        abort(404)
    confirm_absence(uow, tender, found)
    return _done(uow, form, tender, _("已确认。含这位持有人的密钥组合不再计入"))


@hall.post("/tenders/<uuid:tender_id>/opening/absence/<uuid:absence_id>/end")
@requires(TenderPermission.NOTE_ABSENCE, load_bid_tender, see=TenderPermission.READ)
def end(uow: UnitOfWork, tender: Tender, absence_id: uuid.UUID) -> ResponseReturnValue:
    """Take a report of absence back."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    found = uow.get(KeyholderAbsence, absence_id)
    if found is None:
        abort(404)
    end_absence(uow, tender, found)
    return _done(uow, form, tender, _("已撤销登记，这位持有人可以使用密钥"))


@hall.route("/tenders/<uuid:tender_id>/opening/postponement", methods=["GET", "POST"])
@requires(TenderPermission.NOTE_ABSENCE, load_bid_tender, see=TenderPermission.READ)
def postpone(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Propose to put the opening off."""
    form = PostponeForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit() and form.until.data:
        try:
            propose_postponement(uow, tender, form.until.data.replace(tzinfo=SHANGHAI), form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, tender, _("已提出延期，须由采购人一方的另一人在开标大厅确认后通知投标人"))
    page = render_template(
        "procurement/opening/postponement.html", form=form, tender=tender, crumbs=_crumbs(tender, _("开标延期"))
    )
    return page, 422 if form.is_submitted() else 200


@hall.post("/tenders/<uuid:tender_id>/opening/postponement/<uuid:postponement_id>/confirm", defaults={"keep": True})
@hall.post("/tenders/<uuid:tender_id>/opening/postponement/<uuid:postponement_id>/drop", defaults={"keep": False})
@requires(TenderPermission.NOTE_ABSENCE, load_bid_tender, see=TenderPermission.READ)
def decide(uow: UnitOfWork, tender: Tender, postponement_id: uuid.UUID, keep: bool) -> ResponseReturnValue:  # noqa: FBT001 - from the route
    """Confirm a postponement that another proposed, or take the proposal back."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    found = uow.get(Postponement, postponement_id)
    if found is None:
        abort(404)
    if keep:
        confirm_postponement(uow, tender, found)
        return _done(uow, form, tender, _("开标已延期，已通知投标人和密钥持有人"))
    drop_postponement(uow, tender, found)
    return _done(uow, form, tender, _("已撤回延期"))


@hall.post("/tenders/<uuid:tender_id>/opening/objection/<uuid:objection_id>")
@requires(TenderPermission.OPEN, load_bid_tender, see=TenderPermission.READ)
def answer(uow: UnitOfWork, tender: Tender, objection_id: uuid.UUID) -> ResponseReturnValue:
    """Answer an objection on the spot (R-OPEN-03)."""
    form = AnswerForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    found = load_objection(uow, objection_id)
    if found is None or found.tender_id != tender.id:
        abort(404)
    answer_objection(uow, tender, found, form.text("answer"))
    return _done(uow, form, tender, _("已答复，答复记入开标记录"))


@hall.get("/bids/<uuid:bid_id>/opening")
@requires(TenderPermission.ATTEND_AS_BIDDER, load_bid, see=TenderPermission.READ_BID)
def attend(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Show a bidder the opening: sign in, follow the unsealing, hear the sheets, object."""
    return _attended(uow, bid, ObjectionForm())


@hall.post("/bids/<uuid:bid_id>/opening/sign-in")
@requires(TenderPermission.ATTEND_AS_BIDDER, load_bid, see=TenderPermission.READ_BID)
def attend_signed(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Sign in to the opening."""
    sign_in(uow, bid)
    flash(_("已签到。对开标有异议的，请在开标会结束之前当场提出。"), "success")
    return redirect(url_for("hall.attend", bid_id=bid.id))


@hall.post("/bids/<uuid:bid_id>/opening/objection")
@requires(TenderPermission.ATTEND_AS_BIDDER, load_bid, see=TenderPermission.READ_BID)
def object_now(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Raise an objection on the spot (R-OPEN-03)."""
    form = ObjectionForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            object_to_opening(uow, bid, form.text("words"))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("hall.attend", bid_id=bid.id)
            form.mark_used(uow, location)
            flash(_("异议已提出，主持人将当场答复并记入开标记录。"), "success")
            return redirect(location)
    return _attended(uow, bid, form), 422


@hall.get("/bids/<uuid:bid_id>/opening-record.pdf")
@requires(TenderPermission.ATTEND_AS_BIDDER, load_bid, see=TenderPermission.READ_BID)
def record_pdf(uow: UnitOfWork, bid: Bid) -> ResponseReturnValue:
    """Give a bidder whose lot was opened the printed opening record."""
    opening = opening_of(uow, bid.tender)
    if opening is None or opening.record is None or (bid.opened_by is None and bid.failure is None):
        abort(404)
    if not rules_of(bid.tender).reads_out:  # other suppliers' data is disclosed to nobody there (R-NEG-02)
        abort(404)
    uow.record("opening.read", opening, detail={"form": "pdf"})
    response = Response(opening_record_pdf(uow, bid.tender, opening.record), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="opening-{bid.tender.number}.pdf"'
    return response


def _attended(uow: UnitOfWork, bid: Bid, form: ObjectionForm) -> str:
    tender = bid.tender
    opening = opening_of(uow, tender)
    opened = opening is not None and opening.finished_at is not None
    objections = objections_of(uow, tender) if opening else []
    return render_template(
        "procurement/opening/attend.html",
        bid=bid,
        tender=tender,
        opening=opening,
        form=form,
        attendance=attendance_of(uow, bid),
        awaits=tender.awaits_opening_at(uow.now),
        postponed=postponed_until(uow, tender),
        in_session=opening is not None and opening.closed_at is None and (opened or tender.awaits_opening_at(uow.now)),
        progress=progress_of(bids_to_open(uow, tender)) if opening and not opened else None,
        objections=objections if opened else [one for one in objections if one.bid_id == bid.id],
        read_out=read_out(uow, tender) if opened else [],
        stage="closed" if opening and opening.closed_at else ("opened" if opened else ("begun" if opening else "due")),
        crumbs=[
            (_("我的投标"), url_for("bids.index")),
            (_("投标回执"), url_for("bids.show", bid_id=bid.id)),
            (_("开标"), None),
        ],
    )


def _done(uow: UnitOfWork, form: Form, tender: Tender, words: str) -> ResponseReturnValue:
    location = url_for("openings.hall", tender_id=tender.id)
    form.mark_used(uow, location)
    flash(words, "success")
    return redirect(location)


def _crumbs(tender: Tender, here: str) -> list[tuple[str, str | None]]:
    return [
        (_("开标"), url_for("openings.index")),
        (tender.number, url_for("openings.hall", tender_id=tender.id)),
        (here, None),
    ]
