"""Who plans, changes, consents to and follows an engagement; supervision only looks (R-SEC-01)."""

from __future__ import annotations

from agencies.models import EngagementRequest, EvaluationPlan
from agencies.permissions import library
from agencies.permissions.library import bureau, of_its_agency, of_its_unit, quality, watchers
from core.i18n import _l
from core.identity.actor import Actor
from core.permissions import Permission, PolicyMap, predicate, system


class PlanPermission(Permission):
    """What one may do with an evaluation plan."""

    READ = "evaluation-plan:read", _l("查看评价方案")
    WRITE = "evaluation-plan:write", _l("编制评价方案")
    APPROVE = "evaluation-plan:approve", _l("审核评价方案")
    PASS = "evaluation-plan:pass", _l("随指标评审通过评价方案")


class FollowingPermission(Permission):
    """What one may do on the way from the plan to the archive."""

    WORK = "engagement:work", _l("记录评价工作的进展")
    ASK = "engagement-request:ask", _l("就评价委托向财政局申请")
    READ_REQUEST = "engagement-request:read", _l("查看机构的申请")
    WITHDRAW = "engagement-request:withdraw", _l("撤回自己的申请")
    DECIDE = "engagement-request:decide", _l("答复机构的申请")
    OVERSEE = "engagement:oversee", _l("查看全部评价委托的进度")


@predicate(_l("是编制方案的机构的人员"))
def of_the_planning_agency(actor: Actor, plan: EvaluationPlan) -> bool:
    """The actor works for the agency whose plan it is."""
    return library.of_its_agency.holds(actor, plan.engagement)


@predicate(_l("是被评价项目的单位"))
def of_the_planned_unit(actor: Actor, plan: EvaluationPlan) -> bool:
    """The actor works for the unit whose project the plan is about."""
    return library.of_its_unit.holds(actor, plan.engagement)


@predicate(_l("是提出申请的机构的人员"))
def of_the_asking_agency(actor: Actor, request: EngagementRequest) -> bool:
    """The actor works for the agency that asked."""
    return library.of_its_agency.holds(actor, request.engagement)


FOLLOWING_POLICY: PolicyMap = {
    PlanPermission.READ: ((bureau,), (watchers,), (of_the_planning_agency,), (of_the_planned_unit,)),
    PlanPermission.WRITE: ((of_the_planning_agency,),),
    PlanPermission.APPROVE: ((quality,),),
    PlanPermission.PASS: ((system,),),
    FollowingPermission.WORK: ((of_its_agency,),),
    FollowingPermission.ASK: ((of_its_agency,),),
    FollowingPermission.READ_REQUEST: ((bureau,), (watchers,), (of_its_agency,), (of_its_unit,)),
    FollowingPermission.WITHDRAW: ((of_the_asking_agency,),),
    FollowingPermission.DECIDE: ((quality,),),
    FollowingPermission.OVERSEE: ((bureau,), (watchers,)),
}
