"""What plans and the preparation of purchases announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_planning(app: Flask) -> None:
    """Add the pages, tasks, timeline tags and navigation of what precedes a tender."""
    from core.i18n import _l
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, registry
    from procurement.permissions import PlanPermission
    from procurement.tasks.planning import plan_tasks
    from procurement.views import plans

    registry.tasks(plan_tasks)
    registry.navigate(
        NavigationEntry(
            "plans.index",
            _l("采购计划"),
            "calendar-stats",
            PlanPermission.BROWSE,
            order=20,
            roles=frozenset({Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER, Role.PROCUREMENT_SUPERVISOR}),
        ),
    )
    registry.explain(
        AuditTag("procurement_plan.open", _l("建立采购计划")),
        AuditTag("procurement_plan.submit", _l("提交采购计划审批")),
        AuditTag("procurement_plan.send_back", _l("退回采购计划")),
        AuditTag("procurement_plan.approve", _l("批准采购计划")),
        AuditTag("procurement_plan.adjust", _l("调整采购计划")),
        AuditTag("plan_item.add", _l("添加计划项目")),
        AuditTag("plan_item.change", _l("更改计划项目")),
        AuditTag("plan_item.remove", _l("删除计划项目")),
        AuditTag("plan_item.buy", _l("从计划发起采购")),
    )
    app.register_blueprint(plans.plans)
