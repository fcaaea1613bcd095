"""The page on which the terms of the evaluation are fixed while a tender is drafted."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.forms.evaluation import TermsForm
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.awards import load_tender
from procurement.queries.price_matters import Terms, terms_of
from procurement.scoring import LowBidThresholds, SmallBusiness
from procurement.services.evaluation_terms import set_terms
from procurement.states import TieMethod
from procurement.views.examination import crumbs_of

terms = Blueprint("terms", __name__)


@terms.route("/tenders/<uuid:tender_id>/evaluation-terms", methods=["GET", "POST"])
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def edit(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show what holds now, and keep what is changed."""
    now = terms_of(uow, tender)
    form = TermsForm(
        mean=now.thresholds.mean,
        next_lowest=now.thresholds.next_lowest,
        ceiling=now.thresholds.ceiling,
        small_percent=now.percents[SmallBusiness.SMALL_OR_MICRO],
        partner_percent=now.percents[SmallBusiness.PARTNER],
        minimum=now.minimum,
        tie_method=str(now.tie_method),
        tie_rule=now.tie_rule,
    )
    location = url_for("tenders.show", tender_id=tender.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            set_terms(uow, tender, _typed(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("评审办法已保存，发布时与公告一并冻结。"), "success")
            return redirect(location)
    page = render_template(
        "procurement/tender/terms.html", tender=tender, form=form, crumbs=crumbs_of(tender, _("评审办法"))
    )
    return page, 422 if form.is_submitted() else 200


def _typed(form: TermsForm) -> Terms:
    def number(name: str) -> Decimal:
        return Decimal(form[name].data)

    return Terms(
        LowBidThresholds(number("mean"), number("next_lowest"), number("ceiling")),
        {SmallBusiness.SMALL_OR_MICRO: number("small_percent"), SmallBusiness.PARTNER: number("partner_percent")},
        form.minimum.data,
        TieMethod(form.tie_method.data),
        form.text("tie_rule"),
    )
