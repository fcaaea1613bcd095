"""Who may do what with framework agreements and call-offs; who proposes never confirms (R-SEC-02, R-FRAME-01…03)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, anyone, predicate, system
from procurement.methods import CALL_OFFS
from procurement.models import CallOff, Framework, FrameworkMember, Tender
from procurement.permissions.agents import own_officer, own_side, purchaser
from procurement.permissions.tenders import BIDDER_SIDE, approver, bidder, not_drafter, watchers
from procurement.states import TenderState

BEFORE = (TenderState.DRAFT, TenderState.IN_APPROVAL)


class FrameworkPermission(Permission):
    """What one may do from the admission of suppliers to the last call-off."""

    BROWSE = "framework:browse", _l("查看框架协议列表")
    READ = "framework:read", _l("查看框架协议")
    READ_PUBLIC = "framework:read-public", _l("查看公开的入围信息和成交结果")
    BROWSE_OWN = "framework:browse-own", _l("查看本单位入围的框架协议")
    KEEP = "framework:keep", _l("登记框架协议的签订、备案和告知")
    START = "framework:start", _l("框架协议生效")
    CALL = "framework:call", _l("发起补充征集和第二阶段采购")
    END = "framework:end", _l("期满后汇总成交结果并结束")
    REMOVE = "framework-member:remove", _l("清退入围供应商")
    READ_CALL_OFF = "call-off:read", _l("查看第二阶段采购")
    PREPARE = "call-off:prepare", _l("办理第二阶段采购")
    ANSWER = "call-off:answer", _l("答复轮候授予")
    CONFIRM = "call-off:confirm", _l("确认第二阶段成交供应商")


@predicate(_l("是入围供应商"))
def is_admitted(actor: Actor, framework: Framework) -> bool:
    """The actor works for a supplier that was admitted."""
    own = set(actor.organisations_as(*BIDDER_SIDE))
    return any(one.supplier_id in own for one in framework.members)


@predicate(_l("入围结果已经公告"))
def is_known(_actor: Actor, framework: Framework) -> bool:
    """The admission was published with the result; from then on its call, members and prices are for everybody."""
    return framework.tender.awarded_at is not None


@predicate(_l("是框架协议的第二阶段采购"))
def is_call_off(_actor: Actor, tender: Tender) -> bool:
    """The purchase is called off from a framework."""
    return tender.method in CALL_OFFS


@predicate(_l("已经离开起草状态"))
def has_begun(_actor: Actor, call_off: CallOff) -> bool:
    """A supplier was asked or proposed."""
    return call_off.tender.state not in BEFORE


@predicate(_l("是轮到或者选定的供应商"))
def is_its_supplier(actor: Actor, call_off: CallOff) -> bool:
    """The actor works for the supplier whose turn it is, or that was chosen."""
    if call_off.member is None or call_off.tender.state in BEFORE:
        return False
    return call_off.member.supplier_id in actor.organisations_as(*BIDDER_SIDE)


@predicate(_l("没有经办本框架协议的征集（经办与清退须由不同的人办理）"))
def did_not_call(actor: Actor, member: FrameworkMember) -> bool:
    """Somebody else drafted the framework's call (R-SEC-02)."""
    return member.framework.tender.drafted_by_id != actor.user_id


FRAMEWORK_POLICY = {
    FrameworkPermission.BROWSE: ((own_side,), (watchers,)),
    FrameworkPermission.READ: ((purchaser,), (watchers,), (is_admitted, bidder)),
    FrameworkPermission.READ_PUBLIC: ((is_known, anyone),),
    FrameworkPermission.BROWSE_OWN: ((bidder,),),
    FrameworkPermission.KEEP: ((own_officer,),),
    FrameworkPermission.START: ((system,),),
    FrameworkPermission.CALL: ((own_officer,),),
    FrameworkPermission.END: ((own_officer,), (approver,)),
    FrameworkPermission.REMOVE: ((approver, did_not_call),),
    FrameworkPermission.READ_CALL_OFF: ((purchaser,), (has_begun, watchers), (is_its_supplier,)),
    FrameworkPermission.PREPARE: ((is_call_off, own_officer),),
    FrameworkPermission.ANSWER: ((is_its_supplier,),),
    FrameworkPermission.CONFIRM: ((is_call_off, approver, not_drafter),),
}
