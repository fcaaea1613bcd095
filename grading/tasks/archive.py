"""The agency's last step: filing the archive."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select

from agencies.models import Engagement, Milestone
from agencies.states import EngagementState, MilestoneKind
from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.ports import Task
from core.unit_of_work import UnitOfWork


def archive_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the archives that the actor's agency has to file, by their due dates."""
    own = uow.actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
    if not own:
        return
    rows = uow.session.execute(
        select(Engagement, Milestone.due_on)
        .join(Milestone, Milestone.engagement_id == Engagement.id)
        .where(
            Engagement.agency_id.in_(own),
            Engagement.state == EngagementState.DELIVERED,
            Milestone.kind == MilestoneKind.ARCHIVE,
            Milestone.done_on.is_(None),
        )
        .order_by(Milestone.due_on, Engagement.id)
    )
    for engagement, due_on in rows.unique():
        page = url_for("evaluation_archives.show", engagement_id=engagement.id)
        yield Task(_l("整理并归档评价档案"), engagement.project.name, page, end_of(due_on), rule_id="R-AGENCY-13")
