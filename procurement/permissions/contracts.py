"""Who may do what with contracts, acceptances, payments and the archive; duties kept apart (R-SEC-01, R-SEC-02).

Who drafts a contract does not check it; who bought does not accept; who accepted or asked does not approve a payment.
"""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, anyone, predicate, role, system
from procurement.models import Acceptance, Contract, Payment, Supplement, Tender
from procurement.permissions.agents import officer_for, own_officer, purchaser
from procurement.permissions.remedies import name_is_safe
from procurement.permissions.tenders import BIDDER_SIDE
from procurement.states import AcceptanceState, AgentStep, ContractState, TenderState


class ContractPermission(Permission):
    """What one may do from the award to the archive."""

    DELIVER_REPORT = "award:deliver-report", _l("送交评审报告")
    EXPLAIN_DELAY = "award:explain-delay", _l("说明未按期定标的理由")
    NOTE_NOTICE = "award:note-notice", _l("登记结果公告网址")
    READ_DEPOSITS = "award:read-deposits", _l("查看保证金")
    REFUND = "award:refund-deposit", _l("登记退还投标保证金")
    READ_DEADLINES = "award:read-deadlines", _l("查看定标和合同的期限")
    BROWSE = "contract:browse", _l("查看合同列表")
    READ = "contract:read", _l("查看合同")
    READ_PUBLIC = "contract:read-public", _l("查看合同公告")
    DRAFT = "contract:draft", _l("起草合同")
    EDIT = "contract:edit", _l("修改合同草稿")
    REVIEW = "contract:review", _l("复核合同")
    SIGN = "contract:sign", _l("登记合同签订")
    KEEP = "contract:keep", _l("登记合同公告、备案和履约保证金")
    REPLACE = "contract:replace", _l("登记中标人放弃并另定中标人")
    TERMINATE = "contract:terminate", _l("解除合同")
    CLOSE = "contract:close", _l("办结合同")
    SUPPLEMENT = "contract:supplement", _l("提出补充或者变更合同")
    DECIDE_SUPPLEMENT = "contract:decide-supplement", _l("审批补充或者变更合同")
    ACCEPT = "contract:accept", _l("组织履约验收")
    CONCLUDE = "acceptance:conclude", _l("作出验收结论")
    RECORD_ACCEPTANCE = "contract:record-acceptance", _l("按验收结论更新合同")
    REQUEST_PAYMENT = "contract:request-payment", _l("申请支付合同款")
    APPROVE_PAYMENT = "payment:approve", _l("审批支付申请")
    PAY = "payment:pay", _l("登记支付")
    EXPORT = "tender:export-archive", _l("导出采购档案")
    EXPORT_COMPLAINTS = "tender:export-complaints", _l("导出含投诉材料的采购档案")


@predicate(_l("不是合同起草人（起草与复核须由不同的人办理）"))
def not_its_drafter(actor: Actor, contract: Contract) -> bool:
    """Somebody else drafted it (R-SEC-02)."""
    return contract.drafted_by_id != actor.user_id


@predicate(_l("没有经办本次采购和合同（采购与验收须由不同的人办理）"))
def did_not_buy(actor: Actor, contract: Contract) -> bool:
    """The actor neither drafted or approved the tender nor drafted, checked or signed the contract (R-SEC-02)."""
    tender = contract.tender
    buyers = {
        tender.drafted_by_id,
        tender.approved_by_id,
        contract.drafted_by_id,
        contract.reviewed_by_id,
        contract.signed_by_id,
    }
    return actor.user_id not in buyers


@predicate(_l("是主持本次验收的人"))
def leads_it(actor: Actor, acceptance: Acceptance) -> bool:
    """The actor leads this acceptance."""
    return acceptance.led_by_id == actor.user_id


@predicate(_l("没有申请本次支付，也没有起草合同（申请与审批须由不同的人办理）"))
def did_not_ask(actor: Actor, payment: Payment) -> bool:
    """Somebody else asked for the payment and drafted the contract (R-SEC-02)."""
    return actor.user_id not in (payment.requested_by_id, payment.contract.drafted_by_id)


@predicate(_l("没有参加验收（验收与付款审批须由不同的人办理）"))
def did_not_accept(actor: Actor, payment: Payment) -> bool:
    """The actor led no acceptance of this contract (R-SEC-02)."""
    return actor.user_id not in {one.led_by_id for one in payment.contract.acceptances}


