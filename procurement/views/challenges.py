"""A challenge: filing with its last day in sight, registering a letter, drafting and issuing the answer."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.errors import Refused
from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.http.guard import requires
from core.http.transitions import add_transitions
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.remedies import (
    CarryOutForm,
    ChallengeForm,
    DraftAnswerForm,
    EffectForm,
    IssueForm,
    LetterForm,
)
from procurement.models import Challenge, Tender
from procurement.permissions import BIDDER_SIDE, ComplaintPermission, RemedyPermission, TenderPermission
from procurement.permissions import RemedyPermission as P
from procurement.queries.remedies import (
    challenge_periods,
    clocks_of,
    documents_received_on,
    load_challenge,
    reckoner,
    remedy_days,
)
from procurement.queries.tenders import load_tender
from procurement.remedy_periods import CHANGES_RESULT, MEASURES, ChallengePeriod
from procurement.remedy_steps import steps_of
from procurement.services.bidding import bidders_of
from procurement.services.challenges import (
    ChallengeEntry,
    carry_out,
    draft_answer,
    file_challenge,
    issue_answer,
    judge_effect,
    register_letter,
    suppliers_of,
)
from procurement.services.complaints import complaint_refusals
from procurement.states import ChallengeBasis, ChallengeState, Measure, ProcessStep, Verdict
from procurement.views.inquiries import shown_to
from procurement.views.remedies import target_of
from procurement.workflow import CHALLENGE

challenges = Blueprint("challenges", __name__)
UNANSWERED = (ChallengeState.FILED, ChallengeState.DRAFTED)


@challenges.route("/tenders/<uuid:tender_id>/challenges/new", methods=["GET", "POST"])
@requires(RemedyPermission.FILE, load_tender, see=TenderPermission.READ_NOTICE)
def new(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """File a challenge; every period and its last day stand above the form."""
    form = ChallengeForm()
    own = bidders_of(uow)
    form.organisation_id.choices = choices((str(one.id), one.name) for one in own)
    periods = challenge_periods(uow, tender, [one.id for one in own])
    _offer(form, [one for one in periods if one.is_open(uow.today)])
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        form.target.data = request.args.get("target", "")
        form.contact_name.data = form.contact_name.data or uow.actor.name
    if form.validate_on_submit():
        try:
            owner = uuid.UUID(form.organisation_id.data)
            challenge = file_challenge(uow, tender, owner, _entry(form), form.files.data or [])
        except Refused as refused:
            form.refuse(refused)
        else:
            return _filed(uow, form, challenge)
    return _form_page(tender, form, periods, _("提出质疑"), uow), 422 if form.is_submitted() else 200


@challenges.route("/tenders/<uuid:tender_id>/challenges/register", methods=["GET", "POST"])
@requires(RemedyPermission.REGISTER, load_tender, see=TenderPermission.READ)
def register(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Register a challenge that came on paper."""
    form = LetterForm()
    form.organisation_id.choices = choices((str(one.id), one.name) for one in suppliers_of(uow, tender))
    periods = challenge_periods(uow, tender)
    _offer(form, periods)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit() and form.posted_on.data is not None:
        try:
            owner = uuid.UUID(form.organisation_id.data)
            challenge = register_letter(
                uow, tender, owner, _entry(form), posted_on=form.posted_on.data, files=form.files.data or []
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return _filed(uow, form, challenge)
    return _form_page(tender, form, periods, _("登记书面质疑函"), uow), 422 if form.is_submitted() else 200


@challenges.get("/challenges/<uuid:challenge_id>")
@requires(RemedyPermission.READ, load_challenge, see=RemedyPermission.READ)
def show(uow: UnitOfWork, challenge: Challenge) -> ResponseReturnValue:
    """Show a challenge with its clocks, its answer and what follows."""
    return _page(uow, challenge)


@challenges.post("/challenges/<uuid:challenge_id>/draft")
@requires(RemedyPermission.DRAFT, load_challenge, see=RemedyPermission.READ)
def draft(uow: UnitOfWork, challenge: Challenge) -> ResponseReturnValue:
    """Propose the answer."""
    form = _draft_form(challenge)
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        form.check_revision(challenge)
        measure = Measure(form.measure.data) if form.measure.data else None
        try:
            draft_answer(uow, challenge, Verdict(form.verdict.data), form.text("answer"), measure)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, challenge, _("答复稿已提交，等待审批人签发"))
    return _page(uow, challenge, form), 422


@challenges.post("/challenges/<uuid:challenge_id>/issue")
@requires(RemedyPermission.ISSUE, load_challenge, see=RemedyPermission.READ)
def issue(uow: UnitOfWork, challenge: Challenge) -> ResponseReturnValue:
    """Issue the drafted answer."""
    form = IssueForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    form.check_revision(challenge)
    issue_answer(uow, challenge)
    return _done(uow, form, challenge, _("答复已签发，答复函已送达供应商"))


