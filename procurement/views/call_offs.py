"""Call-offs from a framework: begun, chosen, given in turn, priced, confirmed; the supplier's answer (R-FRAME-03)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.lawfulness import checklist
from procurement.forms.frameworks import AnswerForm, CallOffForm, ChooseForm, JudgeForm, PricesForm
from procurement.forms.tenders import PublishForm
from procurement.library_gates import gates
from procurement.methods import WAYS
from procurement.models import CallOff, Framework, Tender
from procurement.permissions import FrameworkPermission, TenderPermission
from procurement.planning.authority import beyond_authority
from procurement.queries.bidder_conflicts import conflict_refusals
from procurement.queries.frameworks import call_off_of, load_call_off, load_framework, shares_of, standing_members
from procurement.queries.tenders import free_projects, load_tender
from procurement.services.awarding import awards_of
from procurement.services.call_off_award import confirm, priced_bids, propose_lowest
from procurement.services.call_off_turns import answer_turn, judge_answer, latest_turn, offer_turn, turn_now
from procurement.services.call_offs import CallOffEntry, choose, draft_call_off, set_prices, ways_of
from procurement.states import Method, TenderState, TurnDeed
from procurement.tender_page import next_steps, tender_parts
from procurement.workflow import TENDER

call_offs = Blueprint("call_offs", __name__)
P = FrameworkPermission
STEPS = {
    Method.CALL_OFF_DIRECT: (TenderState.DRAFT, TenderState.EVALUATED, TenderState.AWARDED),
    Method.CALL_OFF_ROTATION: (
        TenderState.DRAFT,
        TenderState.IN_SELECTION,
        TenderState.EVALUATED,
        TenderState.AWARDED,
    ),
    Method.CALL_OFF_PRICES: (
        TenderState.DRAFT,
        TenderState.IN_APPROVAL,
        TenderState.PUBLISHED,
        TenderState.OPENED,
        TenderState.EVALUATED,
        TenderState.AWARDED,
    ),
}
LATER_PARTS = 60
"""Parts of a tender's page from here on concern a call-off too; what precedes belongs to the framework's call."""
BEFORE = (TenderState.DRAFT, TenderState.IN_APPROVAL)


@call_offs.route("/frameworks/<uuid:framework_id>/call-offs/new", methods=["GET", "POST"])
@requires(P.CALL, load_framework, see=P.READ)
def new(uow: UnitOfWork, framework: Framework) -> ResponseReturnValue:
    """Begin a call-off: which project, which type, how the supplier is found."""
    form = CallOffForm()
    projects = {str(one.id): one for one in free_projects(uow)}
    lots = {str(one.id): one for one in framework.tender.lots}
    form.project.choices = choices(
        [("", _("请选择")), *((key, f"{one.code} {one.name}") for key, one in projects.items())]
    )
    form.lot.choices = choices((key, one.title) for key, one in lots.items())
    form.way.choices = choices((one.value, WAYS[one]) for one in ways_of(uow, framework))
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        form.project.data = request.args.get("project", "")
        form.way.data = Method.CALL_OFF_DIRECT.value
    if form.validate_on_submit():
        entry = CallOffEntry(
            lots[str(form.lot.data)],
            projects[str(form.project.data)],
            Method(form.way.data),
            form.service_until.data,
            form.text("task"),
        )
        try:
            tender = draft_call_off(uow, framework, entry)
        except Refused as refused:
            form.refuse(refused)
        else:
            location = _page_of(uow, tender)
            form.mark_used(uow, location)
            flash(_("已建立 %(number)s，请继续办理", number=tender.number), "success")
            return redirect(location)
    page = render_template(
        "procurement/framework/call_off_new.html",
        form=form,
        framework=framework,
        crumbs=[
            (_("框架协议"), url_for("frameworks.index")),
            (framework.tender.number, url_for("frameworks.show", framework_id=framework.id)),
            (_("发起第二阶段采购"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


@call_offs.get("/call-offs/<uuid:call_off_id>")
@requires(P.READ_CALL_OFF, load_call_off, see=P.READ_CALL_OFF)
def show(uow: UnitOfWork, call_off: CallOff) -> ResponseReturnValue:
    """Show a call-off: where it stands, what comes next, who was passed over and why."""
    return _page(uow, call_off)


def _page(uow: UnitOfWork, call_off: CallOff, refusals: tuple[Refusal, ...] = (), **forms: Form) -> str:
    tender = call_off.tender
    inside = policy.allows(uow.actor, TenderPermission.READ, tender)
    may_prepare, may_confirm = (policy.allows(uow.actor, one, tender) for one in (P.PREPARE, P.CONFIRM))
    drafting = tender.state in BEFORE
    latest = latest_turn(uow, call_off)
    rotation = tender.method is Method.CALL_OFF_ROTATION
    waiting = tender.state in (TenderState.DRAFT, TenderState.IN_SELECTION)
    may_publish = tender.state is TenderState.IN_APPROVAL and policy.allows(uow.actor, TenderPermission.APPROVE, tender)
    opened = tender.method is Method.CALL_OFF_PRICES and tender.opened_at is not None
    lines = checklist(uow, tender) if drafting and inside else []
    declined = latest is not None and latest.deed is TurnDeed.DECLINED
    silent = (
        latest is not None
        and latest.deed is TurnDeed.OFFERED
        and latest.due_on is not None
        and uow.today > latest.due_on
    )
    free = latest is None or latest.deed in (TurnDeed.EXCUSED, TurnDeed.FORFEITED)
    may_offer = rotation and waiting and may_prepare and free
    may_answer = (
        policy.allows(uow.actor, P.ANSWER, call_off)
        and rotation
        and tender.state is TenderState.IN_SELECTION
        and latest is not None
        and latest.deed is TurnDeed.OFFERED
    )
    return render_template(
        "procurement/framework/call_off.html",
        call_off=call_off,
        framework=call_off.framework,
        tender=tender,
        inside=inside,
        steps=_steps(tender),
        lines=lines,
        blocking=[one for one in lines if one.level == "block"],
        refusals=refusals,
        options=TENDER.options(uow, tender) if inside else [],
        form=Form(formdata=None),
        latest=latest,
        next_turn=turn_now(uow, call_off) if may_offer else None,
        order=standing_members(uow, call_off.framework, call_off.lot) if rotation and inside else [],
        may_offer=may_offer,
        may_judge=rotation and may_prepare and (declined or silent),
        judge_form=forms.get("judge") or JudgeForm(formdata=None),
        may_choose=tender.method is Method.CALL_OFF_DIRECT and tender.state is TenderState.DRAFT and may_prepare,
        may_answer=may_answer,
        answer_form=forms.get("answer") or AnswerForm(formdata=None),
        may_set_prices=tender.method is Method.CALL_OFF_PRICES and tender.state is TenderState.DRAFT and may_prepare,
        may_confirm=tender.state is TenderState.EVALUATED and may_confirm,
        beyond=beyond_authority(uow, tender.budget) if may_confirm and tender.state is TenderState.EVALUATED else None,
        publish_form=PublishForm(formdata=None) if may_publish else None,
        priced=priced_bids(uow, tender, call_off) if opened and inside else [],
        may_propose=opened and tender.state is TenderState.OPENED and may_prepare,
        next_steps=next_steps(uow, tender) if inside else [],
        awards=awards_of(uow, tender),
        parts=[one for one in tender_parts(uow, tender) if one.order >= LATER_PARTS] if inside and not drafting else [],
        entries=timeline(uow, tender) if inside else [],
        crumbs=[
            (_("框架协议"), url_for("frameworks.index" if inside else "frameworks.own")),
            (call_off.framework.tender.number, url_for("frameworks.show", framework_id=call_off.framework_id)),
            (tender.number, None),
        ],
    )


@call_offs.route("/tenders/<uuid:tender_id>/call-off/choice", methods=["GET", "POST"])
@requires(P.PREPARE, load_tender, see=P.PREPARE)
def choice(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Choose a supplier directly, with grades, earlier call-offs and conflicts in sight."""
    call_off = _of(uow, tender)
    form = ChooseForm(obj=call_off)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if tender.method is not Method.CALL_OFF_DIRECT or tender.state is not TenderState.DRAFT:
        return redirect(_location(call_off))
    members = {str(one.id): one for one in standing_members(uow, call_off.framework, call_off.lot)}
    form.member.choices = choices(
        (key, _("%(supplier)s　%(price)s 元/项", supplier=one.supplier.name, price=f"{one.price:,.2f}"))
        for key, one in members.items()
    )
    if not form.is_submitted():
        form.member.data = str(call_off.member_id or "")
    if form.validate_on_submit():
        form.check_revision(call_off)
        try:
            choose(uow, tender, members[form.member.data], form.price.data, form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(call_off))
            flash(_("已提出成交意见，等待确认"), "success")
            return redirect(_location(call_off))
    got = shares_of(uow, call_off.framework)
    known = gates(uow, tender, [one.supplier for one in members.values()])
    page = render_template(
        "procurement/framework/choose.html",
        form=form,
        call_off=call_off,
        tender=tender,
        rows=[
            {
                "member": one,
                "gate": known[one.supplier_id],
                "count": sum(share.count for share in got if share.supplier == one.supplier.name),
                "amount": sum(share.amount for share in got if share.supplier == one.supplier.name),
                "conflicts": conflict_refusals(uow, tender.lots[0], one.supplier_id),
            }
            for one in sorted(members.values(), key=lambda one: not known[one.supplier_id].is_preferred)
        ],
        lines=checklist(uow, tender),
        crumbs=_crumbs(call_off, _("直接选定")),
    )
    return page, 422 if form.is_submitted() else 200