@predicate(_l("不是提出人（提出与审批须由不同的人办理）"))
def did_not_propose(actor: Actor, supplement: Supplement) -> bool:
    """Somebody else proposed it (R-SEC-02)."""
    return supplement.proposed_by_id != actor.user_id


@predicate(_l("是合同乙方的人员"))
def is_contractor(actor: Actor, contract: Contract) -> bool:
    """The actor works for the agency that signs; drafts under work are the purchaser's own."""
    own = actor.organisations_as(*BIDDER_SIDE)
    return contract.agency_id in own and contract.state not in (ContractState.DRAFT, ContractState.IN_REVIEW)


@predicate(_l("合同已经公告"))
def is_published(_actor: Actor, contract: Contract) -> bool:
    """The contract was published (R-CONTRACT-01)."""
    return contract.published_at is not None


@predicate(_l("验收结果已经公告"))
def acceptance_is_published(_actor: Actor, acceptance: Acceptance) -> bool:
    """The result of this acceptance was published (R-CONTRACT-02)."""
    return acceptance.published_at is not None and acceptance.state is not AcceptanceState.OPEN


@predicate(_l("采购已经开标"))
def bids_are_open(_actor: Actor, tender: Tender) -> bool:
    """From here on deadlines of the award may run."""
    return tender.evaluated_at is not None


@predicate(_l("采购已经结束"))
def is_over(_actor: Actor, tender: Tender) -> bool:
    """The purchase came to its award, or failed, or was cancelled after its notice."""
    return tender.published_at is not None and tender.state in (
        TenderState.AWARDED,
        TenderState.FAILED,
        TenderState.CANCELLED,
    )


@predicate(_l("已经开启，或者采购已经失败、终止（此前不显示谁交了保证金）"))
def names_are_known(_actor: Actor, tender: Tender) -> bool:
    """Who handed in a deposit no longer tells who may bid (R-SEC-03)."""
    return name_is_safe(tender)


drafter = officer_for(AgentStep.CONTRACT)
approver = role(Role.PROCUREMENT_APPROVER)
quality = role(Role.QUALITY_OFFICER)
watchers = role(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)

CONTRACT_POLICY = {
    ContractPermission.DELIVER_REPORT: ((officer_for(AgentStep.EVALUATION),),),
    ContractPermission.EXPLAIN_DELAY: ((own_officer,), (approver,)),
    ContractPermission.NOTE_NOTICE: ((officer_for(AgentStep.RESULT),),),
    ContractPermission.READ_DEPOSITS: ((names_are_known, purchaser), (names_are_known, watchers)),
    ContractPermission.REFUND: ((names_are_known, officer_for(AgentStep.RESULT)),),
    ContractPermission.READ_DEADLINES: ((bids_are_open, purchaser), (bids_are_open, watchers)),
    ContractPermission.BROWSE: ((purchaser,), (quality,), (watchers,), (role(*BIDDER_SIDE),)),
    ContractPermission.READ: ((purchaser,), (quality,), (watchers,), (is_contractor,)),
    ContractPermission.READ_PUBLIC: ((is_published, anyone),),
    ContractPermission.DRAFT: ((drafter,),),
    ContractPermission.EDIT: ((drafter,),),
    ContractPermission.REVIEW: ((approver, not_its_drafter),),
    ContractPermission.SIGN: ((own_officer,),),
    ContractPermission.KEEP: ((drafter,),),
    ContractPermission.REPLACE: ((own_officer,),),
    ContractPermission.TERMINATE: ((approver,),),
    ContractPermission.CLOSE: ((own_officer,), (approver,)),
    ContractPermission.SUPPLEMENT: ((own_officer,),),
    ContractPermission.DECIDE_SUPPLEMENT: ((approver, did_not_propose),),
    ContractPermission.ACCEPT: ((quality, did_not_buy),),
    ContractPermission.CONCLUDE: ((quality, leads_it),),
    ContractPermission.RECORD_ACCEPTANCE: ((system,),),
    ContractPermission.REQUEST_PAYMENT: ((own_officer,),),
    ContractPermission.APPROVE_PAYMENT: ((approver, did_not_ask, did_not_accept),),
    ContractPermission.PAY: ((own_officer,),),
    ContractPermission.EXPORT_COMPLAINTS: ((is_over, role(Role.PROCUREMENT_SUPERVISOR)),),
    ContractPermission.EXPORT: ((is_over, purchaser), (is_over, role(Role.PROCUREMENT_SUPERVISOR))),
}
