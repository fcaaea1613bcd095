"""An agency's standing: public with its reason; proposed, applied for and decided here (R-AGENCY.standing)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.conduct import ReasonForm, SanctionForm
from agencies.forms.standing import ApplicationForm, StandingForm
from agencies.honesty import standing_points
from agencies.models import Agency, OutsideSanction, StandingDecision
from agencies.permissions import AgencyPermission, ConductPermission, StandingPermission
from agencies.ports import other_records
from agencies.queries import load_agency
from agencies.queries.conduct import (
    cases_of,
    confirmed_sanctions,
    credit_of,
    load_sanction,
    sanctions_of,
    weighed_credit,
)
from agencies.queries.standing import (
    decisions_matching,
    decisions_of,
    load_decision,
    standing_of,
    standing_words,
    standings_of,
    words_of,
)
from agencies.services.conduct_papers import standing_paper
from agencies.services.sanctions import (
    SanctionEntry,
    confirm_sanction,
    reject_sanction,
    take_over_sanction,
    withdraw_sanction,
)
from agencies.services.standings import (
    StandingEntry,
    ask_standing,
    decide_standing,
    propose_standing,
    refuse_standing,
    revoke_standing,
    support_application,
)
from agencies.states import DecisionState, SanctionKind, SanctionState, StandingKind
from agencies.views.conduct import as_pdf
from agencies.views.parts import desk_tabs
from core.audit.timeline import timeline
from core.documents.models import Document
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import Text, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

standings = Blueprint("standings", __name__, url_prefix="/agencies")
P = StandingPermission
SHOWN = (DecisionState.DECIDED, DecisionState.REVOKED)
"""What everybody may read; applications and proposals are for those who handle them and the agency."""

FILTERS = (
    Filter("kind", _l("决定"), [(one.value, one.label) for one in StandingKind]),
    Filter("state", _l("状态"), [(one.value, one.label) for one in DecisionState]),
)
DEEDS: dict[str, tuple[Callable[[UnitOfWork, StandingDecision, str], object], Text]] = {
    "support": (support_application, _l("已审核，请由另一人确认")),
    "decide": (lambda uow, row, _reason: decide_standing(uow, row), _l("已确认，机构已收到通知")),
    "refuse": (refuse_standing, _l("已记录不同意的理由")),
    "revoke": (revoke_standing, _l("已撤销，原决定留在日志中")),
}
CHECKS: dict[str, Callable[[UnitOfWork, OutsideSanction, str], object]] = {
    "confirm": confirm_sanction,
    "reject": reject_sanction,
    "withdraw": withdraw_sanction,
}
PERMISSIONS = {"support": P.PROPOSE, "decide": P.DECIDE, "refuse": P.DECIDE, "revoke": P.REVOKE}
POSSIBLE = {
    DecisionState.ASKED: ("support", "refuse"),
    DecisionState.PROPOSED: ("decide", "refuse"),
    DecisionState.DECIDED: ("revoke",),
}


@standings.get("/conduct/standing")
@requires(P.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List every decision and application, with how each agency stands now."""
    page = listing(
        uow,
        decisions_matching(text=asked("q"), kind=asked("kind"), state=asked("state")),
        sortable={"number": StandingDecision.number, "begins": StandingDecision.begins_on},
        default="-number",
        filters=FILTERS,
    )
    known = standings_of(uow, [one.agency.organisation_id for one in page.rows])
    return render_template(
        "agencies/standing/index.html",
        page=page,
        known=known,
        tabs_shown=desk_tabs(uow, "standings.index"),
        crumbs=[(_("机构监管"), None)],
    )


