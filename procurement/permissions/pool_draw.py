"""Who plans and holds a committee's draw from the bureau's own pool, and who answers its invitations (R-POOL-01)."""

from __future__ import annotations

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, anyone, predicate, role, system
from procurement.models import CommitteeCall, CommitteeInvitee
from procurement.permissions.agents import officer_for, purchaser
from procurement.states import AgentStep, InviteeState, TenderState


class PoolDrawPermission(Permission):
    """What one may do with a draw from the bureau's own pool."""

    PLAN = "committee-call:plan", _l("抽取评审专家（本局专家库）")
    ATTEND = "committee-call:attend", _l("参加评审专家抽取")
    SEE_NAMES = "committee-call:see-names", _l("查看抽中的评审专家")
    READ_RECORD = "committee-call:read-record", _l("下载评审专家抽取的公开记录")
    ADVANCE = "committee-call:advance", _l("推进评审专家抽取")
    READ_INVITATION = "committee-invitee:read", _l("查看本人的评标邀请")
    ANSWER = "committee-invitee:answer", _l("答复评标邀请")
    REPLACE = "committee-invitee:replace", _l("递补评审专家")


@predicate(_l("是受邀的专家本人"))
def is_invited(actor: Actor, invitee: CommitteeInvitee) -> bool:
    """The invitation is the actor's own; a reserve does not know of it."""
    return invitee.state is not InviteeState.RESERVE and invitee.expert.user_id == actor.user_id


@predicate(_l("结果已经公告"))
def result_is_out(_actor: Actor, call: CommitteeCall) -> bool:
    """The purchase was awarded, so that the committee is public (R-COMM-12)."""
    return call.tender.state is TenderState.AWARDED


organiser = officer_for(AgentStep.EVALUATION)
witness = role(Role.OBSERVER, Role.PROCUREMENT_APPROVER)

POOL_DRAW_POLICY = {
    PoolDrawPermission.PLAN: ((organiser,),),
    PoolDrawPermission.ATTEND: ((organiser,), (witness,)),
    PoolDrawPermission.SEE_NAMES: ((purchaser,),),
    PoolDrawPermission.READ_RECORD: ((organiser,), (witness,), (result_is_out, anyone)),
    PoolDrawPermission.ADVANCE: ((system,),),
    PoolDrawPermission.READ_INVITATION: ((is_invited,),),
    PoolDrawPermission.ANSWER: ((is_invited,),),
    PoolDrawPermission.REPLACE: ((organiser,), (system,)),
}
