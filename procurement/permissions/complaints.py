"""Who may read and move a complaint: procurement supervision decides, buyers learn of it with their copy (R-SEC-01)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, anyone, predicate, role
from procurement.models import Challenge, Complaint
from procurement.permissions.agents import PURCHASER_SIDE
from procurement.permissions.remedies import name_is_safe
from procurement.permissions.tenders import BIDDER_SIDE
from procurement.states import ComplaintState


class ComplaintPermission(Permission):
    """What one may do with complaints."""

    FILE = "complaint:file", _l("提起投诉")
    BROWSE = "complaint:browse", _l("查看投诉列表")
    READ = "complaint:read", _l("查看投诉案卷")
    READ_INSIDE = "complaint:read-inside", _l("查看投诉处理的内部记录")
    HANDLE = "complaint:handle", _l("审查、调查和决定投诉")
    SUPPLEMENT = "complaint:supplement", _l("补正投诉材料")
    KNOW_WHO = "complaint:know-who", _l("查看投诉人名称和证据")
    STATE = "complaint:state", _l("就投诉提交说明")
    CARRY_OUT = "complaint:carry-out", _l("执行投诉处理决定并报告")
    WITHDRAW = "complaint:withdraw", _l("撤回投诉")
    READ_DECISION = "complaint:read-decision", _l("查看投诉处理决定公告")


@predicate(_l("是质疑供应商本单位"))
def was_challenger(actor: Actor, challenge: Challenge) -> bool:
    """The actor works for the supplier that challenged."""
    return challenge.organisation_id in actor.organisations_as(*BIDDER_SIDE)


@predicate(_l("是投诉人本单位"))
def is_complainant(actor: Actor, complaint: Complaint) -> bool:
    """The actor works for the complainant."""
    return complaint.organisation_id in actor.organisations_as(*BIDDER_SIDE)


@predicate(_l("已收到投诉书副本的当事人"))
def is_served(actor: Actor, complaint: Complaint) -> bool:
    """A copy was sent to the actor's side; before that buyers do not know of the file (R-SEC-01, R-REMEDY-03)."""
    buying, bidding = actor.organisations_as(*PURCHASER_SIDE), actor.organisations_as(*BIDDER_SIDE)
    return any(one.organisation_id in (buying if one.is_purchaser else bidding) for one in complaint.parties)


@predicate(_l("投诉已作出处理决定"))
def is_decided(_actor: Actor, complaint: Complaint) -> bool:
    """The decision stands, so that it is public."""
    return complaint.state in (ComplaintState.UPHELD, ComplaintState.DISMISSED)


@predicate(_l("已经开标（开标前不显示投诉人名称）"))
def is_after_opening(_actor: Actor, complaint: Complaint) -> bool:
    """The complainant's name no longer tells who may bid (R-SEC-03)."""
    return name_is_safe(complaint.tender)


@predicate(_l("是收到副本的采购人的经办人"))
def buys_and_is_served(actor: Actor, complaint: Complaint) -> bool:
    """The actor is the officer of the purchaser that was sent the copy."""
    buying = actor.organisations_as(Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER)
    return any(one.is_purchaser and one.organisation_id in buying for one in complaint.parties)


supervisor = role(Role.PROCUREMENT_SUPERVISOR)
supplier = role(*BIDDER_SIDE)

COMPLAINT_POLICY = {
    ComplaintPermission.FILE: ((was_challenger,),),
    ComplaintPermission.BROWSE: ((supervisor,), (supplier,), (role(*PURCHASER_SIDE),)),
    ComplaintPermission.READ: ((supervisor,), (is_complainant,), (is_served,)),
    ComplaintPermission.READ_INSIDE: ((supervisor,),),
    ComplaintPermission.KNOW_WHO: ((supervisor,), (is_complainant,), (is_after_opening, is_served)),
    ComplaintPermission.HANDLE: ((supervisor,),),
    ComplaintPermission.SUPPLEMENT: ((is_complainant,),),
    ComplaintPermission.STATE: ((is_served,),),
    ComplaintPermission.CARRY_OUT: ((buys_and_is_served,),),
    ComplaintPermission.WITHDRAW: ((is_complainant,),),
    ComplaintPermission.READ_DECISION: ((is_decided, anyone),),
}
