"""The state machine of a year's procurement plan."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.models import Plan
from procurement.permissions import PlanPermission
from procurement.planning.authority import beyond_authority
from procurement.states import PlanState


def has_items(_uow: UnitOfWork, plan: Plan) -> Refusal | None:
    """There is something to approve."""
    return None if plan.items else Refusal(_l("计划里还没有采购项目"))


def within_authority(uow: UnitOfWork, plan: Plan) -> Refusal | None:
    """The approver's level covers the largest item (R-SEC-02.levels)."""
    largest = max((one.amount for one in plan.items), default=None)
    return None if largest is None else beyond_authority(uow, largest)


S = PlanState
PLAN: Workflow[Plan] = Workflow(
    noun="procurement_plan",
    title=_l("采购计划"),
    initial=S.DRAFT,
    transitions=(
        Transition(
            "submit",
            frozenset({S.DRAFT}),
            S.IN_APPROVAL,
            PlanPermission.EDIT,
            _l("提交审批"),
            guards=(has_items,),
            primary=True,
            is_manual=False,
        ),
        Transition(
            "send_back",
            frozenset({S.IN_APPROVAL}),
            S.DRAFT,
            PlanPermission.APPROVE,
            _l("退回修改"),
            needs_reason=True,
        ),
        Transition(
            "approve",
            frozenset({S.IN_APPROVAL}),
            S.APPROVED,
            PlanPermission.APPROVE,
            _l("批准计划"),
            guards=(within_authority,),
            stamp="approved_at",
            primary=True,
            is_manual=False,
        ),
        Transition(
            "adjust",
            frozenset({S.APPROVED}),
            S.DRAFT,
            PlanPermission.ADJUST,
            _l("调整计划"),
            needs_reason=True,
        ),
    ),
)