@challenges.post("/challenges/<uuid:challenge_id>/carry-out")
@requires(RemedyPermission.REMEDY, load_challenge, see=RemedyPermission.READ)
def done(uow: UnitOfWork, challenge: Challenge) -> ResponseReturnValue:
    """Note that the measures were carried out."""
    form = CarryOutForm()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            carry_out(uow, challenge, form.text("note"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, challenge, _("处理措施已落实，不再因此暂停合同"))
    return _page(uow, challenge, carry_form=form), 422


@challenges.post("/challenges/<uuid:challenge_id>/effect")
@requires(RemedyPermission.ISSUE, load_challenge, see=RemedyPermission.READ)
def effect(uow: UnitOfWork, challenge: Challenge) -> ResponseReturnValue:
    """Say whether it may affect the result."""
    form = EffectForm()
    form.check_revision(challenge)
    try:
        judge_effect(uow, challenge, affects=bool(form.affects.data), reason=form.text("reason"))
    except Refused as refused:
        form.refuse(refused)
        return _page(uow, challenge, effect_form=form), 422
    flash(_("已记录对中标结果影响的认定"), "success")
    return redirect(_location(challenge))


def _offer(form: ChallengeForm, periods: list[ChallengePeriod]) -> None:
    named = [(target_of(one), one.step.label if one.step else one.basis.label) for one in periods]
    form.target.choices = choices([("", _("请选择")), *named])


def _entry(form: ChallengeForm) -> ChallengeEntry:
    basis, _colon, step = str(form.target.data).partition(":")
    names = ("matter", "facts", "request", "legal_basis", "contact_name", "contact_telephone", "contact_address")
    typed = {name: form.text(name) for name in names}
    return ChallengeEntry(basis=ChallengeBasis(basis), step=ProcessStep(step) if step else None, **typed)


def _filed(uow: UnitOfWork, form: ChallengeForm, challenge: Challenge) -> ResponseReturnValue:
    words = _("已收到质疑 %(number)s，答复期限见下；答复前合同暂停签订", number=challenge.number)
    return _done(uow, form, challenge, words)


def _done(uow: UnitOfWork, form: Form, challenge: Challenge, words: str) -> ResponseReturnValue:
    form.mark_used(uow, _location(challenge))
    flash(words, "success")
    return redirect(_location(challenge))


def _form_page(tender: Tender, form: ChallengeForm, periods: list[ChallengePeriod], title: str, uow: UnitOfWork) -> str:
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    return render_template(
        "procurement/remedy/file.html",
        form=form,
        tender=tender,
        periods=periods,
        received_on=documents_received_on(uow, tender, own),
        title=title,
        today=uow.today,
        days=remedy_days(uow),
        crumbs=[(_("询问和质疑"), url_for("remedies.of_tender", tender_id=tender.id)), (title, None)],
    )


def _draft_form(challenge: Challenge, *, filled: bool = False) -> DraftAnswerForm:
    form = DraftAnswerForm(formdata=None, obj=challenge) if filled else DraftAnswerForm()
    form.verdict.choices = choices_of(Verdict)
    form.measure.choices = choices(
        [("", _("（质疑成立时选择）")), *((one.value, one.label) for one in MEASURES[challenge.basis])]
    )
    if filled:
        form.verdict.data = challenge.verdict.value if challenge.verdict else Verdict.DISMISSED.value
        form.measure.data = challenge.measure.value if challenge.measure else ""
    return form


def _page(
    uow: UnitOfWork,
    challenge: Challenge,
    form: DraftAnswerForm | None = None,
    carry_form: CarryOutForm | None = None,
    effect_form: EffectForm | None = None,
) -> str:
    wanted = (P.DRAFT, P.ISSUE, P.REMEDY, P.KNOW_WHO)
    may = {one: policy.allows(uow.actor, one, challenge) for one in wanted}
    is_open = challenge.state in UNANSWERED
    drafted = challenge.state is ChallengeState.DRAFTED
    clocks = clocks_of(uow, challenge)
    due = next((one.last_day for one in clocks if one.name == "answer_days"), None)
    knows_who = may[P.KNOW_WHO]
    documents = documents_of(uow, challenge)
    effect_form = effect_form or EffectForm(formdata=None, obj=challenge, data={"affects": challenge.may_affect_result})
    shows_draft = may[P.DRAFT] or may[P.ISSUE] or not is_open
    return render_template(
        "procurement/remedy/challenge.html",
        challenge=challenge,
        clocks=clocks,
        complaint_until=reckoner(uow).complaint_until(due) if due and challenge.answered_at else None,
        form=(form or _draft_form(challenge, filled=True)) if is_open and may[P.DRAFT] else None,
        issue_form=IssueForm(formdata=None, obj=challenge) if drafted and may[P.ISSUE] else None,
        waits_for_other=drafted and not may[P.ISSUE],
        effect_form=effect_form if is_open and may[P.ISSUE] else None,
        carry_form=(carry_form or CarryOutForm(formdata=None))
        if challenge.state is ChallengeState.UPHELD and may[P.REMEDY]
        else None,
        steps=steps_of(uow, challenge),
        press=Form(formdata=None),
        may_complain=policy.allows(uow.actor, ComplaintPermission.FILE, challenge)
        and not complaint_refusals(uow, challenge),
        changes_result=challenge.measure in CHANGES_RESULT,
        shows_answer=challenge.verdict is not None and shows_draft,
        knows_who=knows_who,
        evidence=[one for one in documents if one.purpose == "evidence"] if knows_who else [],
        letters=[one for one in documents if one.purpose == "answer-letter"],
        options=CHALLENGE.options(uow, challenge),
        entries=shown_to(uow, challenge, timeline(uow, challenge)),
        may_read_tender=policy.allows(uow.actor, TenderPermission.READ, challenge.tender),
        crumbs=[(_("质疑"), url_for("remedies.challenges")), (challenge.number, None)],
    )


def _location(challenge: Challenge) -> str:
    return url_for("challenges.show", challenge_id=challenge.id)


add_transitions(
    challenges,
    CHALLENGE,
    load_challenge,
    prefix="/challenges/<uuid:challenge_id>",
    see=RemedyPermission.READ,
    location=_location,
)
