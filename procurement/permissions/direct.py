"""Who may do what in purchases without sealed bids; who proposes never decides (R-SEC-02, R-NEG-03, R-BELOW-01)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, anyone, predicate
from procurement.methods import ASKED_DIRECTLY
from procurement.models import AskedSupplier, DirectPurchase, Tender
from procurement.permissions.agents import officer_for, purchaser
from procurement.permissions.tenders import BIDDER_SIDE, approver, bidder, not_drafter, watchers
from procurement.states import AgentStep, TenderState

BEFORE = (TenderState.DRAFT, TenderState.IN_APPROVAL)


class DirectPermission(Permission):
    """What one may do in below-limit selection and single source."""

    READ = "direct:read", _l("查看限额以下选定和单一来源采购")
    PREPARE = "direct:prepare", _l("准备征询和单一来源采购")
    RECORD = "direct:record", _l("登记供应商的答复")
    PROPOSE = "direct:propose", _l("提出选定意见")
    DECIDE = "direct:decide", _l("确认选定结果")
    BROWSE_REQUESTS = "plan-request:browse", _l("查看收到的征询函")
    REPLY = "plan-request:reply", _l("答复征询函")
    READ_ANNOUNCEMENT = "sole-announcement:read", _l("查看单一来源采购公示")


@predicate(_l("采用不密封投标的采购方式"))
def is_direct(_actor: Actor, tender: Tender) -> bool:
    """The purchase is a below-limit selection or a single source."""
    return tender.method in ASKED_DIRECTLY


@predicate(_l("已发出征询或者已批准"))
def is_running(_actor: Actor, tender: Tender) -> bool:
    """Suppliers were asked, or the single source was approved."""
    return tender.state not in BEFORE


@predicate(_l("是收到征询函的供应商"))
def is_asked(actor: Actor, asked: AskedSupplier) -> bool:
    """The actor works for the supplier that was asked."""
    return asked.asked_at is not None and asked.supplier_id in actor.organisations_as(*BIDDER_SIDE)


@predicate(_l("单一来源采购已经公示"))
def is_announced(_actor: Actor, purchase: DirectPurchase) -> bool:
    """The single source was announced; the announcement stays public."""
    return purchase.announced_on is not None


DIRECT_POLICY = {
    DirectPermission.READ: ((is_direct, purchaser), (is_direct, is_running, watchers)),
    DirectPermission.PREPARE: ((is_direct, officer_for(AgentStep.DOCUMENTS)),),
    DirectPermission.RECORD: ((is_direct, officer_for(AgentStep.EVALUATION)),),
    DirectPermission.PROPOSE: ((is_direct, officer_for(AgentStep.EVALUATION)),),
    DirectPermission.DECIDE: ((is_direct, approver, not_drafter),),
    DirectPermission.BROWSE_REQUESTS: ((bidder,),),
    DirectPermission.REPLY: ((is_asked,),),
    DirectPermission.READ_ANNOUNCEMENT: ((is_announced, anyone),),
}
