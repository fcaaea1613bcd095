"""What quality staff has to do in engagements, and how many are late."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import func, select

from agencies.models import Engagement, EngagementRequest, EvaluationPlan, Milestone
from agencies.queries.following import RUNNING
from agencies.services.requests import RULES
from agencies.states import PlanState, RequestState
from core.i18n import _l
from core.identity.roles import Role
from core.ports import Figure, Task
from core.unit_of_work import UnitOfWork
from projects.models import IndicatorSystem
from projects.states import SystemState


def following_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield plans to approve and requests to answer."""
    if not uow.actor.has(Role.QUALITY_OFFICER):
        return
    rows = uow.session.execute(
        select(EvaluationPlan, IndicatorSystem.state)
        .join(Engagement, Engagement.id == EvaluationPlan.engagement_id)
        .outerjoin(IndicatorSystem, IndicatorSystem.id == Engagement.system_id)
        .where(EvaluationPlan.state == PlanState.SUBMITTED, Engagement.state.in_(RUNNING))
        .order_by(EvaluationPlan.submitted_at)
    )
    for plan, system in rows:
        page, name = url_for("evaluation_plans.show", engagement_id=plan.engagement_id), plan.engagement.project.name
        if system in (None, SystemState.APPROVED):
            yield Task(_l("审核评价方案"), name, page, rule_id="R-AGENCY-09")
        else:
            yield Task(_l("评价方案随指标评审评议"), name, page, group="waiting", rule_id="R-AGENCY-09")
    asked = uow.session.scalars(
        select(EngagementRequest)
        .where(EngagementRequest.state == RequestState.ASKED)
        .order_by(EngagementRequest.asked_at)
    )
    for row in asked:
        page = url_for("engagement_requests.index", engagement_id=row.engagement_id)
        yield Task(
            _l("答复机构的申请：%(kind)s", kind=row.kind.label),
            row.engagement.project.name,
            page,
            rule_id=RULES[row.kind],
        )


def following_figures(uow: UnitOfWork) -> Iterable[Figure]:
    """Yield how many running engagements are late."""
    if not uow.actor.has(Role.QUALITY_OFFICER):
        return
    late = uow.session.scalar(
        select(func.count(Milestone.engagement_id.distinct()))
        .join(Engagement, Engagement.id == Milestone.engagement_id)
        .where(Milestone.done_on.is_(None), Milestone.due_on < uow.today, Engagement.state.in_(RUNNING))
    )
    yield Figure(_l("逾期的评价委托"), str(late or 0), url_for("milestones.following", late="1"))
