"""Engagements: their pages, tasks and words on timelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything about engagements."""
    from agencies import search, tasks
    from agencies.permissions import AgencyPermission
    from agencies.services.plans import follow_indicator_system
    from agencies.views import engagements
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, registry
    from core.workflow import TransitionFired

    subscribe(TransitionFired, follow_indicator_system)
    registry.tasks(tasks.engagement_tasks)
    registry.search(search.find_engagements)
    registry.owns_documents("engagement", engagements.may_read_document)
    registry.navigate(
        NavigationEntry("engagements.index", _l("评价委托"), "briefcase", AgencyPermission.BROWSE_ENGAGEMENTS, order=30)
    )
    registry.explain(
        AuditTag("engagement.open", _l("建立评价委托")),
        AuditTag("engagement.begin", _l("指标体系已同意，可开展评价")),
        AuditTag("engagement.deliver", _l("提交评价报告")),
        AuditTag("engagement.terminate", _l("终止评价委托")),
        AuditTag("engagement.close", _l("评价委托办结")),
    )
    app.register_blueprint(engagements.engagements)
