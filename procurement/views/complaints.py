"""A complaint: filing, supervision's handling, statements of those who got a copy, the public decision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.errors import Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import public, requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.complaints import (
    CarriedOutForm,
    ComplaintForm,
    DecisionForm,
    PauseForm,
    ServeForm,
    SuspendForm,
    WordsForm,
)
from procurement.models import Challenge, Complaint
from procurement.permissions import ComplaintPermission, RemedyPermission
from procurement.permissions import ComplaintPermission as P
from procurement.permissions.remedies import name_is_safe
from procurement.queries.complaints import (
    decided_complaints,
    load_complaint,
    outcome_words,
    unfounded_complaints,
    visible_complaints,
)
from procurement.queries.remedies import clocks_of, load_challenge, remedy_days, running_clocks
from procurement.reading import note_reading
from procurement.remedy_periods import MEASURES
from procurement.remedy_steps import steps_of
from procurement.services.complaint_people import own_party
from procurement.services.complaints import (
    ComplaintEntry,
    complaint_refusals,
    decide_complaint,
    file_complaint,
    pause_clock,
    report_carried_out,
    resume_clock,
    serve_copies,
    state_position,
    supplement,
    suspend_purchase,
)
from procurement.states import ComplaintState, DismissalGround, Measure
from procurement.workflow import COMPLAINT

complaints = Blueprint("complaints", __name__)


@complaints.get("/complaints")
@requires(ComplaintPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the complaints the reader may know of."""
    page = listing(
        uow,
        visible_complaints(uow.actor, text=asked("q"), state=asked("state")),
        sortable={"filed": Complaint.filed_at, "number": Complaint.number},
        default="-filed",
        filters=(Filter("state", _l("状态"), [(one.value, one.label) for one in ComplaintState]),),
    )
    clocks = running_clocks(uow, "complaint", [one.id for one in page.rows])
    return render_template(
        "procurement/complaint/index.html",
        page=page,
        clocks=clocks,
        known={one.id for one in page.rows if policy.allows(uow.actor, P.KNOW_WHO, one)},
        crumbs=[(_("投诉"), None)],
    )


@complaints.route("/challenges/<uuid:challenge_id>/complain", methods=["GET", "POST"])
@requires(ComplaintPermission.FILE, load_challenge, see=RemedyPermission.READ)
def new(uow: UnitOfWork, challenge: Challenge) -> ResponseReturnValue:
    """Complain about the answer to a challenge, or that there was none."""
    form = ComplaintForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        form.matter.data = challenge.matter
    if form.validate_on_submit():
        names = ("matter", "facts", "request", "legal_basis")
        try:
            entry = ComplaintEntry(**{name: form.text(name) for name in names})
            complaint = file_complaint(uow, challenge, entry, form.files.data or [])
        except Refused as refused:
            form.refuse(refused)
        else:
            words = _("已收到投诉 %(number)s，财政部门将按期审查", number=complaint.number)
            return _done(uow, form, complaint, words)
    page = render_template(
        "procurement/complaint/file.html",
        form=form,
        challenge=challenge,
        refusals=complaint_refusals(uow, challenge),
        days=remedy_days(uow),
        crumbs=[(challenge.number, url_for("challenges.show", challenge_id=challenge.id)), (_("提起投诉"), None)],
    )
    return page, 422 if form.is_submitted() else 200


