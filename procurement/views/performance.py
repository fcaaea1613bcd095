"""Performing a contract: the winner who refuses, supplements, payments, acceptance."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal, Refused
from core.http.choices import choices
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.contracts import AcceptanceForm, PaymentForm, ReplacementForm, SupplementForm
from procurement.models import Acceptance, Award, Contract, Instalment, Payment, Supplement
from procurement.permissions import ContractPermission
from procurement.queries.contracts import (
    load_acceptance,
    load_award,
    load_contract,
    load_payment,
    load_supplement,
    paid,
)
from procurement.remedy_steps import Case, case_named, reason_of
from procurement.services.acceptances import (
    conclude_acceptance,
    concluding_refusals,
    open_acceptance,
    publish_acceptance,
    save_acceptance,
)
from procurement.services.payments import (
    PAYABLE,
    decide_payment,
    is_late,
    left_of,
    note_paid,
    pay_by,
    request_payment,
)
from procurement.services.replacing import candidates_after, replace_winner
from procurement.services.supplements import decide_supplement, left, propose_supplement
from procurement.states import (
    AcceptanceState,
    ContractState,
    DepartureGround,
    Measure,
    PaymentState,
    SupplementKind,
    SupplementState,
)
from procurement.suspensions import suspensions
from procurement.views.contracts import crumbs_of
from procurement.views.examination import crumbs_of as tender_crumbs

performance = Blueprint("performance", __name__)


def see_contract_of_award(uow: UnitOfWork, award_id: uuid.UUID) -> Award | None:
    """Return the award whose winner may be replaced."""
    return load_award(uow, award_id)


@performance.route("/contracts/for/<uuid:award_id>/replacement", methods=["GET", "POST"])
@requires(ContractPermission.REPLACE, see_contract_of_award, see=ContractPermission.REPLACE)
def replace(uow: UnitOfWork, award: Award) -> ResponseReturnValue:
    """Note that the winner will not sign, and take the next candidate or buy anew."""
    form = ReplacementForm()
    if not form.is_submitted() and (case := case_named(uow, request.args.get("because"))) is not None:
        _fill_replacement(form, award, case)
    made: list[Award | None] = []

    def deed() -> None:
        ground = DepartureGround(form.ground.data)
        made.append(replace_winner(uow, award, ground, form.text("reason"), take_next=form.then.data == "next"))

    def said() -> str:
        if made[0] is None:
            return str(_("已登记中标人放弃。本包没有中标人，请重新采购。"))
        return str(_("已确定下一候选人%(agency)s为中标人，并重新发出公告和通知。", agency=made[0].bid.bidder.name))

    if done := acted(uow, form, deed, url_for("procedure.show", tender_id=award.tender_id), said):
        return done
    page = render_template(
        "procurement/contract/replace.html",
        form=form,
        award=award,
        following=candidates_after(uow, award),
        crumbs=tender_crumbs(award.tender, _("另定中标人或者重新采购")),
    )
    return page, 422 if form.is_submitted() else 200


@performance.route("/contracts/<uuid:contract_id>/supplements", methods=["GET", "POST"])
@requires(ContractPermission.READ, load_contract, see=ContractPermission.READ)
def supplements(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Show what was agreed after signing; the officer proposes here."""
    may = contract.state is ContractState.SIGNED and policy.allows(uow.actor, ContractPermission.SUPPLEMENT, contract)
    form = SupplementForm()

    def deed() -> None:
        propose_supplement(
            uow,
            contract,
            SupplementKind(form.kind.data),
            amount=form.amount.data or 0,  # type: ignore[arg-type]  # Decimal or nothing
            service_until=form.service_until.data,
            terms=form.text("terms"),
            reason=form.text("reason"),
        )

    location = url_for("performance.supplements", contract_id=contract.id)
    if done := acted(uow, form, deed, location, _("已提出，等待审批。")):
        return done
    page = render_template(
        "procurement/contract/supplements.html",
        contract=contract,
        form=form if may else None,
        left=left(uow, contract),
        suspensions=suspensions(uow, contract.tender),
        decidable=[
            one.id
            for one in contract.supplements
            if one.state is SupplementState.PROPOSED
            and policy.allows(uow.actor, ContractPermission.DECIDE_SUPPLEMENT, one)
        ],
        decision=Form(formdata=None),
        crumbs=crumbs_of(contract, _("补充和变更")),
    )
    return page, 422 if form.is_submitted() else 200


