"""The state machines of a contract, its supplements, its acceptance and its payments."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.contract_basis import departures_of
from procurement.models import Acceptance, Contract, Payment, Supplement
from procurement.permissions.contracts import ContractPermission
from procurement.states import AcceptanceState, ContractState, PaymentState, SupplementState
from procurement.suspensions import contract_not_suspended

P = ContractPermission
C = ContractState


def is_complete(_uow: UnitOfWork, contract: Contract) -> Refusal | None:
    """The instalments add up to the price, and there are standards to accept by (R-CONTRACT-02)."""
    if sum(one.amount for one in contract.instalments) != contract.amount:
        return Refusal(_l("各期付款之和不等于合同金额"))
    if not contract.standards:
        return Refusal(_l("合同没有列明服务标准，无法逐项验收"), rule_id="R-CONTRACT-02")
    return None


def is_not_suspended(uow: UnitOfWork, contract: Contract) -> Refusal | None:
    """No open case that may affect the result: none is signed and none performed while there is one (R-SUSP-01)."""
    return contract_not_suspended(uow, contract.tender)


def award_stands(_uow: UnitOfWork, contract: Contract) -> Refusal | None:
    """The award it rests on was not replaced."""
    if contract.award.superseded_at is None:
        return None
    return Refusal(_l("中标人已放弃，合同不能再签订"), rule_id="R-AWARD-01")


def keeps_to_the_bid(_uow: UnitOfWork, contract: Contract) -> Refusal | None:
    """Nothing the tender and the bid have decided was changed in substance (R-CONTRACT-01, 法 46)."""
    departed = departures_of(contract)
    if not departed:
        return None
    words = _l("合同与采购文件和投标文件有实质性差异：%(clauses)s", clauses="、".join(departed))
    return Refusal(words, rule_id="R-CONTRACT-01")


def is_published_for_the_public(_uow: UnitOfWork, contract: Contract) -> Refusal | None:
    """The acceptance of a public service was published (R-CONTRACT-02)."""
    if contract.is_public_service and not any(one.published_at for one in contract.acceptances):
        return Refusal(_l("公共服务项目的验收结果尚未公告"), rule_id="R-CONTRACT-02")
    return None


def is_all_paid(_uow: UnitOfWork, contract: Contract) -> Refusal | None:
    """Every instalment and supplement is paid."""
    paid = sum(one.amount for one in contract.payments if one.state is PaymentState.PAID)
    if paid < contract.worth:
        return Refusal(_l("合同款尚未全部支付"))
    return None


def is_filed(_uow: UnitOfWork, contract: Contract) -> Refusal | None:
    """It was published and its copy filed (R-CONTRACT-01)."""
    if contract.published_at is None or contract.filed_on is None:
        return Refusal(_l("合同尚未公告或者备案"), rule_id="R-CONTRACT-01")
    return None


def bond_is_back(_uow: UnitOfWork, contract: Contract) -> Refusal | None:
    """A performance bond that was paid in was paid back (R-TENDER-09)."""
    if contract.bond_received_on is not None and contract.bond_returned_on is None:
        return Refusal(_l("履约保证金尚未退还"), rule_id="R-TENDER-09")
    return None


def its_performance_is_suspended(uow: UnitOfWork, row: Acceptance | Payment | Supplement) -> Refusal | None:
    """The same for what hangs on a contract (R-SUSP-01)."""
    return is_not_suspended(uow, row.contract)


CONTRACT: Workflow[Contract] = Workflow(
    noun="contract",
    title=_l("采购合同"),
    initial=C.DRAFT,
    transitions=(
        Transition(
            "submit",
            frozenset({C.DRAFT}),
            C.IN_REVIEW,
            P.EDIT,
            _l("提交复核"),
            guards=(award_stands, is_complete, keeps_to_the_bid),
            primary=True,
        ),
        Transition(
            "send_back", frozenset({C.IN_REVIEW, C.READY}), C.DRAFT, P.REVIEW, _l("退回修改"), needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "approve", frozenset({C.IN_REVIEW}), C.READY, P.REVIEW, _l("复核通过"),
            guards=(award_stands, is_complete, keeps_to_the_bid), stamp="reviewed_at", primary=True, is_manual=False,
        ),
        Transition(
            "sign", frozenset({C.READY}), C.SIGNED, P.SIGN, _l("登记签订"),
            guards=(award_stands, is_not_suspended), primary=True, is_manual=False,
        ),
        Transition(
            "accept", frozenset({C.SIGNED}), C.ACCEPTED, P.RECORD_ACCEPTANCE, _l("验收合格"),
            guards=(is_not_suspended,), stamp="accepted_at", is_manual=False,
        ),
        Transition(
            "close", frozenset({C.ACCEPTED}), C.COMPLETED, P.CLOSE, _l("办结合同"),
            guards=(is_filed, is_published_for_the_public, is_all_paid, bond_is_back), stamp="ended_at", primary=True,
        ),
        Transition(
            "refuse", frozenset({C.DRAFT, C.IN_REVIEW, C.READY}), C.REFUSED, P.REPLACE, _l("中标人放弃"),
            needs_reason=True, stamp="ended_at", is_manual=False,
        ),
        Transition(
            "terminate", frozenset({C.SIGNED}), C.TERMINATED, P.TERMINATE, _l("解除合同"),
            needs_reason=True, stamp="ended_at", is_manual=False,
        ),
    ),
)  # fmt: skip

SUPPLEMENT: Workflow[Supplement] = Workflow(
    noun="contract_supplement",
    title=_l("补充或者变更合同"),
    initial=SupplementState.PROPOSED,
    transitions=(
        Transition(
            "approve", frozenset({SupplementState.PROPOSED}), SupplementState.APPROVED, P.DECIDE_SUPPLEMENT,
            _l("同意"), guards=(its_performance_is_suspended,), stamp="decided_at", is_manual=False,
        ),
        Transition(
            "reject", frozenset({SupplementState.PROPOSED}), SupplementState.REJECTED, P.DECIDE_SUPPLEMENT,
            _l("不同意"), needs_reason=True, stamp="decided_at", is_manual=False,
        ),
    ),
)  # fmt: skip

ACCEPTANCE: Workflow[Acceptance] = Workflow(
    noun="acceptance",
    title=_l("履约验收"),
    initial=AcceptanceState.OPEN,
    transitions=(
        Transition(
            "pass", frozenset({AcceptanceState.OPEN}), AcceptanceState.PASSED, P.CONCLUDE, _l("验收合格"),
            guards=(its_performance_is_suspended,), stamp="concluded_at", is_manual=False,
        ),
        Transition(
            "fail", frozenset({AcceptanceState.OPEN}), AcceptanceState.FAILED, P.CONCLUDE, _l("验收不合格"),
            stamp="concluded_at", is_manual=False,
        ),
    ),
)  # fmt: skip

PAYMENT: Workflow[Payment] = Workflow(
    noun="payment",
    title=_l("合同款支付"),
    initial=PaymentState.REQUESTED,
    transitions=(
        Transition(
            "approve", frozenset({PaymentState.REQUESTED}), PaymentState.APPROVED, P.APPROVE_PAYMENT, _l("同意支付"),
            guards=(its_performance_is_suspended,), stamp="decided_at", is_manual=False,
        ),
        Transition(
            "reject", frozenset({PaymentState.REQUESTED}), PaymentState.REJECTED, P.APPROVE_PAYMENT, _l("退回申请"),
            needs_reason=True, stamp="decided_at", is_manual=False,
        ),
        Transition(
            "pay", frozenset({PaymentState.APPROVED}), PaymentState.PAID, P.PAY, _l("登记支付"),
            guards=(its_performance_is_suspended,), is_manual=False,
        ),
    ),
)  # fmt: skip