@call_offs.route("/tenders/<uuid:tender_id>/call-off/prices", methods=["GET", "POST"])
@requires(P.PREPARE, load_tender, see=P.PREPARE)
def prices(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Fill in the second price round: until when, and what the task is."""
    call_off = _of(uow, tender)
    if tender.method is not Method.CALL_OFF_PRICES or tender.state is not TenderState.DRAFT:
        return redirect(_location(call_off))
    form = PricesForm(obj=tender)
    if not form.is_submitted():
        form.deadline.data = tender.deadline.astimezone(SHANGHAI) if tender.deadline else None
    if form.validate_on_submit():
        form.check_revision(tender)
        due = form.deadline.data.replace(tzinfo=SHANGHAI) if form.deadline.data else None
        try:
            set_prices(uow, tender, deadline=due, task=form.text("requirement"))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存竞价通知"), "success")
            return redirect(_location(call_off))
    page = render_template(
        "procurement/framework/prices.html",
        form=form,
        call_off=call_off,
        tender=tender,
        lines=checklist(uow, tender),
        crumbs=_crumbs(call_off, _("填写竞价通知")),
    )
    return page, 422 if form.is_submitted() else 200


@call_offs.post("/tenders/<uuid:tender_id>/call-off/offer")
@requires(P.PREPARE, load_tender, see=P.PREPARE)
def offer(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Give the evaluation to the supplier whose turn it is."""
    return _once(uow, tender, offer_turn, _("已按轮候次序授予，供应商已收到通知"))


@call_offs.post("/tenders/<uuid:tender_id>/call-off/judgement")
@requires(P.PREPARE, load_tender, see=P.PREPARE)
def judgement(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Say what follows from a turn declined or not answered."""
    call_off, form = _of(uow, tender), JudgeForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            judge_answer(uow, tender, excused=form.verdict.data == "excused", reason=form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(call_off))
            flash(_("已记录认定，可以授予下一家"), "success")
            return redirect(_location(call_off))
    return _page(uow, call_off, judge=form), 422


@call_offs.post("/tenders/<uuid:tender_id>/call-off/lowest")
@requires(P.PREPARE, load_tender, see=P.PREPARE)
def lowest(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Propose the lowest price of a second price round."""
    return _once(uow, tender, propose_lowest, _("已按最低报价提出成交意见，等待确认"))


@call_offs.post("/tenders/<uuid:tender_id>/call-off/confirmation")
@requires(P.CONFIRM, load_tender, see=TenderPermission.READ)
def confirmation(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Confirm the proposal as a second person."""
    call_off = _of(uow, tender)
    words = _("已确认：成交结果已公告，供应商已收到通知，评价委托已建立")
    return _once(uow, tender, lambda work, purchase: confirm(work, purchase, call_off), words)


@call_offs.post("/call-offs/<uuid:call_off_id>/answer")
@requires(P.ANSWER, load_call_off, see=P.READ_CALL_OFF)
def answer(uow: UnitOfWork, call_off: CallOff) -> ResponseReturnValue:
    """Take or decline the turn."""
    form = AnswerForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        accepts = form.accepts.data == "yes"
        try:
            answer_turn(uow, call_off, accepts=accepts, reason=form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(call_off))
            flash(_("已接受，等待采购人确认") if accepts else _("已答复，等待采购人认定"), "success")
            return redirect(_location(call_off))
    return _page(uow, call_off, answer=form), 422


def _once(
    uow: UnitOfWork, tender: Tender, deed: Callable[[UnitOfWork, Tender], Any], words: str
) -> ResponseReturnValue:
    call_off, form = _of(uow, tender), Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        deed(uow, tender)
    except Refused as refused:
        return _page(uow, call_off, refused.refusals), 422
    form.mark_used(uow, _location(call_off))
    flash(words, "success")
    return redirect(_location(call_off))


def _of(uow: UnitOfWork, tender: Tender) -> CallOff:
    """Return the call-off of a tender that the permission has shown to be one."""
    found = call_off_of(uow, tender)
    if found is None:
        raise LookupError(f"{tender.number} is no call-off")
    return found


def _steps(tender: Tender) -> list[dict[str, Any]]:
    steps = STEPS[tender.method]
    reached = steps.index(tender.state) if tender.state in steps else 0
    over = tender.state is TenderState.AWARDED
    return [
        {"title": one.label, "state": "done" if place < reached or over else "present" if place == reached else "ahead"}
        for place, one in enumerate(steps)
    ]


def _page_of(uow: UnitOfWork, tender: Tender) -> str:
    call_off = _of(uow, tender)
    page = {Method.CALL_OFF_DIRECT: "call_offs.choice", Method.CALL_OFF_PRICES: "call_offs.prices"}.get(tender.method)
    return url_for(page, tender_id=tender.id) if page else _location(call_off)


def _location(call_off: CallOff) -> str:
    return url_for("call_offs.show", call_off_id=call_off.id)


def _crumbs(call_off: CallOff, here: str) -> list[tuple[str, str | None]]:
    return [
        (_("框架协议"), url_for("frameworks.index")),
        (call_off.framework.tender.number, url_for("frameworks.show", framework_id=call_off.framework_id)),
        (call_off.tender.number, _location(call_off)),
        (here, None),
    ]
