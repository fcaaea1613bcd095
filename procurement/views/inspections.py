"""Random inspections: preparing, the witnessed draw with its record, findings on seven matters, rectification."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.audit.timeline import timeline
from core.errors import NotVisible, Refused
from core.http.choices import choices
from core.http.forms import Form, FormError
from core.http.guard import requires
from core.http.lists import listing
from core.http.transitions import add_transitions
from core.i18n import _
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.forms.supervision import FindingsForm, InspectionForm, RectifyForm, WitnessForm
from procurement.models import Inspection, InspectionTarget
from procurement.permissions import SupervisionPermission as P
from procurement.queries.supervision_files import load_inspection, load_target
from procurement.services.supervision import (
    draw_inspection,
    inspectors_of,
    prepare_inspection,
    record_findings,
    record_rectification,
)
from procurement.states import CheckItem, Finding, InspectionState
from procurement.workflow import INSPECTION

inspections = Blueprint("inspections", __name__, url_prefix="/supervision/inspections")


@inspections.get("")
@requires(P.BROWSE_INSPECTIONS)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the inspections."""
    page = listing(
        uow,
        select(Inspection),
        sortable={"prepared": Inspection.prepared_at, "number": Inspection.number},
        default="-prepared",
    )
    may = policy.allows(uow.actor, P.PREPARE_INSPECTION)
    crumbs = [(_("采购监管"), url_for("supervision.desk")), (_("监督检查"), None)]
    return render_template("procurement/supervision/inspections.html", page=page, may_prepare=may, crumbs=crumbs)


@inspections.route("/new", methods=["GET", "POST"])
@requires(P.PREPARE_INSPECTION)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Fix the pool and promise the secret."""
    form = InspectionForm()
    people = {str(one.id): one for one in inspectors_of(uow)}
    form.inspectors.choices = choices((key, one.name) for key, one in people.items())
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        chosen = [people[key] for key in form.inspectors.data or [] if key in people]
        try:
            inspection = prepare_inspection(uow, form.text("title"), form.count.data or 0, chosen)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, inspection, _("名单已确定并作出承诺，请监督人员见证抽取"))
    crumbs = [(_("监督检查"), url_for("inspections.index")), (_("组织检查"), None)]
    page = render_template("procurement/supervision/inspection_new.html", form=form, crumbs=crumbs)
    return page, 422 if form.is_submitted() else 200


@inspections.get("/<uuid:inspection_id>")
@requires(P.READ_INSPECTION, load_inspection, see=P.READ_INSPECTION)
def show(uow: UnitOfWork, inspection: Inspection) -> ResponseReturnValue:
    """Show an inspection."""
    return _page(uow, inspection)


@inspections.get("/<uuid:inspection_id>/record.json")
@requires(P.READ_INSPECTION, load_inspection, see=P.READ_INSPECTION)
def record(_uow: UnitOfWork, inspection: Inspection) -> ResponseReturnValue:
    """Download the record that `flask verify inspection` recomputes."""
    if inspection.record is None:
        raise NotVisible
    response = Response(written(inspection.record), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="inspection-{inspection.number}.json"'
    return response


@inspections.post("/<uuid:inspection_id>/draw")
@requires(P.WITNESS_DRAW, load_inspection, see=P.READ_INSPECTION)
def draw(uow: UnitOfWork, inspection: Inspection) -> ResponseReturnValue:
    """Draw, with the witness's own words."""
    form = WitnessForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            draw_inspection(uow, inspection, form.text("words"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, inspection, _("已抽取；记录可以下载并自行核验"))
    return _page(uow, inspection, witness=form), 422


@inspections.post("/targets/<uuid:target_id>/findings")
@requires(P.INSPECT, load_target)
def findings(uow: UnitOfWork, target: InspectionTarget) -> ResponseReturnValue:
    """Record the findings on the seven matters."""
    form = FindingsForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    found = {
        item: (Finding(value), request.form.get(f"words-{item.value}", "")[:2000])
        for item in CheckItem
        if (value := request.form.get(f"finding-{item.value}", "")) in {one.value for one in Finding}
    }
    errors: dict[str, FormError] = {}
    if form.validate_on_submit():
        try:
            record_findings(uow, target, found, form.rectify_by.data)
        except Refused as refused:
            errors = {one.field or "": FormError(str(one.reason), one.rule_id) for one in refused.refusals}
            form.refuse(refused)
        else:
            return _done(uow, form, target.inspection, _("检查结果已录入"))
    return _page(uow, target.inspection, finding=(target, form, errors)), 422


@inspections.post("/targets/<uuid:target_id>/rectified")
@requires(P.INSPECT, load_target)
def rectified(uow: UnitOfWork, target: InspectionTarget) -> ResponseReturnValue:
    """Record that it was put right."""
    form = RectifyForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            record_rectification(uow, target, form.text("rectification"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, target.inspection, _("整改情况已记录"))
    return _page(uow, target.inspection), 422


def _done(uow: UnitOfWork, form: Form, inspection: Inspection, words: str) -> ResponseReturnValue:
    location = _location(inspection)
    form.mark_used(uow, location)
    flash(words, "success")
    return redirect(location)


def _page(
    uow: UnitOfWork,
    inspection: Inspection,
    *,
    witness: WitnessForm | None = None,
    finding: tuple[InspectionTarget, FindingsForm, dict[str, FormError]] | None = None,
) -> str:
    prepared = inspection.state is InspectionState.PREPARED
    inspects = inspection.state is InspectionState.DRAWN and policy.allows(uow.actor, P.INSPECT, inspection)
    may_witness = prepared and policy.allows(uow.actor, P.WITNESS_DRAW, inspection)
    return render_template(
        "procurement/supervision/inspection.html",
        inspection=inspection,
        witness_form=(witness or WitnessForm(formdata=None)) if may_witness else None,
        inspects=inspects,
        finding_form=finding[1] if finding else FindingsForm(formdata=None),
        finding_errors=finding[2] if finding else {},
        finding_target=finding[0].id if finding else None,
        rectify_form=RectifyForm(formdata=None),
        items=list(CheckItem),
        grades=list(Finding),
        typed=request.form,
        options=INSPECTION.options(uow, inspection),
        entries=timeline(uow, inspection),
        crumbs=[(_("监督检查"), url_for("inspections.index")), (inspection.number, None)],
    )


def _location(inspection: Inspection) -> str:
    return url_for("inspections.show", inspection_id=inspection.id)


add_transitions(
    inspections,
    INSPECTION,
    load_inspection,
    prefix="/<uuid:inspection_id>",
    see=P.READ_INSPECTION,
    location=_location,
)
