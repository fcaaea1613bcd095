"""Cases of misconduct: the list, a new one, its page with hearing, decision and measures (R-AGENCY-05, R-AGENCY-16)."""

from __future__ import annotations

import io

from flask import Blueprint, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.conduct import AmendForm, CaseForm, DecisionForm, MeasureForm, StatementForm
from agencies.models import Agency, ConductCase, Engagement
from agencies.permissions import ConductPermission, StandingPermission
from agencies.queries import load_agency
from agencies.queries.conduct import cases_matching, engagements_of, load_case, veto_codes
from agencies.services.conduct import (
    EVIDENCE,
    STATEMENT,
    CaseEntry,
    amend_entry,
    dismiss_case,
    entry_of,
    open_case,
    record_case,
    state_case,
    withdraw_case,
)
from agencies.services.conduct_papers import case_decision, case_notice
from agencies.services.measures import MeasureEntry, propose_measure
from agencies.states import ConductCode, ConductState, HonestyStep, MeasureKind
from agencies.views.parts import desk_tabs, listed_documents
from agencies.workflow.conduct import was_heard
from core.audit.timeline import timeline
from core.deadlines import end_of
from core.documents.models import Document
from core.http.choices import choices
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.permissions import policy
from core.unit_of_work import UnitOfWork

conduct = Blueprint("agency_conduct", __name__, url_prefix="/agencies/conduct")
P = ConductPermission
AMENDING, PROPOSING = "amend-", "measure-"
FILTERS = (
    Filter("state", _l("状态"), [(one.value, one.label) for one in ConductState]),
    Filter("code", _l("违规情形"), [(one.value, one.label) for one in ConductCode]),
)


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever reads the case reads its evidence; who merely buys does not."""
    case = uow.get(ConductCase, document.owner_id)
    return case is not None and sees_papers(uow, case)


def sees_papers(uow: UnitOfWork, case: ConductCase) -> bool:
    """Whether the reader sees evidence, statement and papers: those who watch or decide, and the agency itself."""
    return policy.allows(uow.actor, P.BROWSE) or (
        policy.allows(uow.actor, P.READ, case)
        and case.agency.organisation_id in {one.organisation_id for one in uow.actor.standings}
    )


def sees_desk(actor: Actor, _subject: object) -> bool:
    """Whether a timeline shows what is still being worked on: to those who handle or watch it."""
    return policy.allows(actor, P.BROWSE)


def sees_hearing(actor: Actor, subject: object) -> bool:
    """Whether a timeline shows the hearing: to those who handle or watch it, and to the agency itself."""
    agency = getattr(subject, "agency", subject)
    return policy.allows(actor, P.BROWSE) or policy.allows(actor, StandingPermission.ASK, agency)


@conduct.get("")
@requires(P.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the cases."""
    page = listing(
        uow,
        cases_matching(text=asked("q"), code=asked("code"), state=asked("state")),
        sortable={"number": ConductCase.opened_at, "agency": Organisation.name, "due": ConductCase.statement_due},
        default="-number",
        filters=FILTERS,
    )
    return render_template(
        "agencies/conduct/index.html",
        page=page,
        tabs_shown=desk_tabs(uow, "agency_conduct.index"),
        may_open=policy.allows(uow.actor, P.OPEN),
        crumbs=[(_("机构监管"), None)],
    )


