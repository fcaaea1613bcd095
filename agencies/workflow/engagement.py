"""The state machine of an engagement: indicators and plan first, then the evaluation, then the report.

R-IND-01, R-AGENCY-07, R-AGENCY-09, R-PERF-09.
"""

from __future__ import annotations

from sqlalchemy import select

from agencies.models import Engagement, EvaluationPlan
from agencies.permissions import AgencyPermission
from agencies.ports import closing_refusal
from agencies.states import EngagementState, PlanState
from agencies.workflow.plan import lead_refusal
from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from projects.states import SystemState


def indicators_are_approved(_uow: UnitOfWork, engagement: Engagement) -> Refusal | None:
    """The indicator system passed its review and has the bureau's consent (R-IND-01)."""
    if engagement.system is None or engagement.system.state is SystemState.APPROVED:
        return None
    return Refusal(_l("指标体系尚未通过评审并取得财政部门同意"), rule_id="R-IND-01")


def plan_is_approved(uow: UnitOfWork, engagement: Engagement) -> Refusal | None:
    """The plan passed a panel or has the principal's approval (R-AGENCY-09); who was taken over has none here."""
    state = uow.session.scalar(select(EvaluationPlan.state).where(EvaluationPlan.engagement_id == engagement.id))
    if state in (None, PlanState.APPROVED):
        return None
    return Refusal(_l("评价方案尚未经专家组评议或者财政局审核同意"), rule_id="R-AGENCY-09")


def team_has_a_lead(uow: UnitOfWork, engagement: Engagement) -> Refusal | None:
    """Nobody begins without a lead evaluator (R-AGENCY-07); the team of who was taken over is not known here."""
    followed = uow.session.scalar(select(EvaluationPlan.id).where(EvaluationPlan.engagement_id == engagement.id))
    return lead_refusal(uow, engagement) if followed else None


ENGAGEMENT: Workflow[Engagement] = Workflow(
    noun="engagement",
    title=_l("评价委托"),
    initial=EngagementState.PREPARING,
    transitions=(
        Transition(
            "begin",
            frozenset({EngagementState.PREPARING}),
            EngagementState.EVALUATING,
            AgencyPermission.BEGIN_ENGAGEMENT,
            _l("进入评价阶段"),
            guards=(indicators_are_approved, plan_is_approved, team_has_a_lead),
            is_manual=False,
        ),
        Transition(
            "deliver",
            frozenset({EngagementState.EVALUATING, EngagementState.DELIVERED}),
            EngagementState.DELIVERED,
            AgencyPermission.DELIVER,
            _l("提交报告"),
            is_manual=False,
        ),
        Transition(
            "close",
            frozenset({EngagementState.DELIVERED}),
            EngagementState.CLOSED,
            AgencyPermission.CLOSE,
            _l("办结"),
            guards=(closing_refusal,),
            is_manual=False,
        ),
        Transition(
            "terminate",
            frozenset({EngagementState.PREPARING, EngagementState.EVALUATING, EngagementState.DELIVERED}),
            EngagementState.TERMINATED,
            AgencyPermission.TERMINATE,
            _l("终止委托"),
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
