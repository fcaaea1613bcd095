"""The committee: the draw's record, line by line or imported, the chair, and the start of the evaluation."""

from __future__ import annotations

import io
import uuid
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.spreadsheets import Unreadable
from core.unit_of_work import UnitOfWork
from procurement.committee_sheet import committee_template, read_committee
from procurement.fault_words import in_language
from procurement.forms.awards import MemberForm
from procurement.methods import committee_rule_of
from procurement.models import CommitteeSeat, Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import load_tender
from procurement.queries.pool_draw import calls_of
from procurement.queries.standings import seats_of
from procurement.services.committee import (
    SEATING_STATES,
    MemberEntry,
    committee_refusals,
    name_chair,
    seat_members,
    start_evaluation,
    starting_refusals,
    unseat,
)
from procurement.services.committee_conduct import open_pause
from procurement.services.committee_papers import AFTER_REVIEW
from procurement.states import SeatCategory, TenderState
from procurement.views.examination import crumbs_of

committee = Blueprint("committee", __name__, url_prefix="/tenders/<uuid:tender_id>/committee")


@committee.route("", methods=["GET", "POST"])
@requires(TenderPermission.READ_COMMITTEE, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show the committee and, to officers, the form by which a member is entered."""
    form = MemberForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            seat_members(uow, tender, [_entry(form)])
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(tender))
            flash(_("已录入%(name)s。名单在结果公告前保密。", name=form.text("name")), "success")
            return redirect(_location(tender))
    return _page(uow, tender, form), 422 if form.is_submitted() else 200


@committee.route("/import", methods=["GET", "POST"])
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def import_sheet(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Import the draw's record; nothing is written while one cell is wrong."""
    form = Form()
    preview = None
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        upload = request.files.get("file")
        try:
            if upload is None or not upload.filename:
                raise Refused(Refusal(_l("请选择 XLSX 或 CSV 文件")))
            preview, entries = read_committee(upload.read())
            if preview.clean:
                seats = seat_members(uow, tender, entries)
                form.mark_used(uow, _location(tender))
                flash(_("已导入 %(count)s 名成员", count=len(seats)), "success")
                return redirect(_location(tender))
        except Unreadable as unreadable:
            form.refuse(Refused(Refusal(in_language(unreadable.message.zh, unreadable.message.en))))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "procurement/committee/import.html",
        tender=tender,
        form=form,
        preview=preview,
        crumbs=crumbs_of(tender, _("评标委员会")),
    )
    return page, 422 if form.is_submitted() else 200


@committee.get("/template.xlsx")
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def template(_uow: UnitOfWork, _tender: Tender) -> ResponseReturnValue:
    """Download an empty table of the draw's record."""
    return send_file(
        io.BytesIO(committee_template()), download_name=_("评标委员会名单模板") + ".xlsx", as_attachment=True
    )


@committee.post("/<uuid:seat_id>/remove")
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def remove(uow: UnitOfWork, tender: Tender, seat_id: uuid.UUID) -> ResponseReturnValue:
    """Strike a member entered by mistake."""
    unseat(uow, _seat(uow, tender, seat_id))
    flash(_("已从名单中删除"), "success")
    return redirect(_location(tender))


@committee.post("/<uuid:seat_id>/chair")
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def chair(uow: UnitOfWork, tender: Tender, seat_id: uuid.UUID) -> ResponseReturnValue:
    """Enter whom the members elected as chair."""
    seat = _seat(uow, tender, seat_id)
    name_chair(uow, seat)
    flash(_("组长：%(name)s", name=seat.name), "success")
    return redirect(_location(tender))


@committee.post("/start")
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def start(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Begin the evaluation: the members are told."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    start_evaluation(uow, tender)
    location = url_for("results.show", tender_id=tender.id)
    form.mark_used(uow, location)
    flash(_("评标已经开始，已通知评标委员会全体成员。"), "success")
    return redirect(location)


def _page(uow: UnitOfWork, tender: Tender, form: Form) -> str:
    rule = committee_rule_of(uow, tender)
    is_opened = tender.state is TenderState.OPENED
    is_reviewed = tender.state in (TenderState.UNDER_EVALUATION, TenderState.REVIEW_SUSPENDED)
    may_pause = policy.allows(uow.actor, TenderPermission.SUSPEND_REVIEW, tender)
    may_seat = tender.state in SEATING_STATES and policy.allows(uow.actor, TenderPermission.SEAT, tender)
    may_pool = policy.allows(uow.actor, TenderPermission.SEAT, tender)
    return render_template(
        "procurement/committee/show.html",
        tender=tender,
        seats=seats_of(uow, tender, recused=True),
        rule=rule,
        form=form,
        act_form=Form(formdata=None),
        may_seat=may_seat,
        may_remove=may_seat and tender.state in (TenderState.PUBLISHED, TenderState.OPENED),
        may_duty=tender.state in AFTER_REVIEW and policy.allows(uow.actor, TenderPermission.SEAT, tender),
        may_replace=is_reviewed and policy.allows(uow.actor, TenderPermission.REPLACE, tender),
        may_suspend=tender.state is TenderState.UNDER_EVALUATION and may_pause,
        may_resume=tender.state is TenderState.REVIEW_SUSPENDED and may_pause,
        pause=open_pause(uow, tender),
        pool_calls=may_pool and bool(calls_of(uow, tender)),
        may_start=may_seat and is_opened,
        refusals=starting_refusals(uow, tender) if is_opened else committee_refusals(uow, tender),
        crumbs=crumbs_of(tender, _("评标委员会")),
    )


def _location(tender: Tender) -> str:
    return url_for("committee.show", tender_id=tender.id)


def _seat(uow: UnitOfWork, tender: Tender, seat_id: uuid.UUID) -> CommitteeSeat:
    seat = uow.get(CommitteeSeat, seat_id)
    if seat is None or seat.tender_id != tender.id:
        abort(404)
    return seat


def _entry(form: MemberForm) -> MemberEntry:
    return MemberEntry(
        name=form.text("name"),
        email=form.text("email"),
        employer=form.text("employer"),
        category=SeatCategory(form.category.data),
        draw_number=form.text("draw_number"),
        drawn_at=_in_shanghai(form.drawn_at.data),
        is_chair=bool(form.is_chair.data),
    )


def _in_shanghai(typed: datetime | None) -> datetime:
    """Read a typed local time; the form has already refused an empty one."""
    return (typed or datetime.max.replace(tzinfo=SHANGHAI)).replace(tzinfo=SHANGHAI)