@conduct.route("/new/<uuid:agency_id>", methods=["GET", "POST"])
@requires(P.OPEN, load_agency)
def new(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Open a case: tell the agency what it is said to have done."""
    form, engagements = CaseForm(), {str(one.id): one for one in engagements_of(uow, agency)}
    form.engagement.choices = choices(
        [("", _("无")), *((key, f"{one.number} {one.project.name}") for key, one in engagements.items())]
    )
    opened: list[ConductCase] = []

    def deed() -> None:
        opened.append(open_case(uow, agency, _entry(form, engagements), request.files.getlist("files")))

    answer = acted(
        uow,
        form,
        deed,
        lambda: _location(opened[0]),
        lambda: _("已告知机构，可以陈述申辩至 %(day)s；请由另一人认定", day=opened[0].statement_due.isoformat()),
    )
    if answer is not None:
        return answer
    page = render_template(
        "agencies/conduct/new.html",
        form=form,
        agency=agency,
        crumbs=[(_("机构监管"), url_for("agency_conduct.index")), (_("告知违规事项"), None)],
    )
    return page, 422 if form.is_submitted() else 200


def _entry(form: CaseForm, engagements: dict[str, Engagement]) -> CaseEntry:
    return CaseEntry(
        ConductCode(form.code.data),
        form.happened_on.data,
        form.text("facts"),
        HonestyStep(form.step.data),
        form.text("source"),
        engagements.get(str(form.engagement.data or "")),
    )


@conduct.get("/<uuid:case_id>")
@requires(P.READ, load_case, see=P.READ)
def show(uow: UnitOfWork, case: ConductCase) -> ResponseReturnValue:
    """Show a case: facts, hearing, decision, measures."""
    return _page(uow, case)


def _page(uow: UnitOfWork, case: ConductCase, **forms: Form) -> str:
    inside = sees_papers(uow, case)
    hearing = case.state in (ConductState.NOTIFIED, ConductState.STATED)
    may = {one.name: policy.allows(uow.actor, one, case) for one in (P.STATE, P.DECIDE, P.AMEND)}
    decided = DecisionForm(formdata=None, obj=case)
    fresh = MeasureForm(formdata=None, kind=MeasureKind.CORRECTION.value, prefix=PROPOSING)
    amended = AmendForm(formdata=None, obj=case, prefix=AMENDING)
    return render_template(
        "agencies/conduct/show.html",
        case=case,
        inside=inside,
        entry=entry_of(uow, case),
        vetoes=case.code.value in veto_codes(uow),
        evidence=listed_documents(uow, case, EVIDENCE) if inside else [],
        proofs=listed_documents(uow, case, STATEMENT) if inside else [],
        may_state=may["STATE"] and case.state is ConductState.NOTIFIED and uow.today <= case.statement_due,
        statement_form=forms.get("statement") or StatementForm(formdata=None),
        may_decide=may["DECIDE"] and hearing,
        too_early=was_heard(uow, case),
        decision_form=forms.get("decision") or decided,
        may_amend=may["AMEND"] and case.state is ConductState.RECORDED,
        amend_form=forms.get("amend") or amended,
        measures=[one for one in case.measures if policy.allows(uow.actor, P.READ_MEASURE, one)],
        may_propose=case.state is ConductState.RECORDED and policy.allows(uow.actor, P.PROPOSE_MEASURE),
        measure_form=forms.get("measure") or fresh,
        statement_end=end_of(case.statement_due),
        entries=timeline(uow, case) if inside else [],
        crumbs=crumbs_of(uow, case, None),
    )


@conduct.post("/<uuid:case_id>/statement")
@requires(P.STATE, load_case, see=P.READ)
def statement(uow: UnitOfWork, case: ConductCase) -> ResponseReturnValue:
    """Take the agency's statement."""
    form = StatementForm()

    def deed() -> None:
        state_case(uow, case, form.text("statement"), request.files.getlist("files"))

    answer = acted(uow, form, deed, _location(case), _l("已收到陈述，认定后会通知贵单位"))
    return answer if answer is not None else (_page(uow, case, statement=form), 422)


@conduct.post("/<uuid:case_id>/decision")
@requires(P.DECIDE, load_case, see=P.READ)
def decision(uow: UnitOfWork, case: ConductCase) -> ResponseReturnValue:
    """Decide a case."""
    form = DecisionForm()

    def deed() -> None:
        form.check_revision(case)
        if form.outcome.data == "record":
            record_case(uow, case, HonestyStep(form.step.data or case.step), form.text("reason"))
        else:
            dismiss_case(uow, case, form.text("reason"))

    answer = acted(uow, form, deed, _location(case), _l("已作出决定，决定书已可下载，机构已收到通知"))
    return answer if answer is not None else (_page(uow, case, decision=form), 422)


@conduct.post("/<uuid:case_id>/amendment")
@requires(P.AMEND, load_case, see=P.READ)
def amendment(uow: UnitOfWork, case: ConductCase) -> ResponseReturnValue:
    """Put a recorded case right, or withdraw it."""
    form = AmendForm(prefix=AMENDING)

    def deed() -> None:
        form.check_revision(case)
        if form.outcome.data == "withdraw":
            withdraw_case(uow, case, form.text("reason"))
        else:
            amend_entry(uow, case, HonestyStep(form.step.data or case.step), form.text("reason"))

    answer = acted(uow, form, deed, _location(case), _l("已更正，原来的记录留在日志中"))
    return answer if answer is not None else (_page(uow, case, amend=form), 422)


@conduct.post("/<uuid:case_id>/measures")
@requires(P.PROPOSE_MEASURE, load_case, see=P.READ)
def propose(uow: UnitOfWork, case: ConductCase) -> ResponseReturnValue:
    """Propose a measure."""
    form = MeasureForm(prefix=PROPOSING)

    def deed() -> None:
        propose_measure(
            uow, case, MeasureEntry(MeasureKind(form.kind.data), form.text("words"), form.text("recipient"))
        )

    answer = acted(uow, form, deed, _location(case), _l("已提出，请由另一人签发"))
    return answer if answer is not None else (_page(uow, case, measure=form), 422)


@conduct.get("/<uuid:case_id>/<any(notice, decision):paper>.pdf")
@requires(P.READ, load_case, see=P.READ)
def paper(uow: UnitOfWork, case: ConductCase, paper: str) -> ResponseReturnValue:
    """Download the notice, or the decision once there is one."""
    if not sees_papers(uow, case) or (paper == "decision" and case.decided_at is None):
        abort(404)
    made = case_notice(uow, case) if paper == "notice" else case_decision(uow, case)
    title = _("违规事项告知书") if paper == "notice" else _("违规事项处理决定书")
    return as_pdf(made, f"{title}-{case.number}.pdf")


def as_pdf(made: bytes, name: str) -> ResponseReturnValue:
    """Return a paper for download."""
    return send_file(io.BytesIO(made), download_name=name, mimetype="application/pdf")


def crumbs_of(uow: UnitOfWork, case: ConductCase, last: str | None) -> list[tuple[str, str | None]]:
    """Return the way to a page of a case: from the desk, or for others from the agency."""
    if policy.allows(uow.actor, P.BROWSE):
        head: list[tuple[str, str | None]] = [(_("机构监管"), url_for("agency_conduct.index"))]
    else:
        head = [(case.agency.organisation.name, url_for("standings.show", agency_id=case.agency_id))]
    head.append((case.number, _location(case) if last else None))
    return [*head, (last, None)] if last else head


def _location(case: ConductCase) -> str:
    return url_for("agency_conduct.show", case_id=case.id)
