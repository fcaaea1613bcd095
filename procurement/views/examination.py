"""The purchaser's examination of qualifications, and declaring a tender failed."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal, Refused
from core.http.choices import choices_of
from core.http.forms import Form, FormError
from core.http.guard import requires
from core.i18n import _, _l, _p
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.bid_form import PAID, SIGNED, SIZED
from procurement.drafting.preparation_checks import same_brand_lines
from procurement.forms.awards import BEFORE_OPENING_GROUNDS, FailForm
from procurement.forms.evaluation import DeductionForm
from procurement.models import Bid, Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import load_tender, opened_documents
from procurement.queries.standings import Standings, standings_of
from procurement.queries.statements import statement_of, statement_refusals
from procurement.reading import EXAMINATION, note_reading
from procurement.remedy_steps import reason_named
from procurement.scoring import SmallBusiness
from procurement.services.committee import starting_refusals
from procurement.services.examination import ItemVerdict, conditions_of, examine, examine_items, fail_tender
from procurement.services.price_deductions import declared_ground, is_reserved, verify_deduction
from procurement.states import BidState, FailureGround, TenderState

examination = Blueprint("examination", __name__)


@examination.route("/tenders/<uuid:tender_id>/examination", methods=["GET", "POST"])
@requires(TenderPermission.READ_RESULT, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show every bidder with what the examination made of it; officers judge here."""
    note_reading(uow, tender, what=EXAMINATION)
    form = Form(obj=tender)
    standings = standings_of(uow, tender)
    errors: dict[str, FormError] = {}
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        location = url_for("examination.show", tender_id=tender.id)
        try:
            count = _examine_all(uow, standings)
        except Refused as refused:
            errors = {one.field or "": FormError(str(one.reason), one.rule_id) for one in refused.refusals}
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("已保存 %(count)s 家投标人的资格审查结论", count=count), "success")
            return redirect(location)
    bids = [one.bid for one in standings.bids]
    page = render_template(
        "procurement/examination/show.html",
        tender=tender,
        standings=standings,
        form=form,
        errors=errors,
        typed=request.form,
        documents=opened_documents(uow, bids),
        statements={bid.id: statement_of(bid) for bid in bids},
        against=statement_refusals(bids),
        words={"signature": SIGNED, "firm_size": SIZED, "means": PAID},
        brands=same_brand_lines(uow, tender),
        may_examine=tender.state is TenderState.OPENED and policy.allows(uow.actor, TenderPermission.EXAMINE, tender),
        may_fail=policy.allows(uow.actor, TenderPermission.FAIL, tender)
        and tender.state
        in (TenderState.OPENED, TenderState.UNDER_EVALUATION, TenderState.REVIEW_SUSPENDED, TenderState.EVALUATED),
        refusals=starting_refusals(uow, tender) if tender.state is TenderState.OPENED else [],
        crumbs=crumbs_of(tender, _("资格审查")),
    )
    return page, 422 if form.is_submitted() else 200


@examination.route("/tenders/<uuid:tender_id>/examination/<uuid:bid_id>", methods=["GET", "POST"])
@requires(TenderPermission.EXAMINE, load_tender, see=TenderPermission.READ)
def items(uow: UnitOfWork, tender: Tender, bid_id: uuid.UUID) -> ResponseReturnValue:
    """Examine one bidder condition by condition against the frozen record, and verify its price deduction."""
    standings = standings_of(uow, tender)
    standing = next((one for one in standings.bids if one.bid.id == bid_id), None)
    if standing is None or standing.bid.state is not BidState.OPENED:
        abort(404)
    bid, deduction = standing.bid, standings.prices.deductions.get(bid_id)
    form = DeductionForm(
        ground=str(deduction.ground if deduction else declared_ground(bid)),
        partner_share=deduction.partner_share if deduction else None,
        declared=deduction is not None,
    )
    errors: dict[str, FormError] = {}
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        location = url_for("examination.show", tender_id=tender.id)
        try:
            _keep(uow, bid, form)
        except Refused as refused:
            errors = {one.field or "": FormError(str(one.reason), one.rule_id) for one in refused.refusals}
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("已保存对%(bidder)s的逐项审查结论", bidder=bid.bidder.name), "success")
            return redirect(location)
    known = standings.examinations.get(bid_id)
    page = render_template(
        "procurement/examination/items.html",
        tender=tender,
        standing=standing,
        form=form,
        errors=errors,
        typed=request.form,
        conditions=conditions_of(tender),
        known={one["condition"]: one for one in known.items} if known else {},
        documents=opened_documents(uow, [bid])[bid.id],
        percents=standings.prices.terms.percents,
        reserved=is_reserved(tender),
        crumbs=[*crumbs_of(tender, _("资格审查")), (bid.bidder.name, None)],
    )
    return page, 422 if form.is_submitted() else 200