@complaints.get("/complaints/<uuid:complaint_id>")
@requires(ComplaintPermission.READ, load_complaint, see=ComplaintPermission.READ)
def show(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Show the file, as far as the reader may see it; the reading is recorded (R-SEC-05)."""
    note_reading(uow, complaint)
    return _page(uow, complaint)


@complaints.post("/complaints/<uuid:complaint_id>/supplement")
@requires(ComplaintPermission.SUPPLEMENT, load_complaint, see=ComplaintPermission.READ)
def complete(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Complete the complaint."""
    form = WordsForm()
    return _deed(
        uow,
        complaint,
        form,
        lambda: supplement(uow, complaint, form.text("words"), form.files.data or []),
        _("补正材料已提交"),
    )


@complaints.post("/complaints/<uuid:complaint_id>/statement")
@requires(ComplaintPermission.STATE, load_complaint, see=ComplaintPermission.READ)
def state(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """State one's position."""
    form = WordsForm()
    return _deed(
        uow,
        complaint,
        form,
        lambda: state_position(uow, complaint, form.text("words"), form.files.data or []),
        _("说明已提交财政部门"),
    )


@complaints.post("/complaints/<uuid:complaint_id>/serve")
@requires(ComplaintPermission.HANDLE, load_complaint, see=ComplaintPermission.READ)
def serve(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Send the copies."""
    form = ServeForm()
    return _deed(uow, complaint, form, lambda: serve_copies(uow, complaint), _("副本已发送，说明期限自今天起算"))


@complaints.post("/complaints/<uuid:complaint_id>/suspend")
@requires(ComplaintPermission.HANDLE, load_complaint, see=ComplaintPermission.READ)
def suspend(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Order the purchase to stand still."""
    form = SuspendForm()
    words = _("已通知采购人暂停采购活动")
    return _deed(uow, complaint, form, lambda: suspend_purchase(uow, complaint, form.days.data or 0), words)


@complaints.post("/complaints/<uuid:complaint_id>/pause")
@requires(ComplaintPermission.HANDLE, load_complaint, see=ComplaintPermission.READ)
def pause(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Stop counting for experts or a laboratory."""
    form = PauseForm()
    words = _("处理期限自明天起暂停计算")
    return _deed(uow, complaint, form, lambda: pause_clock(uow, complaint, form.text("pause_reason")), words)


@complaints.post("/complaints/<uuid:complaint_id>/resume")
@requires(ComplaintPermission.HANDLE, load_complaint, see=ComplaintPermission.READ)
def resume(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Go on counting."""
    return _deed(uow, complaint, ServeForm(), lambda: resume_clock(uow, complaint), _("处理期限恢复计算"))


@complaints.post("/complaints/<uuid:complaint_id>/decide")
@requires(ComplaintPermission.HANDLE, load_complaint, see=ComplaintPermission.READ)
def decide(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Decide."""
    form = _decision_form(complaint)

    def deed() -> None:
        kind, _colon, value = str(form.outcome.data).partition(":")
        ground = DismissalGround(value) if kind == "ground" else None
        measure = Measure(value) if kind == "measure" else None
        decide_complaint(uow, complaint, form.text("decision_words"), ground=ground, measure=measure)

    return _deed(uow, complaint, form, deed, _("处理决定已作出、送达并公告"))


@complaints.post("/complaints/<uuid:complaint_id>/carry-out")
@requires(ComplaintPermission.CARRY_OUT, load_complaint, see=ComplaintPermission.READ)
def done(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Report how the decision was carried out."""
    form = CarriedOutForm()
    words = _("已向财政部门报告处理决定的执行情况")
    return _deed(uow, complaint, form, lambda: report_carried_out(uow, complaint, form.text("note")), words)


@complaints.get("/complaint-decisions")
@public
def decisions(uow: UnitOfWork) -> ResponseReturnValue:
    """List the decisions for everybody."""
    page = listing(
        uow,
        decided_complaints(text=asked("q")),
        sortable={"decided": Complaint.decided_at},
        default="-decided",
    )
    crumbs = [(_("投诉处理决定"), None)]
    return render_template("procurement/complaint/decisions.html", page=page, outcome=outcome_words, crumbs=crumbs)


@complaints.get("/complaint-decisions/<uuid:complaint_id>")
@requires(ComplaintPermission.READ_DECISION, load_complaint, see=ComplaintPermission.READ_DECISION)
def decision(uow: UnitOfWork, complaint: Complaint) -> ResponseReturnValue:
    """Show a decision to everybody."""
    return render_template(
        "procurement/complaint/decision.html",
        complaint=complaint,
        named=name_is_safe(complaint.tender),
        outcome=outcome_words(complaint),
        letters=documents_of(uow, complaint, "decision"),
        crumbs=[(_("投诉处理决定"), url_for("complaints.decisions")), (complaint.number, None)],
    )


def _deed(uow: UnitOfWork, complaint: Complaint, form: Form, deed: Any, words: str) -> ResponseReturnValue:
    """Do one deed of a small form of the page, once; what is refused stands at the form."""
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            deed()
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, complaint, words)
    return _page(uow, complaint, form), 422


def _done(uow: UnitOfWork, form: Form, complaint: Complaint, words: str) -> ResponseReturnValue:
    form.mark_used(uow, _location(complaint))
    flash(words, "success")
    return redirect(_location(complaint))


def _decision_form(complaint: Complaint, *, empty: bool = False) -> DecisionForm:
    form = DecisionForm(formdata=None) if empty else DecisionForm()
    grounds = [(f"ground:{one.value}", _("驳回：%(ground)s", ground=one.label)) for one in DismissalGround]
    measures = [
        (f"measure:{one.value}", _("成立：%(measure)s", measure=one.label))
        for one in MEASURES[complaint.challenge.basis]
    ]
    form.outcome.choices = choices([("", _("请选择")), *grounds, *measures])
    return form


def _page(uow: UnitOfWork, complaint: Complaint, used: Form | None = None) -> str:
    def form_of(kind: type[Form], *, when: bool) -> Form | None:
        if not when:
            return None
        return used if type(used) is kind else kind(formdata=None)

    handles = policy.allows(uow.actor, P.HANDLE, complaint)
    inside = policy.allows(uow.actor, P.READ_INSIDE, complaint)
    accepted = complaint.state is ComplaintState.ACCEPTED
    party = own_party(uow, complaint)
    paused = next((one for one in complaint.pauses if one.ends_on is None), None)
    deciding = handles and accepted and complaint.served_at is not None
    documents = documents_of(uow, complaint)
    knows_who = policy.allows(uow.actor, P.KNOW_WHO, complaint)
    clocks = clocks_of(uow, complaint) if inside or policy.allows(uow.actor, P.WITHDRAW, complaint) else []
    decision_form = used if isinstance(used, DecisionForm) else _decision_form(complaint, empty=True)
    return render_template(
        "procurement/complaint/show.html",
        complaint=complaint,
        clocks=clocks,
        party_clocks={one.id: next(iter(clocks_of(uow, one)), None) for one in complaint.parties},
        party=party,
        inside=inside,
        paused=paused,
        unfounded=unfounded_complaints(uow, complaint.organisation_id) if inside else None,
        outcome=outcome_words(complaint),
        knows_who=knows_who,
        evidence=[one for one in documents if one.purpose == "evidence"] if knows_who else [],
        statements=[one for one in documents if one.purpose == "statement"] if inside else [],
        letters=[one for one in documents if one.purpose in ("decision", "refusal")],
        supplement_form=form_of(
            WordsForm,
            when=complaint.state is ComplaintState.CORRECTING and policy.allows(uow.actor, P.SUPPLEMENT, complaint),
        ),
        statement_form=form_of(WordsForm, when=accepted and party is not None),
        serve_form=form_of(ServeForm, when=handles and accepted and complaint.served_at is None),
        suspend_form=form_of(SuspendForm, when=handles and accepted),
        pause_form=form_of(PauseForm, when=handles and accepted and paused is None),
        resume_form=form_of(ServeForm, when=handles and accepted and paused is not None),
        decision_form=decision_form if deciding else None,
        steps=steps_of(uow, complaint),
        press=Form(formdata=None),
        carry_form=form_of(
            CarriedOutForm,
            when=complaint.state is ComplaintState.UPHELD
            and complaint.carried_out_at is None
            and policy.allows(uow.actor, P.CARRY_OUT, complaint),
        ),
        suspending=complaint.is_suspending(uow.today),
        suspension_days=uow.house.rules.whole("R-REMEDY-03", "suspension_days", on=uow.today),
        options=COMPLAINT.options(uow, complaint),
        entries=timeline(uow, complaint) if inside else [],
        crumbs=[(_("投诉"), url_for("complaints.index")), (complaint.number, None)],
    )


def _location(complaint: Complaint) -> str:
    return url_for("complaints.show", complaint_id=complaint.id)


add_transitions(
    complaints,
    COMPLAINT,
    load_complaint,
    prefix="/complaints/<uuid:complaint_id>",
    see=ComplaintPermission.READ,
    location=_location,
)
