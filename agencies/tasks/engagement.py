"""What an agency's people have to do next in their engagements."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select

from agencies.models import Engagement, EvaluationPlan, Milestone
from agencies.queries.following import milestones_by_engagement
from agencies.states import EngagementState, MilestoneKind, PlanState
from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.ports import Task
from core.unit_of_work import UnitOfWork
from projects.models import IndicatorSystem
from projects.states import SystemState

WORK = {
    MilestoneKind.COLLECTION: (_l("采集资料"), "R-PERF-09"),
    MilestoneKind.VISIT: (_l("开展现场调查"), "R-AGENCY-10"),
    MilestoneKind.DRAFT: (_l("提交报告初稿征求意见"), "R-AGENCY-11"),
}
"""What to do until a draft is there; what follows is said by the room that takes the draft in."""


def engagement_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the steps that wait for the actor's agency, due by the engagement's milestones."""
    own = uow.actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
    if not own:
        return
    rows = uow.session.execute(
        select(Engagement, IndicatorSystem, EvaluationPlan)
        .join(IndicatorSystem, IndicatorSystem.id == Engagement.system_id)
        .outerjoin(EvaluationPlan, EvaluationPlan.engagement_id == Engagement.id)
        .where(
            Engagement.agency_id.in_(own),
            Engagement.state.in_((EngagementState.PREPARING, EngagementState.EVALUATING)),
        )
    ).all()
    dates = milestones_by_engagement(uow, [row[0] for row in rows])
    for engagement, system, plan in rows:
        if engagement.state is EngagementState.EVALUATING:
            yield from _evaluating(engagement, plan, dates)
        else:
            yield from _preparing(engagement, system, plan, dates)


def _evaluating(
    engagement: Engagement, plan: EvaluationPlan | None, dates: dict[uuid.UUID, list[Milestone]]
) -> Iterable[Task]:
    title, page = engagement.project.name, url_for("engagements.show", engagement_id=engagement.id)
    if plan is None:
        yield Task(_l("开展评价并提交报告"), title, page, end_of(engagement.due_on))
        return
    step = next((one for one in dates[engagement.id] if one.done_on is None), None)
    if step is not None and step.kind in WORK:
        words, rule = WORK[step.kind]
        yield Task(words, title, page, end_of(step.due_on), rule_id=rule)


def _preparing(
    engagement: Engagement,
    system: IndicatorSystem,
    plan: EvaluationPlan | None,
    dates: dict[uuid.UUID, list[Milestone]],
) -> Iterable[Task]:
    title, page = engagement.project.name, url_for("systems.show", system_id=system.id)
    planned = next((one.due_on for one in dates[engagement.id] if one.kind is MilestoneKind.PLAN), engagement.due_on)
    due, planning = end_of(planned), url_for("evaluation_plans.show", engagement_id=engagement.id)
    if plan is not None and plan.state in (PlanState.DRAFT, PlanState.RETURNED):
        returned = plan.state is PlanState.RETURNED
        words = _l("按意见修改评价方案") if returned else _l("编制并提交评价方案")
        yield Task(words, title, planning, due, rule_id="R-AGENCY-08")
    if system.state is SystemState.DRAFT:
        yield Task(_l("编制并提交指标体系"), title, page, due, rule_id="R-IND-01")
    elif system.state is SystemState.RETURNED:
        yield Task(_l("按评审意见修改指标体系"), title, page, due, rule_id="R-IND-01")
    elif system.state is not SystemState.APPROVED:
        yield Task(_l("等待指标评审结果"), title, page, due, group="waiting")
    elif plan is not None and plan.state is PlanState.SUBMITTED:
        yield Task(
            _l("等待评价方案审核"),
            title,
            planning,
            group="waiting",
        )
