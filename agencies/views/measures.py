"""A measure's page: signed, reported, checked, closed (R-AGENCY-16)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.conduct import FollowForm
from agencies.models import ConductMeasure
from agencies.permissions import ConductPermission
from agencies.queries.conduct import load_measure
from agencies.services.conduct_papers import measure_paper
from agencies.services.measures import (
    REPORT,
    accept_correction,
    cancel_measure,
    close_measure,
    issue_measure,
    report_correction,
    return_correction,
)
from agencies.states import MeasureKind, MeasureState
from agencies.views.conduct import as_pdf, crumbs_of
from agencies.views.parts import listed_documents
from core.audit.timeline import timeline
from core.deadlines import end_of
from core.documents.models import Document
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import Text, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

measures = Blueprint("measures", __name__, url_prefix="/agencies/conduct/measures")
P = ConductPermission


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever reads the measure reads what is attached to it."""
    measure = uow.get(ConductMeasure, document.owner_id)
    return measure is not None and policy.allows(uow.actor, P.READ_MEASURE, measure)


@measures.get("/<uuid:measure_id>")
@requires(P.READ_MEASURE, load_measure, see=P.READ_MEASURE)
def show(uow: UnitOfWork, measure: ConductMeasure) -> ResponseReturnValue:
    """Show a measure with its paper and what became of it."""
    return _page(uow, measure, FollowForm(formdata=None))


def _page(uow: UnitOfWork, measure: ConductMeasure, form: FollowForm) -> str:
    state, correction = measure.state, measure.kind is MeasureKind.CORRECTION
    may_issue, may_report, may_follow = (
        policy.allows(uow.actor, one, measure) for one in (P.ISSUE, P.REPORT, P.FOLLOW)
    )
    return render_template(
        "agencies/conduct/measure.html",
        measure=measure,
        case=measure.case,
        form=form,
        due=end_of(measure.due_on) if measure.due_on else None,
        may_issue=may_issue and state is MeasureState.PROPOSED,
        may_cancel=may_issue and state in (MeasureState.PROPOSED, MeasureState.ISSUED),
        may_report=may_report and correction and state is MeasureState.ISSUED,
        may_check=may_follow and correction and state is MeasureState.REPORTED,
        may_close=may_follow and not correction and state is MeasureState.ISSUED,
        proofs=listed_documents(uow, measure, REPORT),
        entries=timeline(uow, measure),
        crumbs=crumbs_of(uow, measure.case, measure.number),
    )


Deed = Callable[[FollowForm], object]


def _acted(uow: UnitOfWork, measure: ConductMeasure, deed: Deed, said: Text) -> ResponseReturnValue:
    form = FollowForm()
    location = url_for("measures.show", measure_id=measure.id)
    answer = acted(uow, form, lambda: deed(form), location, said)
    return answer if answer is not None else (_page(uow, measure, form), 422)


@measures.post("/<uuid:measure_id>/issue")
@requires(P.ISSUE, load_measure, see=P.READ_MEASURE)
def issue(uow: UnitOfWork, measure: ConductMeasure) -> ResponseReturnValue:
    """Sign the measure."""
    return _acted(uow, measure, lambda _form: issue_measure(uow, measure), _l("已签发，文书可以下载，机构已收到通知"))


@measures.post("/<uuid:measure_id>/cancel")
@requires(P.ISSUE, load_measure, see=P.READ_MEASURE)
def cancel(uow: UnitOfWork, measure: ConductMeasure) -> ResponseReturnValue:
    """Do not sign it, or take it back."""
    return _acted(uow, measure, lambda form: cancel_measure(uow, measure, form.text("words")), _l("已撤回"))


@measures.post("/<uuid:measure_id>/report")
@requires(P.REPORT, load_measure, see=P.READ_MEASURE)
def report(uow: UnitOfWork, measure: ConductMeasure) -> ResponseReturnValue:
    """Take the agency's report of its correction."""
    return _acted(
        uow,
        measure,
        lambda form: report_correction(uow, measure, form.text("words"), request.files.getlist("files")),
        _l("已报告，等待核实"),
    )


@measures.post("/<uuid:measure_id>/<any(accept, back):verdict>")
@requires(P.FOLLOW, load_measure, see=P.READ_MEASURE)
def check(uow: UnitOfWork, measure: ConductMeasure, verdict: str) -> ResponseReturnValue:
    """Find a correction carried out, or send it back."""
    if verdict == "accept":
        return _acted(uow, measure, lambda form: accept_correction(uow, measure, form.text("words")), _l("已核实"))
    return _acted(
        uow, measure, lambda form: return_correction(uow, measure, form.text("words")), _l("已退回，期限重新起算")
    )


@measures.post("/<uuid:measure_id>/close")
@requires(P.FOLLOW, load_measure, see=P.READ_MEASURE)
def close(uow: UnitOfWork, measure: ConductMeasure) -> ResponseReturnValue:
    """Note the talk, or what the recipient replied."""
    return _acted(uow, measure, lambda form: close_measure(uow, measure, form.text("words")), _l("已记录并办结"))


@measures.get("/<uuid:measure_id>/paper.pdf")
@requires(P.READ_MEASURE, load_measure, see=P.READ_MEASURE)
def paper(uow: UnitOfWork, measure: ConductMeasure) -> ResponseReturnValue:
    """Download the paper of a signed measure."""
    if measure.issued_at is None:
        abort(404)
    return as_pdf(measure_paper(uow, measure), f"{measure.kind.label}-{measure.number}.pdf")
