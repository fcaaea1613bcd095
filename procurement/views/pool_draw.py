"""The officer's side of a draw from the bureau's own pool: wanted, locked, invited, replaced (R-POOL-01)."""

from __future__ import annotations

import io
import uuid
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import NotVisible, Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.records import written
from core.unit_of_work import UnitOfWork
from experts.services.duty import usual_fee
from experts.shown_draws import chances_of, explained, picked_of
from procurement.drafting.requirement import is_statutory
from procurement.forms.pool_draw import CallForm, LeaveForm
from procurement.methods import committee_rule_of, rules_of
from procurement.models import CommitteeCall, CommitteeInvitee, Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import documents_by_owner, load_tender
from procurement.queries.pool_draw import calls_of, invitees_of, quota_title, quota_titles
from procurement.services.committee import SEATING_STATES, too_early
from procurement.services.pool_draw import CallEntry, cancel_call, lock_call, outlook_of, plan_call, still_wanted
from procurement.services.pool_invitations import replace
from procurement.services.pool_screening import draws_of_call
from procurement.states import CallState
from procurement.views.examination import crumbs_of

pool_draws = Blueprint("pool_draws", __name__, url_prefix="/tenders/<uuid:tender_id>/committee/own-draw")


@pool_draws.route("", methods=["GET", "POST"])
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show the draws of this purchase and the form by which one is planned."""
    form = CallForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        fewest = committee_rule_of(uow, tender).fewest
        form.size.data, form.fee.data = fewest, usual_fee(uow) or None
        form.place.data = tender.opening_place
        begins = max(tender.deadline or uow.now, uow.now).astimezone(SHANGHAI)
        form.starts_at.data = begins.replace(tzinfo=None, second=0, microsecond=0)
    if form.validate_on_submit():
        try:
            call = plan_call(uow, tender, _entry(form), request.files.get("consent"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(tender))
            flash(_("已拟定%(number)s，请核对每位专家的机会后锁定方案。", number=call.number), "success")
            return redirect(_location(tender))
    return _page(uow, tender, form), 422 if form.is_submitted() else 200


@pool_draws.post("/<uuid:call_id>/lock")
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def lock(uow: UnitOfWork, tender: Tender, call_id: uuid.UUID) -> ResponseReturnValue:
    """Lock the plan; two people then give entropy."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    call = _call(uow, tender, call_id)
    lock_call(uow, call)
    location = url_for("committee_calls.show", call_id=call.id)
    form.mark_used(uow, location)
    flash(_("方案已锁定并公布承诺；请经办人和另一角色的人员各自提交随机数承诺"), "success")
    return redirect(location)


@pool_draws.route("/<uuid:call_id>/cancel", methods=["GET", "POST"])
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def cancel(uow: UnitOfWork, tender: Tender, call_id: uuid.UUID) -> ResponseReturnValue:
    """Call a draw off."""
    call = _call(uow, tender, call_id)
    words = _("取消后不再抽取，已公布的承诺保留在记录中；可以重新拟定。")
    return _deed(uow, tender, (_("取消抽取"), call.number, words), lambda reason: cancel_call(uow, call, reason))


@pool_draws.route("/invitees/<uuid:invitee_id>/replace", methods=["GET", "POST"])
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def follow(uow: UnitOfWork, tender: Tender, invitee_id: uuid.UUID) -> ResponseReturnValue:
    """Let a reserve follow for somebody who cannot come or must not."""
    invitee = uow.get(CommitteeInvitee, invitee_id)
    if invitee is None or invitee.call.tender_id != tender.id:
        raise NotVisible
    words = _("按抽取次序自动邀请下一位；原因记入抽取记录。")
    title = _("递补评审专家")
    return _deed(uow, tender, (title, invitee.expert.user.name, words), lambda reason: replace(uow, invitee, reason))


@pool_draws.get("/<uuid:call_id>/record.json")
@requires(TenderPermission.SEAT, load_tender, see=TenderPermission.READ)
def record(uow: UnitOfWork, tender: Tender, call_id: uuid.UUID) -> ResponseReturnValue:
    """Download the full record for `flask verify draw`."""
    held = draws_of_call(uow, _call(uow, tender, call_id))
    if not held or held[-1].record is None:
        raise NotVisible
    body = io.BytesIO(written(held[-1].record))
    return send_file(
        body, download_name=f"draw-{tender.number}-full.json", as_attachment=True, mimetype="application/json"
    )


def _deed(uow: UnitOfWork, tender: Tender, said: tuple[str, str, str], deed: object) -> ResponseReturnValue:
    form = LeaveForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit() and callable(deed):
        try:
            deed(form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(tender))
            flash(said[0] + _("：") + said[1], "success")
            return redirect(_location(tender))
    page = render_template(
        "procurement/pool_draw/deed.html",
        tender=tender,
        form=form,
        said=said,
        back=_location(tender),
        crumbs=crumbs_of(tender, said[0]),
    )
    return page, 422 if form.is_submitted() else 200


def _page(uow: UnitOfWork, tender: Tender, form: CallForm) -> str:
    calls = calls_of(uow, tender)
    running = next((one for one in calls if one.state in (CallState.PLANNED, CallState.DRAWING)), None)
    planned = running if running is not None and running.state is CallState.PLANNED else None
    seen = outlook_of(uow, planned) if planned is not None else None
    drawn = {one.id: invitees_of(uow, one) for one in calls}
    held = {one.id: draws_of_call(uow, one) for one in calls}
    return render_template(
        "procurement/pool_draw/show.html",
        tender=tender,
        form=form,
        plain=Form(formdata=None),
        calls=calls,
        running=running,
        planned=planned,
        seen=seen,
        chances=chances_of(uow, seen.screened, seen.plan) if seen is not None and seen.plan is not None else [],
        excluded=[one for one in seen.screened if one.exclusion] if seen is not None else [],
        infeasible=explained(seen.infeasible, quota_titles()) if seen is not None and seen.infeasible else None,
        early=too_early(uow, tender, uow.now),
        drawn=drawn,
        wanted={one.id: still_wanted(one, drawn[one.id]) for one in calls},
        picked={key: picked_of(uow, draws) for key, draws in held.items() if draws and draws[-1].record is not None},
        files=documents_by_owner(uow, "committee_call", calls),
        fields=quota_titles(),
        typed=request.form,
        quota_title=quota_title,
        statutory=is_statutory(uow, tender),
        may_plan=running is None and tender.state in SEATING_STATES and rules_of(tender).committee is not None,
        may_replace=tender.state in SEATING_STATES,
        crumbs=crumbs_of(tender, _("本局专家库抽取")),
    )


def _call(uow: UnitOfWork, tender: Tender, call_id: uuid.UUID) -> CommitteeCall:
    call = uow.get(CommitteeCall, call_id)
    if call is None or call.tender_id != tender.id:
        raise NotVisible
    return call


def _location(tender: Tender) -> str:
    return url_for("pool_draws.show", tender_id=tender.id)


def _entry(form: CallForm) -> CallEntry:
    typed = {key: (request.form.get(f"least-{key}") or "0").strip() for key in quota_titles()}
    return CallEntry(
        size=form["size"].data,
        reserves=form["reserves"].data,
        minimums={key: int(value) if value.isdecimal() and len(value) < 4 else -1 for key, value in typed.items()},
        starts_at=form["starts_at"].data.replace(tzinfo=SHANGHAI),
        place=form.text("place"),
        fee=form["fee"].data or Decimal(0),
        answer_hours=form["answer_hours"].data,
        ground=form.text("ground"),
        consenting=form.text("consenting"),
    )
