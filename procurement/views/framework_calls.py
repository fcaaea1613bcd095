"""A framework call beside its tender: the terms and types of the draft, and the admission after the evaluation."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal, Refused
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.lawfulness import checklist
from procurement.forms.frameworks import TermsForm, read_types, typed_types, types_of
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.frameworks import framework_of, terms_of
from procurement.queries.standings import standings_of
from procurement.queries.tenders import load_tender
from procurement.services.awarding import awarding_refusals
from procurement.services.concluding import results_of
from procurement.services.framework_admission import admit, cut_of, order_of
from procurement.services.framework_drafting import TermsEntry, set_framework
from procurement.states import Method, TenderState
from procurement.views.tenders import crumbs_of

framework_calls = Blueprint("framework_calls", __name__, url_prefix="/tenders/<uuid:tender_id>/framework")
FIELDS = ("framework", "types", "months", "elimination", "ways", "exit_rules", "plan_filing", "quality_ground")


@framework_calls.route("/terms", methods=["GET", "POST"])
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def terms(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Fill in the types with their greatest unit prices, the term, the elimination, the second stage."""
    row = terms_of(uow, tender)
    if row is None:
        return redirect(url_for("tenders.edit", tender_id=tender.id))
    if tender.state is not TenderState.DRAFT:
        raise Refused(Refusal(_l("只有起草中的采购文件可以修改；已发布的须以澄清公告修改"), rule_id="R-TENDER-05"))
    form = TermsForm(obj=row)
    if not form.revision.data:
        form.revision.data = str(tender.revision)
    typed = typed_types(request.form) if form.is_submitted() else types_of(tender.lots)
    if form.validate_on_submit():
        form.check_revision(tender)
        entry = TermsEntry(
            months=form.months.data or 0,
            elimination=form.elimination.data or Decimal(0),
            most_admitted=form.most_admitted.data,
            ways=[Method(one) for one in form.ways.data or []],
            quality_ground=form.text("quality_ground"),
            top_up_foreseen=bool(form.top_up_foreseen.data),
            exit_rules=form.text("exit_rules"),
            plan_filing=form.text("plan_filing"),
            types=read_types(typed),
        )
        try:
            set_framework(uow, tender, entry)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存框架协议条款"), "success")
            return redirect(url_for("tenders.show", tender_id=tender.id))
    page = render_template(
        "procurement/framework/terms.html",
        form=form,
        tender=tender,
        terms=row,
        types=typed,
        lines=[one for one in checklist(uow, tender) if one.field in FIELDS or one.rule_id.startswith("R-FRAME")],
        crumbs=crumbs_of(tender, _("框架协议条款")),
    )
    return page, 422 if form.is_submitted() else 200


@framework_calls.route("/admission", methods=["GET", "POST"])
@requires(TenderPermission.AWARD, load_tender, see=TenderPermission.READ)
def admission(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show who is admitted by the ranking and the elimination, and confirm it; nobody chooses among them."""
    row = terms_of(uow, tender)
    form = Form(obj=tender)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    framework = framework_of(uow, tender)
    if row is None or tender.state is not TenderState.EVALUATED:
        done = framework is not None and tender.awarded_at is not None
        return redirect(
            url_for("frameworks.show", framework_id=framework.id)
            if done and framework is not None
            else url_for("tenders.show", tender_id=tender.id)
        )
    if form.validate_on_submit():
        form.check_revision(tender)
        try:
            framework = admit(uow, tender)
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("frameworks.show", framework_id=framework.id)
            form.mark_used(uow, location)
            flash(_("入围结果已公告，供应商已收到通知。请在期限内签订框架协议。"), "success")
            return redirect(location)
    standings, cut = standings_of(uow, tender), cut_of(uow, row)
    lists = []
    for one in results_of(uow, tender, standings):
        ranked = {str(each.bid.id): each for each in one.ranked}
        order = order_of(tender, standings, one) if one.ranked else []
        lists.append((one.lot, [ranked[bid] for bid in order], cut.admitted(len(order))))
    page = render_template(
        "procurement/framework/admission.html",
        tender=tender,
        terms=row,
        form=form,
        lists=lists,
        refusals=awarding_refusals(uow, tender),
        crumbs=crumbs_of(tender, _("确定入围供应商")),
    )
    return page, 422 if form.is_submitted() else 200
