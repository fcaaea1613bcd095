"""Editing the criteria of a draft as one table."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal, Refused
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.criteria_table import TypedRow, grade_row, read_rows, rows_of, typed_rows
from procurement.drafting.grade_checks import cap
from procurement.drafting.lawfulness import checklist
from procurement.forms.tenders import CriteriaForm
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.tenders import load_tender
from procurement.services.drafting import set_criteria
from procurement.states import CriterionKind, TenderState
from procurement.views.tenders import crumbs_of

criteria = Blueprint("criteria", __name__, url_prefix="/tenders/<uuid:tender_id>/criteria")
SPARE_ROWS, MORE_ROWS = 2, 5
GRADE = "grade"


@criteria.route("", methods=["GET", "POST"])
@requires(TenderPermission.EDIT, load_tender, see=TenderPermission.READ)
def edit(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Write the criteria: what must be met, what is scored, with the points of every band (R-EVAL-02)."""
    if tender.state is not TenderState.DRAFT:
        raise Refused(Refusal(_l("只有起草中的采购项目可以修改评审因素"), rule_id="R-TENDER-07"))
    form = CriteriaForm(obj=tender)
    rows = typed_rows(request.form) if form.is_submitted() else rows_of(tender.criteria)
    more = request.form.get("more")
    entries, errors = read_rows(rows) if form.is_submitted() and not more else ([], {})
    if form.validate_on_submit() and not more and not errors:
        form.check_revision(tender)
        set_criteria(uow, tender, entries)
        flash(_("已保存评审因素"), "success")
        return redirect(url_for("tenders.show", tender_id=tender.id))
    rows = [row for row in rows if not row.is_empty] if more else rows
    if more == GRADE:
        rows.append(grade_row(cap(uow)))
    spare = 0 if more == GRADE else MORE_ROWS
    page = render_template(
        "procurement/tender/criteria.html",
        form=form,
        tender=tender,
        rows=[*rows, *[TypedRow()] * (spare if more else 0 if form.is_submitted() else SPARE_ROWS)],
        errors=errors,
        kinds=list(CriterionKind),
        grade_cap=cap(uow),
        lines=[one for one in checklist(uow, tender) if one.field in ("criteria", "price_weight")],
        crumbs=crumbs_of(tender, _("评审因素")),
    )
    return page, 422 if form.is_submitted() and not more else 200