@examination.route("/tenders/<uuid:tender_id>/failure", methods=["GET", "POST"])
@requires(TenderPermission.FAIL, load_tender, see=TenderPermission.READ)
def fail(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Declare the tender failed, with its statutory ground and the reason every bidder is told."""
    form = FailForm(obj=tender)
    if tender.opened_at is None:
        form.ground.choices = choices_of(BEFORE_OPENING_GROUNDS)
    if not form.is_submitted() and (because := reason_named(uow, request.args.get("because"), tender)):
        form.ground.data, form.reason.data = FailureGround.UNLAWFUL_ACT.value, because
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        location = url_for("results.show" if tender.opened_at else "tenders.show", tender_id=tender.id)
        try:
            fail_tender(uow, tender, FailureGround(form.ground.data), form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("已废标，理由已通知全体投标人。"), "success")
            return redirect(location)
    page = render_template(
        "procurement/examination/fail.html", tender=tender, form=form, crumbs=crumbs_of(tender, _("废标"))
    )
    return page, 422 if form.is_submitted() else 200


def crumbs_of(tender: Tender, here: str) -> list[tuple[str, str | None]]:
    """Return the way to a page of the evaluation."""
    return [
        (_p("list", "采购项目"), url_for("tenders.index")),
        (tender.number, url_for("tenders.show", tender_id=tender.id)),
        (here, None),
    ]


def _keep(uow: UnitOfWork, bid: Bid, form: DeductionForm) -> None:
    """Keep both parts of the page or neither: the conditions while they are examined, and the deduction."""
    verdicts = [
        ItemVerdict(text, request.form[f"item-{place}"] == "met", request.form.get(f"note-{place}") or "")
        for place, text in enumerate(conditions_of(bid.tender))
        if request.form.get(f"item-{place}") in ("met", "missed")
    ]
    if bid.tender.state is TenderState.OPENED:
        examine_items(uow, bid, verdicts)
    verify_deduction(
        uow,
        bid,
        SmallBusiness(form.ground.data),
        declared=bool(form.declared.data),
        partner_share=form.partner_share.data,
    )


def _examine_all(uow: UnitOfWork, standings: Standings) -> int:
    """Judge every bidder that was marked; each one's refusal stands at its own line, and then nothing is kept."""
    refusals = []
    count = 0
    for one in standings.bids:
        verdict = request.form.get(f"verdict-{one.bid.id}")
        if one.bid.state is not BidState.OPENED or verdict not in ("passed", "failed"):
            continue
        reason = request.form.get(f"reason-{one.bid.id}") or ""
        try:
            examine(uow, one.bid, passed=verdict == "passed", reason=reason)
        except Refused as refused:
            refusals += [Refusal(it.reason, it.rule_id, f"reason-{one.bid.id}") for it in refused.refusals]
        else:
            count += 1
    if not count and not refusals:
        refusals.append(Refusal(_l("请至少审查一家投标人"), rule_id="R-QUAL-01"))
    if refusals:
        raise Refused(*refusals)
    return count