@performance.post("/supplements/<uuid:supplement_id>/decision")
@requires(ContractPermission.DECIDE_SUPPLEMENT, load_supplement, see=ContractPermission.BROWSE)
def decide_on_supplement(uow: UnitOfWork, supplement: Supplement) -> ResponseReturnValue:
    """Agree to a supplement or not."""
    location = url_for("performance.supplements", contract_id=supplement.contract_id)
    agreed, reason = _verdict()
    return _pressed(
        uow,
        lambda: decide_supplement(uow, supplement, agreed=agreed, reason=reason),
        location,
        lambda: _("已办理审批。现在的状态：%(state)s", state=supplement.state.label),
    )


@performance.route("/contracts/<uuid:contract_id>/payments", methods=["GET", "POST"])
@requires(ContractPermission.READ, load_contract, see=ContractPermission.READ)
def payments(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Show the instalments with what was asked for and paid; the officer asks here."""
    may = contract.state in PAYABLE and policy.allows(uow.actor, ContractPermission.REQUEST_PAYMENT, contract)
    form = PaymentForm()
    rest = {one.id: left_of(contract, one) for one in contract.instalments}
    form.instalment.choices = choices(
        (str(one.id), _("第%(number)s期：%(condition)s", number=one.position, condition=one.condition))
        for one in contract.instalments
        if rest[one.id] > 0
    )
    if not form.is_submitted() and form.instalment.choices:
        first = next(one for one in contract.instalments if rest[one.id] > 0)
        form.amount.data = rest[first.id]

    def deed() -> None:
        request_payment(
            uow,
            contract,
            uow.session.get_one(Instalment, uuid.UUID(form.instalment.data)),
            amount=form.amount.data,  # type: ignore[arg-type]  # required by the form
            invoice_number=form.text("invoice_number"),
            invoice_on=form.invoice_on.data,  # type: ignore[arg-type]  # the same
        )

    location = url_for("performance.payments", contract_id=contract.id)
    if done := acted(uow, form, deed, location, _("已申请付款，等待审批。")):
        return done
    return _payments_page(uow, contract, form if may else None), 422 if form.is_submitted() else 200


@performance.post("/payments/<uuid:payment_id>/decision")
@requires(ContractPermission.APPROVE_PAYMENT, load_payment, see=ContractPermission.BROWSE)
def decide_on_payment(uow: UnitOfWork, payment: Payment) -> ResponseReturnValue:
    """Approve a payment or send it back."""
    location = url_for("performance.payments", contract_id=payment.contract_id)
    approved, reason = _verdict()
    return _pressed(
        uow,
        lambda: decide_payment(uow, payment, approved=approved, reason=reason),
        location,
        lambda: _("已办理审批。现在的状态：%(state)s", state=payment.state.label),
    )


@performance.post("/payments/<uuid:payment_id>/paid")
@requires(ContractPermission.PAY, load_payment, see=ContractPermission.BROWSE)
def pay(uow: UnitOfWork, payment: Payment) -> ResponseReturnValue:
    """Note that a payment was made."""
    location = url_for("performance.payments", contract_id=payment.contract_id)
    voucher = request.form.get("voucher") or ""
    return _pressed(
        uow, lambda: note_paid(uow, payment, _typed_day("paid_on"), voucher), location, lambda: _("已登记支付。")
    )


@performance.post("/contracts/<uuid:contract_id>/acceptance")
@requires(ContractPermission.ACCEPT, load_contract, see=ContractPermission.READ)
def begin_acceptance(uow: UnitOfWork, contract: Contract) -> ResponseReturnValue:
    """Begin a round of acceptance."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    acceptance = open_acceptance(uow, contract)
    location = url_for("performance.accept", acceptance_id=acceptance.id)
    form.mark_used(uow, location)
    return redirect(location)


@performance.route("/acceptances/<uuid:acceptance_id>", methods=["GET", "POST"])
@requires(ContractPermission.CONCLUDE, load_acceptance, see=ContractPermission.BROWSE)
def accept(uow: UnitOfWork, acceptance: Acceptance) -> ResponseReturnValue:
    """Go through the contract's standards one by one and conclude."""
    form = AcceptanceForm(obj=acceptance)
    contract_page = url_for("contracts.show", contract_id=acceptance.contract_id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if acceptance.state is not AcceptanceState.OPEN:
        return redirect(contract_page)
    if not form.is_submitted():
        form.members.data = "\n".join(acceptance.members)
        form.users.data = "\n".join(f"{one['name']}：{one['opinion']}" for one in acceptance.users)
    verdict = request.form.get("verdict")
    if form.validate_on_submit():
        form.check_revision(acceptance)
        try:
            _save(uow, acceptance, form)
            if verdict in ("pass", "fail"):
                conclude_acceptance(uow, acceptance, passed=verdict == "pass")
        except Refused as refused:
            form.refuse(refused)
        else:
            location = contract_page if verdict in ("pass", "fail") else request.path
            form.mark_used(uow, location)
            words = _("已作出验收结论，验收书已生成。") if verdict in ("pass", "fail") else _("已保存验收记录。")
            flash(words, "success")
            return redirect(location)
    page = render_template(
        "procurement/contract/accept.html",
        form=form,
        acceptance=acceptance,
        contract=acceptance.contract,
        suspensions=suspensions(uow, acceptance.contract.tender),
        missing=concluding_refusals(acceptance, passed=True) if not form.is_submitted() else [],
        typed=request.form,
        crumbs=crumbs_of(acceptance.contract, _("履约验收")),
    )
    return page, 422 if form.is_submitted() else 200


@performance.post("/acceptances/<uuid:acceptance_id>/publication")
@requires(ContractPermission.BROWSE, load_acceptance, see=ContractPermission.BROWSE)
def publish(uow: UnitOfWork, acceptance: Acceptance) -> ResponseReturnValue:
    """Publish the result of an acceptance on the contract's public page."""
    location = url_for("contracts.show", contract_id=acceptance.contract_id)
    return _pressed(uow, lambda: publish_acceptance(uow, acceptance), location, lambda: _("验收结果已公告。"))


def _verdict() -> tuple[bool, str]:
    """Return what a pair of buttons said, and the reason typed beside them."""
    return request.form.get("verdict") == "yes", (request.form.get("reason") or "").strip()


def _pressed(
    uow: UnitOfWork, deed: Callable[[], object], location: str, said: Callable[[], str]
) -> ResponseReturnValue:
    """Do the deed of a button, once; what is refused is said on a page of its own."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    deed()
    form.mark_used(uow, location)
    flash(said(), "success")
    return redirect(location)


def _fill_replacement(form: ReplacementForm, award: Award, case: Case) -> None:
    """Fill in what an upheld challenge or complaint of the same purchase ordered."""
    if case.tender_id == award.tender_id:
        form.ground.data, form.reason.data = DepartureGround.REMEDY.value, reason_of(case)
        form.then.data = "next" if case.measure is Measure.OTHER_WINNER else "anew"


def _save(uow: UnitOfWork, acceptance: Acceptance, form: AcceptanceForm) -> None:
    verdicts = {"met": True, "unmet": False}
    save_acceptance(
        uow,
        acceptance,
        held_on=form.held_on.data,
        members=form.text("members").splitlines(),
        users=form.people(),
        findings={
            item.id: (
                verdicts.get(request.form.get(f"met-{item.id}") or ""),
                (request.form.get(f"finding-{item.id}") or "")[:1000],
            )
            for item in acceptance.items
        },
        conclusion=form.text("conclusion"),
    )


def _payments_page(uow: UnitOfWork, contract: Contract, form: PaymentForm | None) -> str:
    rows: list[dict[str, Any]] = [
        {
            "payment": one,
            "until": pay_by(uow, one),
            "late": one.state is not PaymentState.REJECTED and is_late(uow, one),
            "may_decide": one.state is PaymentState.REQUESTED
            and policy.allows(uow.actor, ContractPermission.APPROVE_PAYMENT, one),
            "may_pay": one.state is PaymentState.APPROVED and policy.allows(uow.actor, ContractPermission.PAY, one),
        }
        for one in contract.payments
    ]
    return render_template(
        "procurement/contract/payments.html",
        contract=contract,
        form=form if form is not None and form.instalment.choices else None,
        rows=rows,
        paid=paid(contract),
        left={one.id: left_of(contract, one) for one in contract.instalments},
        suspensions=suspensions(uow, contract.tender),
        decision=Form(formdata=None),
        today=uow.today,
        crumbs=crumbs_of(contract, _("付款")),
    )


def _typed_day(name: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(request.form.get(name) or "")
    except ValueError as error:
        raise Refused(Refusal(_("请填写日期"), field=name)) from error
