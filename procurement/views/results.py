"""Progress and result of an evaluation for the purchaser: conclude, return for correction, award."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.forms import Form, FormError
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.forms.awards import ReopenForm
from procurement.models import Award, Tender
from procurement.permissions import TenderPermission
from procurement.queries.award_procedure import decision_clock
from procurement.queries.awards import documents_by_owner, load_tender
from procurement.queries.standings import standings_of
from procurement.reading import AWARD_RECORD, REPORT, RESULTS, note_reading
from procurement.remedy_steps import reason_named
from procurement.services.awarding import Choice, award, awarding_refusals, awards_of
from procurement.services.concluding import LotResult, conclude, concluding_refusals, results_of
from procurement.services.evaluation_report import evaluation_report_pdf, report_warnings
from procurement.services.re_review_report import corrections_of
from procurement.services.re_reviews import reopen_sheets
from procurement.states import CorrectionGround, DepartureGround, Method, TenderState
from procurement.views.examination import crumbs_of

results = Blueprint("results", __name__, url_prefix="/tenders/<uuid:tender_id>")
CONCLUDED = (TenderState.EVALUATED, TenderState.AWARDED)


@results.get("/results")
@requires(TenderPermission.READ_RESULT, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show how far the committee is, then the ranking with how every figure was reckoned."""
    note_reading(uow, tender, what=RESULTS)
    return _page(uow, tender, Form(formdata=None), ReopenForm(formdata=None))


@results.post("/results/conclude")
@requires(TenderPermission.CONCLUDE, load_tender, see=TenderPermission.READ)
def close(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Add up the locked sheets."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        conclude(uow, tender)
    except Refused as refused:
        form.refuse(refused)
        return _page(uow, tender, form, ReopenForm(formdata=None)), 422
    form.mark_used(uow, _location(tender))
    flash(_("评标结果已汇总，此后不得修改。请按排序确定中标人。"), "success")
    return redirect(_location(tender))


@results.post("/results/reopen")
@requires(TenderPermission.CONCLUDE, load_tender, see=TenderPermission.READ)
def reopen(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Return the locked sheets for correction on one of the four lawful grounds."""
    form = ReopenForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            reopen_sheets(uow, tender, CorrectionGround(form.ground.data), form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(tender))
            flash(_("评分表已退回更正，已通知全体成员。"), "success")
            return redirect(_location(tender))
    return _page(uow, tender, Form(formdata=None), form), 422


@results.route("/award", methods=["GET", "POST"])
@requires(TenderPermission.AWARD, load_tender, see=TenderPermission.READ)
def decide(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Award in rank order."""
    if tender.method is Method.FRAMEWORK:
        return redirect(url_for("framework_calls.admission", tender_id=tender.id))
    form = Form(obj=tender)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if tender.state is not TenderState.EVALUATED:
        return redirect(_location(tender))
    reckoned = [one for one in results_of(uow, tender) if one.ranked]
    errors: dict[str, FormError] = {}
    if form.validate_on_submit():
        form.check_revision(tender)
        try:
            award(uow, tender, _choices(reckoned))
        except Refused as refused:
            form.refuse(refused)
            errors = {one.field or "": FormError(str(one.reason), one.rule_id) for one in refused.refusals}
        else:
            form.mark_used(uow, _location(tender))
            flash(_("已定标：结果公告已发布，全体投标人已收到通知，评价委托已建立。"), "success")
            return redirect(_location(tender))
    page = render_template(
        "procurement/award/decide.html",
        tender=tender,
        results=reckoned,
        form=form,
        errors=errors,
        typed=request.form,
        because=reason_named(uow, request.args.get("because"), tender),
        remedy_ground=DepartureGround.REMEDY,
        grounds=list(DepartureGround),
        clock=decision_clock(uow, tender),
        refusals=awarding_refusals(uow, tender),
        crumbs=crumbs_of(tender, _("确定中标人")),
    )
    return page, 422 if form.is_submitted() else 200


@results.get("/award-<int:position>.json")
@requires(TenderPermission.READ_RECORDS, load_tender, see=TenderPermission.READ)
def record(uow: UnitOfWork, tender: Tender, position: int) -> ResponseReturnValue:
    """Download the full record of a lot's award, which `flask verify award` checks."""
    row = lot_award(uow, tender, position)
    if row is None:
        return redirect(_location(tender))
    note_reading(uow, tender, what=AWARD_RECORD)
    return as_file(written(row.record), "application/json", f"award-{tender.number}-{position}-full.json")


@results.get("/evaluation-report.pdf")
@requires(TenderPermission.READ_RESULT, load_tender, see=TenderPermission.READ)
def report(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Download the evaluation report with all its parts (R-EVAL-08)."""
    if tender.state not in CONCLUDED:
        return redirect(_location(tender))
    note_reading(uow, tender, what=REPORT)
    return as_file(evaluation_report_pdf(uow, tender), "application/pdf", f"{_('评标报告')}-{tender.number}.pdf")


def lot_award(uow: UnitOfWork, tender: Tender, position: int) -> Award | None:
    """Return the award of the lot of this number."""
    return next((one for one in awards_of(uow, tender) if one.lot.position == position), None)


def as_file(data: bytes, media_type: str, name: str) -> Response:
    """Return bytes as a download under a name."""
    return send_file(io.BytesIO(data), mimetype=media_type, as_attachment=True, download_name=name)


def _page(uow: UnitOfWork, tender: Tender, form: Form, reopen_form: ReopenForm) -> str:
    standings = standings_of(uow, tender)
    re_reviews = corrections_of(uow, tender)
    working = tender.state is TenderState.UNDER_EVALUATION
    return render_template(
        "procurement/evaluation/results.html",
        tender=tender,
        standings=standings,
        form=form,
        reopen_form=reopen_form,
        refusals=concluding_refusals(uow, tender, standings) if working else [],
        results=results_of(uow, tender, standings) if tender.state in CONCLUDED else [],
        awards=awards_of(uow, tender),
        report_warnings=report_warnings(uow, tender) if tender.state in CONCLUDED else None,
        working=working,
        may_conclude=working and policy.allows(uow.actor, TenderPermission.CONCLUDE, tender),
        re_reviews=re_reviews,
        report_files=documents_by_owner(uow, "evaluation_correction", re_reviews),
        may_re_review=tender.state is TenderState.EVALUATED
        and policy.allows(uow.actor, TenderPermission.CONCLUDE, tender),
        may_award=tender.state is TenderState.EVALUATED and policy.allows(uow.actor, TenderPermission.AWARD, tender),
        may_fail=working and policy.allows(uow.actor, TenderPermission.FAIL, tender),
        may_read_records=policy.allows(uow.actor, TenderPermission.READ_RECORDS, tender),
        crumbs=crumbs_of(tender, _("评标")),
    )


def _choices(reckoned: list[LotResult]) -> dict[uuid.UUID, Choice]:
    choices = {}
    for one in reckoned:
        try:
            bid_id = uuid.UUID(request.form.get(f"bid-{one.lot.id}") or "")
        except ValueError:
            bid_id = uuid.UUID(int=0)
        typed = request.form.get(f"ground-{one.lot.id}") or ""
        ground = DepartureGround(typed) if typed in {member.value for member in DepartureGround} else None
        choices[one.lot.id] = Choice(bid_id, request.form.get(f"reason-{one.lot.id}") or "", ground)
    return choices


def _location(tender: Tender) -> str:
    return url_for("results.show", tender_id=tender.id)
