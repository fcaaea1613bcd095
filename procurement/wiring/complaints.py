"""What complaints announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_complaints(app: Flask) -> None:
    """Add the pages, documents, tasks, suspensions, timeline tags and navigation of complaints."""
    from core.events import subscribe
    from core.i18n import _l
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from core.workflow import TransitionFired
    from procurement.permissions import ComplaintPermission
    from procurement.queries.complaints import complaint_suspensions, may_read_document
    from procurement.services.complaints import after_transition
    from procurement.suspensions import add_suspensions
    from procurement.tasks.complaints import complaint_tasks
    from procurement.views import complaints

    subscribe(TransitionFired, after_transition)
    add_suspensions(complaint_suspensions)
    registry.tasks(complaint_tasks)
    registry.owns_documents("complaint", may_read_document)
    registry.navigate(
        NavigationEntry(
            "complaints.index",
            _l("投诉"),
            "gavel",
            ComplaintPermission.BROWSE,
            order=12,
            roles=frozenset({Role.PROCUREMENT_SUPERVISOR}),
        )
    )
    registry.open_to_all(
        PublicPage("complaints.decisions", _l("投诉处理决定"), _l("财政部门对政府采购投诉作出的处理决定。"), order=26)
    )
    registry.explain(
        AuditTag("complaint.file", _l("提起投诉")),
        AuditTag("complaint.accept", _l("受理投诉")),
        AuditTag("complaint.correct", _l("通知补正")),
        AuditTag("complaint.supplement", _l("提交补正材料")),
        AuditTag("complaint.refuse", _l("不予受理")),
        AuditTag("complaint.serve", _l("发送投诉书副本")),
        AuditTag("complaint.state", _l("当事人提交说明")),
        AuditTag("complaint.suspend", _l("通知暂停采购活动")),
        AuditTag("complaint.pause", _l("处理期限暂停计算")),
        AuditTag("complaint.resume", _l("处理期限恢复计算")),
        AuditTag("complaint.dismiss", _l("驳回投诉")),
        AuditTag("complaint.uphold", _l("认定投诉成立")),
        AuditTag("complaint.carry_out", _l("采购人报告处理决定的执行情况")),
        AuditTag("complaint.withdraw", _l("撤回投诉")),
    )
    app.register_blueprint(complaints.complaints)
