"""Who may change how an agency stands in the library: one proposes or applies, another decides (R-AGENCY.standing)."""

from __future__ import annotations

from agencies.models import Agency, Coaching, StandingDecision
from agencies.permissions.library import bureau, of_this_agency, quality, watchers
from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, PolicyMap, anyone, predicate


class StandingPermission(Permission):
    """What one may do with standing and coaching."""

    READ = "standing:read", _l("查看机构的在库状态")
    PROPOSE = "standing:propose", _l("提出暂停、移出或者恢复")
    ASK = "standing:ask", _l("申请退出或者恢复在库")
    READ_DECISION = "standing:read-decision", _l("查看在库状态的决定")
    DECIDE = "standing:decide", _l("确认在库状态的决定")
    REVOKE = "standing:revoke", _l("撤销在库状态的决定")
    BROWSE = "standing:browse", _l("查看在库状态决定列表")
    BROWSE_COACHING = "coaching:browse", _l("查看辅导名单")
    READ_COACHING = "coaching:read", _l("查看辅导记录")
    COACH = "coaching:keep", _l("安排和记录辅导")


@predicate(_l("是本机构负责人"))
def heads_this_agency(actor: Actor, agency: Agency) -> bool:
    """The actor answers for this agency."""
    return agency.organisation_id in actor.organisations_as(Role.AGENCY_MANAGER)


@predicate(_l("是所涉机构的人员"))
def of_decided_agency(actor: Actor, decision: StandingDecision) -> bool:
    """The actor works for the agency that the decision is about."""
    return of_this_agency.holds(actor, decision.agency)


@predicate(_l("不是提出人"))
def not_proposer(actor: Actor, decision: StandingDecision) -> bool:
    """The actor is not who proposed or supported the decision."""
    return actor.user_id is not None and actor.user_id != decision.proposed_by_id


@predicate(_l("不是确认人"))
def not_decider(actor: Actor, decision: StandingDecision) -> bool:
    """The actor is not who decided."""
    return actor.user_id is not None and actor.user_id != decision.decided_by_id


@predicate(_l("是受辅导机构的人员"))
def of_coached_agency(actor: Actor, coaching: Coaching) -> bool:
    """The actor works for the agency that is coached."""
    return of_this_agency.holds(actor, coaching.agency)


P = StandingPermission

STANDING_POLICY: PolicyMap = {
    P.READ: ((anyone,),),
    P.PROPOSE: ((quality,),),
    P.ASK: ((heads_this_agency,),),
    P.READ_DECISION: ((bureau,), (watchers,), (of_decided_agency,)),
    P.DECIDE: ((quality, not_proposer),),
    P.REVOKE: ((quality, not_decider),),
    P.BROWSE: ((bureau,), (watchers,)),
    P.BROWSE_COACHING: ((bureau,), (watchers,)),
    P.READ_COACHING: ((bureau,), (watchers,), (of_coached_agency,)),
    P.COACH: ((quality,),),
}
