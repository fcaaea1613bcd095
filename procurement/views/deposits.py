"""The bid deposits of a purchase and their refunds (R-TENDER-08)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.bid_form import PAID
from procurement.forms.procedure import RefundForm
from procurement.methods import words_of
from procurement.models import Tender
from procurement.permissions import ContractPermission, TenderPermission
from procurement.queries.deposits import deposits_of
from procurement.queries.tenders import load_tender
from procurement.services.deposits import refund_deposits
from procurement.views.tenders import crumbs_of

deposits = Blueprint("deposits", __name__, url_prefix="/tenders/<uuid:tender_id>/deposits")


@deposits.get("")
@requires(ContractPermission.READ_DEPOSITS, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show every deposit as its sealed statement says, and what went back."""
    return _page(uow, tender, None)


@deposits.post("")
@requires(ContractPermission.REFUND, load_tender, see=TenderPermission.READ)
def refund(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Note which deposits were paid back."""
    form, location = _form(uow, tender), url_for("deposits.show", tender_id=tender.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            count = refund_deposits(uow, tender, {uuid.UUID(key) for key in form.bids.data or []})
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, location)
            flash(_("已登记退还 %(count)s 笔保证金，并通知了付款单位。", count=count), "success")
            return redirect(location)
    return _page(uow, tender, form), 422


def _page(uow: UnitOfWork, tender: Tender, form: RefundForm | None) -> str:
    rows = deposits_of(uow, tender)
    may = policy.allows(uow.actor, ContractPermission.REFUND, tender) and any(one.refund is None for one in rows)
    return render_template(
        "procurement/award/deposits.html",
        tender=tender,
        rows=rows,
        means=PAID,
        words=words_of(tender),
        form=(form or _form(uow, tender, fresh=True)) if may else None,
        today=uow.today,
        crumbs=crumbs_of(tender, _("保证金")),
    )


def _form(uow: UnitOfWork, tender: Tender, *, fresh: bool = False) -> RefundForm:
    form = RefundForm(formdata=None) if fresh else RefundForm()
    form.bids.choices = [(str(one.bid.id), one.bid.bidder.name) for one in deposits_of(uow, tender) if not one.refund]
    return form
