"""The papers of a committee: its draw or selection, the session, and the experts' duty."""

from __future__ import annotations

import uuid
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.services.duty import usual_fee
from procurement.forms.evaluation import DrawForm, DutyForm, SessionForm
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import documents_by_owner, load_tender
from procurement.queries.committee_papers import draws_of, duty_due, duty_records, session_of
from procurement.queries.standings import seats_of
from procurement.services.committee_papers import (
    DrawEntry,
    SessionEntry,
    keep_session,
    register_draw,
    write_duty,
)
from procurement.states import DutyRating, SeatCategory, SeatSource
from procurement.views.examination import crumbs_of

papers = Blueprint("papers", __name__, url_prefix="/tenders/<uuid:tender_id>/committee")


@papers.route("/draw", methods=["GET", "POST"])
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def draw(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Register the provincial draw's record, or a selection with its consent."""
    form = DrawForm()
    location = url_for("committee.show", tender_id=tender.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        at = form.drawn_at.data or uow.now
        entry = DrawEntry(
            SeatSource(form.source.data),
            form.text("number"),
            at.replace(tzinfo=SHANGHAI),
            *(form.text(name) for name in ("excluded", "ground", "consenting")),
        )
        chosen = [uuid.UUID(one) for one in request.form.getlist("seats") if len(one) == 36]
        try:
            register_draw(uow, tender, entry, chosen, request.files.get("file"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("抽取记录已登记；自行选定的专家会在结果公告中标注。"), "success")
            return redirect(location)
    page = render_template(
        "procurement/committee/draw.html",
        tender=tender,
        form=form,
        experts=[one for one in seats_of(uow, tender) if one.category is SeatCategory.EXPERT],
        chosen=request.form.getlist("seats"),
        draws=draws_of(uow, tender),
        files=documents_by_owner(uow, "committee_draw", draws_of(uow, tender)),
        crumbs=crumbs_of(tender, _("抽取记录")),
    )
    return page, 422 if form.is_submitted() else 200


@papers.route("/session", methods=["GET", "POST"])
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def session(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Keep the session's record, the authorisation and the written briefing."""
    row = session_of(uow, tender)
    form = SessionForm(obj=row) if row else SessionForm()
    if row and not form.is_submitted():
        form.supervisors.data = "\n".join(row.supervisors)
    location = url_for("committee.show", tender_id=tender.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        entry = SessionEntry(
            form.text("place"),
            form.text("supervisors").splitlines(),
            bool(form.phones_kept.data),
            form.text("recording"),
        )
        try:
            keep_session(
                uow,
                tender,
                entry,
                authorisation=request.files.get("authorisation"),
                briefing=request.files.get("briefing"),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("评标现场记录已保存。"), "success")
            return redirect(location)
    page = render_template(
        "procurement/committee/session.html",
        tender=tender,
        form=form,
        files=documents_by_owner(uow, "review_session", [row])[row.id] if row else [],
        crumbs=crumbs_of(tender, _("评标现场")),
    )
    return page, 422 if form.is_submitted() else 200


@papers.route("/duty", methods=["GET", "POST"])
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def duty(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Record every expert's duty and fee on one page."""
    form = DutyForm()
    seats = [one for one in seats_of(uow, tender, recused=True) if one.category is SeatCategory.EXPERT]
    location = url_for("papers.duty", tender_id=tender.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        refusals: list[Refusal] = []
        for seat in seats:
            rating = request.form.get(f"rating-{seat.id}") or ""
            if rating not in set(DutyRating):
                continue
            try:
                fee = Decimal(request.form.get(f"fee-{seat.id}") or "0")
                write_duty(uow, seat, DutyRating(rating), request.form.get(f"remark-{seat.id}") or "", fee)
            except ArithmeticError:
                refusals.append(Refusal(_l("%(name)s：请填写数字", name=seat.name), rule_id="R-COMM-15"))
            except Refused as refused:
                refusals += [
                    Refusal(_l("%(name)s：%(reason)s", name=seat.name, reason=one.reason), one.rule_id)
                    for one in refused.refusals
                ]
        if refusals:
            form.refuse(Refused(*refusals))
        else:
            form.mark_used(uow, location)
            flash(_("专家履职情况已记录。"), "success")
            return redirect(location)
    page = render_template(
        "procurement/committee/duty.html",
        tender=tender,
        form=form,
        seats=seats,
        known=duty_records(uow, seats),
        typed=request.form,
        ratings=list(DutyRating),
        due=duty_due(uow, tender),
        usual=usual_fee(uow),
        crumbs=crumbs_of(tender, _("专家履职记录")),
    )
    return page, 422 if form.is_submitted() else 200