@standings.get("/<uuid:agency_id>/standing")
@requires(P.READ, load_agency)
def show(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Show how an agency stands and why, what its grades lead to, and its honesty archive to those who may see it."""
    return _page(uow, agency)


def _page(uow: UnitOfWork, agency: Agency, **forms: Form) -> str:
    known = standing_of(uow, agency)
    sees_credit = policy.allows(uow.actor, AgencyPermission.READ_CREDIT, agency)
    sees_cases = policy.allows(uow.actor, ConductPermission.BROWSE) or policy.allows(uow.actor, P.ASK, agency)
    decisions = [
        one for one in decisions_of(uow, agency) if one.state in SHOWN or policy.allows(uow.actor, P.READ_DECISION, one)
    ]
    entries = credit_of(uow, agency) if sees_credit else []
    weighed = weighed_credit(uow, entries)
    sanctions = sanctions_of(uow, agency) if sees_credit else []
    may_check = policy.allows(uow.actor, ConductPermission.RECORD_SANCTION)
    return render_template(
        "agencies/standing/show.html",
        agency=agency,
        known=known,
        words=standing_words(known.standing),
        follows=[(one, words_of(one)) for one in known.consequences],
        decisions=decisions,
        deeds={
            one.id: [name for name in POSSIBLE.get(one.state, ()) if policy.allows(uow.actor, PERMISSIONS[name], one)]
            for one in decisions
        },
        sees_credit=sees_credit,
        credit=entries,
        weighed=weighed,
        points=standing_points(weighed.values()),
        cases=cases_of(uow, agency) if sees_cases else [],
        sanctions=sanctions if may_check else confirmed_sanctions(sanctions),
        checkable={
            one.id: one.state in (SanctionState.REPORTED, SanctionState.CONFIRMED)
            and policy.allows(uow.actor, ConductPermission.CHECK_SANCTION, one)
            for one in sanctions
        },
        others=other_records(uow, agency.organisation_id) if sees_credit else [],
        may_propose=policy.allows(uow.actor, P.PROPOSE),
        may_open=policy.allows(uow.actor, ConductPermission.OPEN),
        propose_form=forms.get("propose") or StandingForm(formdata=None),
        may_ask=policy.allows(uow.actor, P.ASK, agency),
        ask_form=forms.get("ask") or ApplicationForm(formdata=None),
        reason_form=forms.get("reason") or ReasonForm(formdata=None),
        entries=timeline(uow, agency) if sees_credit else [],
        crumbs=_crumbs(agency, None),
    )


@standings.post("/<uuid:agency_id>/standing")
@requires(P.PROPOSE, load_agency)
def propose(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Propose a suspension, removal or return."""
    form = StandingForm()

    def deed() -> None:
        entry = StandingEntry(
            StandingKind(form.kind.data),
            form.begins_on.data,
            form.ends_on.data,
            str(form.rule_id.data),
            form.text("reason"),
        )
        propose_standing(uow, agency, entry)

    answer = acted(uow, form, deed, _location(agency), _l("已提出，请由另一人确认"))
    return answer if answer is not None else (_page(uow, agency, propose=form), 422)


@standings.post("/<uuid:agency_id>/standing/application")
@requires(P.ASK, load_agency)
def ask(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Take the agency's application to leave or to return."""
    form = ApplicationForm()

    def deed() -> None:
        ask_standing(uow, agency, StandingKind(form.kind.data), form.text("statement"))

    answer = acted(uow, form, deed, _location(agency), _l("已收到申请，审核和确认后通知贵单位"))
    return answer if answer is not None else (_page(uow, agency, ask=form), 422)


@standings.post("/standing/<uuid:decision_id>/<any(support, decide, refuse, revoke):deed>")
@requires(P.READ_DECISION, load_decision, see=P.READ_DECISION)
def act(uow: UnitOfWork, row: StandingDecision, deed: str) -> ResponseReturnValue:
    """Support, confirm, refuse or revoke; the workflow asks for the permission of each."""
    form = ReasonForm()
    service, said = DEEDS[deed]
    answer = acted(uow, form, lambda: service(uow, row, form.text("reason")), _location(row.agency), said)
    return answer if answer is not None else (_page(uow, row.agency, reason=form), 422)


@standings.get("/standing/<uuid:decision_id>/paper.pdf")
@requires(P.READ_DECISION, load_decision, see=P.READ_DECISION)
def paper(uow: UnitOfWork, row: StandingDecision) -> ResponseReturnValue:
    """Download the decision's paper."""
    return as_pdf(standing_paper(uow, row), f"{row.kind.label}-{row.number}.pdf")


@standings.route("/<uuid:agency_id>/sanctions/new", methods=["GET", "POST"])
@requires(ConductPermission.RECORD_SANCTION, load_agency)
def new_sanction(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Take over a sanction that somebody else imposed."""
    form = SanctionForm()

    def deed() -> None:
        entry = SanctionEntry(
            SanctionKind(form.kind.data),
            form.text("authority"),
            form.text("facts"),
            form.decided_on.data,
            form.text("source"),
            form.text("document_number"),
            form.ends_on.data,
            bool(form.is_major.data),
        )
        take_over_sanction(uow, agency, entry, request.files.get("file"))

    answer = acted(uow, form, deed, _location(agency), _l("已登记，请由另一人对照来源核对"))
    if answer is not None:
        return answer
    page = render_template(
        "agencies/standing/sanction.html", form=form, agency=agency, crumbs=_crumbs(agency, _("登记外部处罚"))
    )
    return page, 422 if form.is_submitted() else 200


@standings.post("/sanctions/<uuid:sanction_id>/<any(confirm, reject, withdraw):deed>")
@requires(ConductPermission.CHECK_SANCTION, load_sanction)
def check_sanction(uow: UnitOfWork, row: OutsideSanction, deed: str) -> ResponseReturnValue:
    """Check a sanction that somebody else took over."""
    form = ReasonForm()
    service = CHECKS[deed]
    answer = acted(
        uow, form, lambda: service(uow, row, form.text("reason")), _location(row.agency), _l("已记录核对结果")
    )
    return answer if answer is not None else (_page(uow, row.agency, reason=form), 422)


def may_read_proof(uow: UnitOfWork, document: Document) -> bool:
    """An outside sanction's proof is for those who may read the agency's archive."""
    row = uow.get(OutsideSanction, document.owner_id)
    return row is not None and policy.allows(uow.actor, AgencyPermission.READ_CREDIT, row.agency)


def _location(agency: Agency) -> str:
    return url_for("standings.show", agency_id=agency.id)


def _crumbs(agency: Agency, last: str | None) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [
        (_("机构库"), url_for("agencies.index")),
        (agency.organisation.name, url_for("agencies.show", agency_id=agency.id)),
        (_("在库状态和诚信"), _location(agency) if last else None),
    ]
    return [*found, (last, None)] if last else found
