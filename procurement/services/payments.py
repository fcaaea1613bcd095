"""Payments: asked for by one, approved by another, never above the contract (R-SEC-02, R-CONTRACT-03)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from core.deadlines import DerivedDeadline, derive
from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.contracting.amounts import left_to_pay
from procurement.models import Contract, Instalment, Payment
from procurement.permissions import ContractPermission
from procurement.queries.award_procedure import at_noon
from procurement.queries.contracts import asked_for
from procurement.services.contracts import ensure
from procurement.states import ContractState
from procurement.workflow import PAYMENT

PAYABLE = (ContractState.SIGNED, ContractState.ACCEPTED, ContractState.TERMINATED)


def left_of(contract: Contract, instalment: Instalment) -> Decimal:
    """Return what may still be asked for on an instalment; supplements are paid with the last one."""
    most = instalment.amount
    if instalment == contract.instalments[-1]:
        most += sum(contract.agreed, Decimal(0))
    asked = asked_for([one for one in contract.payments if one.instalment_id == instalment.id])
    whole = left_to_pay(contract.amount, contract.agreed, asked_for(contract.payments))
    return max(min(most - sum(asked, Decimal(0)), whole), Decimal(0))


def request_payment(
    uow: UnitOfWork,
    contract: Contract,
    instalment: Instalment,
    *,
    amount: Decimal,
    invoice_number: str,
    invoice_on: date,
) -> Payment:
    """Ask for a payment; the last instalment comes after acceptance, and all of them stay within the contract."""
    ensure(uow, ContractPermission.REQUEST_PAYMENT, contract)
    uow.lock(contract)
    uow.session.expire(contract, ["payments", "supplements"])
    refusals = []
    if contract.state not in PAYABLE:
        refusals.append(Refusal(_l("合同签订后才能申请付款")))
    if instalment.contract_id != contract.id:
        refusals.append(Refusal(_l("请选择本合同的付款期"), field="instalment"))
    elif amount > (most := left_of(contract, instalment)):
        words = _l("本期最多还可申请%(most)s元，付款合计不得超过合同金额", most=f"{most:,.2f}")
        refusals.append(Refusal(words, field="amount"))
    if amount <= 0:
        refusals.append(Refusal(_l("请填写大于零的金额"), field="amount"))
    last = contract.instalments[-1] == instalment
    if last and contract.state is ContractState.SIGNED:
        refusals.append(Refusal(_l("末期款须验收合格后申请"), rule_id="R-CONTRACT-02", field="instalment"))
    if not invoice_number.strip():
        refusals.append(Refusal(_l("请填写发票号码"), field="invoice_number"))
    if invoice_on > uow.today or (contract.signed_on and invoice_on < contract.signed_on):
        refusals.append(Refusal(_l("收到发票的日期应在合同签订之后，且不晚于今天"), field="invoice_on"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        Payment(
            contract_id=contract.id,
            instalment_id=instalment.id,
            amount=amount,
            invoice_number=invoice_number.strip(),
            invoice_on=invoice_on,
            requested_by_id=uow.actor.user_id,
            requested_at=uow.now,
            decided_by_id=None,
            decided_at=None,
            paid_on=None,
        )
    )
    uow.session.flush()
    uow.session.expire(contract, ["payments"])
    uow.record("payment.request", row, after={"amount": str(amount), "invoice": row.invoice_number})
    return row


def decide_payment(uow: UnitOfWork, payment: Payment, *, approved: bool, reason: str = "") -> None:
    """Approve the payment or send it back, as somebody who neither asked, drafted nor accepted (R-SEC-02)."""
    uow.lock(payment.contract)
    PAYMENT.fire(
        uow,
        payment,
        "approve" if approved else "reject",
        reason=reason or None,
        assign={"decided_by_id": uow.actor.user_id},
    )
    uow.session.flush()
    uow.session.expire(payment.contract, ["payments"])


def note_paid(uow: UnitOfWork, payment: Payment, paid_on: date, voucher: str) -> None:
    """Note that the treasury paid."""
    refusals = []
    if paid_on > uow.today or paid_on < payment.invoice_on:
        refusals.append(Refusal(_l("支付日期应在收到发票之后，且不晚于今天"), field="paid_on"))
    if not voucher.strip():
        refusals.append(Refusal(_l("请填写支付凭证号"), field="voucher"))
    if refusals:
        raise Refused(*refusals)
    PAYMENT.fire(uow, payment, "pay", assign={"paid_on": paid_on, "voucher": voucher.strip()})


def pay_by(uow: UnitOfWork, payment: Payment) -> DerivedDeadline:
    """Return the last day to pay an invoice (R-CONTRACT-03, not confirmed: it only warns)."""
    return derive("R-CONTRACT-03", payment.invoice_on, work_calendar(uow), uow.house.rules, name="pay_days")


def is_late(uow: UnitOfWork, payment: Payment) -> bool:
    """Say whether it is, or was, paid after the last day."""
    until: datetime = at_noon(payment.paid_on) or uow.now
    return pay_by(uow, payment).passed(until)
