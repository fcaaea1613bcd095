"""Editing a draft's lots on one page: add and remove lots, each with projects, title and budget."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal, Refused
from core.http.forms import Form, FormError
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.lawfulness import checklist
from procurement.forms.lots import TypedLot, lots_of, read_lots, typed_lots
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.tenders import free_projects, load_tender
from procurement.services.lots import set_lots
from procurement.states import Method, TenderState
from procurement.views.tenders import crumbs_of

lots = Blueprint("lots", __name__, url_prefix="/tenders/<uuid:tender_id>/lots")


@lots.route("", methods=["GET", "POST"])
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def edit(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Change the lots; the buttons that add and remove one only show the form anew."""
    if tender.state is not TenderState.DRAFT:
        raise Refused(Refusal(_l("只有起草中的采购项目可以修改分包"), rule_id="R-TENDER-05"))
    if tender.method is Method.FRAMEWORK:  # its lots are types with a unit price
        return redirect(url_for("framework_calls.terms", tender_id=tender.id))
    form = Form(obj=tender)
    projects = {str(one.id): one for one in free_projects(uow, tender)}
    typed = typed_lots(request.form) if form.is_submitted() else lots_of(tender.lots)
    reshaped = _reshaped(typed) if form.is_submitted() else None
    errors: dict[str, FormError] = {}
    if form.validate_on_submit() and reshaped is None:
        form.check_revision(tender)
        typed = [one for one in typed if not one.is_empty]
        try:
            set_lots(uow, tender, read_lots(typed, projects))
        except Refused as refused:
            errors = {one.field: FormError(str(one.reason), one.rule_id) for one in refused.refusals if one.field}
            form.refuse(refused)
        else:
            flash(_("已保存分包，采购预算为各包之和"), "success")
            return redirect(url_for("tenders.show", tender_id=tender.id))
    page = render_template(
        "procurement/tender/lots.html",
        form=form,
        tender=tender,
        lots=typed if reshaped is None else reshaped,
        projects=projects,
        errors=errors,
        lines=[one for one in checklist(uow, tender) if one.field in ("budget", "projects", "lots_per_bidder")],
        crumbs=crumbs_of(tender, _("分包")),
    )
    return page, 422 if form.is_submitted() and reshaped is None else 200


def _reshaped(typed: list[TypedLot]) -> list[TypedLot] | None:
    """Return the lots with one more or one less, as the button pressed asks; None when it was the one that saves."""
    dropped = request.form.get("drop", type=int)
    if dropped is not None:
        return [one for place, one in enumerate(typed) if place != dropped] or [TypedLot()]
    return [*typed, TypedLot()] if request.form.get("more") else None
