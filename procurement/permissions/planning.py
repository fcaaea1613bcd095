"""Who may plan, review a requirement, publish an intention, set levels (R-SEC-01, R-SEC-02, R-TENDER-19)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import Permission, Predicate, predicate, role
from procurement.models import Plan, Tender
from procurement.permissions.agents import officer_for, own_officer, own_side, purchaser
from procurement.states import AgentStep, PlanState


class PlanPermission(Permission):
    """What one may do with a year's procurement plan."""

    BROWSE = "plan:browse", _l("查看采购计划列表")
    READ = "plan:read", _l("查看采购计划")
    EDIT = "plan:edit", _l("编制采购计划")
    APPROVE = "plan:approve", _l("审批采购计划")
    ADJUST = "plan:adjust", _l("调整采购计划")


class PreparationPermission(Permission):
    """What one may do before a tender goes out: why it is made so, the intention, survey and review of the need."""

    READ = "preparation:read", _l("查看采购准备")
    EDIT = "preparation:edit", _l("填写采购准备和需求调查")
    REVIEW = "preparation:review", _l("审查采购需求")
    PUBLISH_INTENTION = "intention:publish", _l("公开采购意向")


class ApprovalPermission(Permission):
    """Levels of approval and substitutes."""

    READ = "approval:read", _l("查看审批权限")
    ADMINISTER = "approval:administer", _l("设定审批级别和代理人")


@dataclass(frozen=True)
class Requirement:
    """A tender's requirement with everybody who helped to write it: what `PreparationPermission` is asked about."""

    tender: Tender
    authors: frozenset[uuid.UUID]

    @property
    def id(self) -> uuid.UUID:
        """The tender's id."""
        return self.tender.id


@predicate(_l("不是计划的编制人或者提交人（编制与审批须由不同的人办理）"))
def not_planner(actor: Actor, plan: Plan) -> bool:
    """Somebody else drew the plan up and submitted it (R-SEC-02)."""
    return actor.user_id not in (plan.drafted_by_id, plan.submitted_by_id)


@predicate(_l("须未参与编制采购需求（参与编制需求的人员不得参与审查）"))
def not_author(actor: Actor, requirement: Requirement) -> bool:
    """The actor did not help to write the requirement (R-TENDER-19)."""
    return actor.user_id is not None and actor.user_id not in requirement.authors


@predicate(_l("计划已经批准过"))
def was_approved(_actor: Actor, plan: Plan) -> bool:
    """The plan was approved at least once."""
    return plan.edition > 0 and plan.state is PlanState.APPROVED


@predicate(_l("采购公告已发布"))
def notice_is_out(_actor: Actor, requirement: Requirement) -> bool:
    """The purchase is public, so that those who watch may see how it was prepared."""
    return requirement.tender.published_at is not None


preparer = officer_for(AgentStep.DOCUMENTS)
approver: Predicate = role(Role.PROCUREMENT_APPROVER)
reviewer: Predicate = role(Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.QUALITY_OFFICER)
administrator: Predicate = role(Role.ADMINISTRATOR)
watchers: Predicate = role(Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)

PLANNING_POLICY = {
    PlanPermission.BROWSE: ((own_side,), (watchers,)),
    PlanPermission.READ: ((own_side,), (was_approved, watchers)),
    PlanPermission.EDIT: ((own_officer,),),
    PlanPermission.APPROVE: ((approver, not_planner),),
    PlanPermission.ADJUST: ((own_officer,),),
    PreparationPermission.READ: ((purchaser,), (role(Role.QUALITY_OFFICER),), (notice_is_out, watchers)),
    PreparationPermission.EDIT: ((preparer,),),
    PreparationPermission.REVIEW: ((reviewer, not_author),),
    PreparationPermission.PUBLISH_INTENTION: ((preparer,),),
    ApprovalPermission.READ: ((own_side,), (role(Role.ADMINISTRATOR, Role.PROCUREMENT_SUPERVISOR),)),
    ApprovalPermission.ADMINISTER: ((administrator,),),
}
