"""What is agreed after signing: supplements within their share of the price, alterations with their reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.contracting.amounts import left_for_supplements
from procurement.models import Contract, Supplement
from procurement.permissions import ContractPermission
from procurement.services.contracts import ensure
from procurement.services.outcome_orders import contract_orders
from procurement.states import ContractState, SupplementKind, SupplementState
from procurement.workflow import SUPPLEMENT


def left(uow: UnitOfWork, contract: Contract, *, besides: Supplement | None = None) -> Decimal:
    """Return what supplements may still add (yuan), counting those that wait for approval."""
    taken = [one.amount for one in contract.supplements if one.state is not SupplementState.REJECTED and one != besides]
    most = uow.house.rules.number("R-CONTRACT-01", "supplement_max", on=uow.today)
    return left_for_supplements(contract.amount, taken, most)


def propose_supplement(
    uow: UnitOfWork,
    contract: Contract,
    kind: SupplementKind,
    *,
    amount: Decimal,
    service_until: date | None,
    terms: str,
    reason: str,
) -> Supplement:
    """Propose a supplement or alteration; more than 10 % in all is refused (R-CONTRACT-01)."""
    ensure(uow, ContractPermission.SUPPLEMENT, contract)
    uow.lock(contract)
    uow.session.expire(contract, ["supplements"])
    if kind is SupplementKind.ALTERATION:
        amount = Decimal(0)
    refusals = []
    if contract.state is not ContractState.SIGNED:
        refusals.append(Refusal(_l("只有履行中的合同可以补充或者变更")))
    if kind is SupplementKind.SUPPLEMENT and amount <= 0:
        refusals.append(Refusal(_l("补充合同须有追加的金额"), field="amount"))
    if amount > (most := left(uow, contract)):
        words = _l("补充合同金额合计超过法定上限，最多还可追加%(most)s元", most=f"{most:,.2f}")
        refusals.append(Refusal(words, rule_id="R-CONTRACT-01", field="amount"))
    if service_until is not None and service_until < contract.service_from:
        refusals.append(Refusal(_l("新的届满日不能早于服务开始日"), field="service_until"))
    if not terms.strip():
        refusals.append(Refusal(_l("请写明补充或者变更的内容"), field="terms"))
    if not reason.strip():
        refusals.append(Refusal(_l("请写明理由"), field="reason"))
    refusals += contract_orders([("terms", terms)])
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        Supplement(
            contract_id=contract.id,
            position=len(contract.supplements) + 1,
            kind=kind,
            amount=amount,
            service_until=service_until,
            terms=terms.strip(),
            reason=reason.strip(),
            proposed_by_id=uow.actor.user_id,
            proposed_at=uow.now,
            decided_by_id=None,
            decided_at=None,
        )
    )
    uow.session.flush()
    uow.session.expire(contract, ["supplements"])
    after = {"kind": str(kind), "amount": str(amount)}
    uow.record("contract_supplement.propose", row, after=after, reason=reason.strip())
    return row


def decide_supplement(uow: UnitOfWork, supplement: Supplement, *, agreed: bool, reason: str = "") -> None:
    """Agree or not, as a second person."""
    contract = supplement.contract
    uow.lock(contract)
    if agreed and supplement.amount > left(uow, contract, besides=supplement):
        raise Refused(Refusal(_l("补充合同金额合计超过法定上限"), rule_id="R-CONTRACT-01"))
    SUPPLEMENT.fire(
        uow,
        supplement,
        "approve" if agreed else "reject",
        reason=reason or None,
        assign={"decided_by_id": uow.actor.user_id},
    )
