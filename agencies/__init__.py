"""The agency library: third-party agencies, their people, credit and grade history, and engagements.

An engagement (评价委托) is the hinge of the house: one agency commissioned to evaluate one project for one period.
`procurement` ends by opening one, `experts` and `grading` start from it. A grade that `grading` computes is recorded
here, where the next tender finds it. Being in the library is never a condition of bidding (R-GRADE.scope).
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the package's permissions, pages, tasks, search and navigation to the application."""
    from agencies import search, tasks
    from agencies.permissions import AGENCY_POLICY, AgencyPermission
    from agencies.services.engagements import follow_indicator_system
    from agencies.views import engagements, library
    from core.events import subscribe
    from core.i18n import _l
    from core.permissions import policy
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from core.workflow import TransitionFired

    policy.extend(AGENCY_POLICY)
    subscribe(TransitionFired, follow_indicator_system)
    registry.search(search.find_agencies)
    registry.tasks(tasks.engagement_tasks)
    registry.owns_documents("engagement", engagements.may_read_document)
    registry.owns_documents("agency", library.may_read_document)
    registry.navigate(
        NavigationEntry("agencies.index", _l("机构库"), "building-community", AgencyPermission.BROWSE, order=40),
        NavigationEntry(
            "engagements.index", _l("评价委托"), "briefcase", AgencyPermission.BROWSE_ENGAGEMENTS, order=30
        ),
    )
    registry.open_to_all(
        PublicPage("agencies.index", _l("第三方机构名录与评级"), _l("评级、办法与依据；可以自行重算。"), order=30)
    )
    registry.explain(
        AuditTag("agency.credit_event", _l("记入诚信档案（不扣分）")),
        AuditTag("agency.admit", _l("机构入库")),
        AuditTag("agency.grade", _l("记录机构评级")),
        AuditTag("engagement.open", _l("建立评价委托")),
        AuditTag("engagement.begin", _l("指标体系已同意，可开展评价")),
        AuditTag("engagement.deliver", _l("提交评价报告")),
        AuditTag("engagement.terminate", _l("终止评价委托")),
        AuditTag("engagement.close", _l("评价委托办结")),
    )
    app.register_blueprint(library.agencies)
    app.register_blueprint(engagements.engagements)
