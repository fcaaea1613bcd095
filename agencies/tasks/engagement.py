"""What an agency's people have to do next in their engagements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from agencies.models import Engagement
from agencies.states import EngagementState
from core.clock import shanghai
from core.i18n import _l
from core.identity.roles import Role
from core.ports import Task
from core.unit_of_work import UnitOfWork
from projects.models import IndicatorSystem
from projects.states import SystemState


def engagement_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the steps that wait for the actor's agency, due at the end of the engagement."""
    own = uow.actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
    if not own:
        return
    rows = uow.session.execute(
        select(Engagement, IndicatorSystem)
        .join(IndicatorSystem, IndicatorSystem.id == Engagement.system_id)
        .where(
            Engagement.agency_id.in_(own),
            Engagement.state.in_((EngagementState.PREPARING, EngagementState.EVALUATING)),
        )
    )
    for engagement, system in rows:
        due = shanghai(engagement.due_on + timedelta(days=1))
        title = engagement.project.name
        page = url_for("systems.show", system_id=system.id)
        if engagement.state is EngagementState.EVALUATING:
            page = url_for("engagements.show", engagement_id=engagement.id)
            yield Task(_l("开展评价并提交报告"), title, page, due)
        elif system.state is SystemState.DRAFT:
            yield Task(_l("编制并提交指标体系"), title, page, due, rule_id="R-IND-01")
        elif system.state is SystemState.RETURNED:
            yield Task(_l("按评审意见修改指标体系"), title, page, due, rule_id="R-IND-01")
        else:
            yield Task(_l("等待指标评审结果"), title, page, due, group="waiting")
