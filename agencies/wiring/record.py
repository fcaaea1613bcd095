"""An agency's record, its way into the library and its changes: pages, tasks and words on timelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything about what agencies record of themselves."""
    from agencies.permissions import RecordPermission
    from agencies.tasks.record import record_tasks
    from agencies.views import admissions, my_agency, records
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, registry

    registry.tasks(record_tasks)
    registry.owns_documents("agency_record_item", records.may_read_paper)
    registry.owns_documents("agency_record_change", records.may_read_paper)
    registry.navigate(NavigationEntry("my_agency.show", _l("本机构"), "building", RecordPermission.OWN, order=12))
    registry.explain(
        AuditTag("agency_record.add", _l("登记一条信息")),
        AuditTag("agency_record.change", _l("修改登记信息")),
        AuditTag("agency_record.end", _l("登记信息不再有效")),
        AuditTag("agency_record.confirm", _l("确认登记信息真实、完整")),
        AuditTag("agency_application.start", _l("开始入库申请")),
        AuditTag("agency_application.submit", _l("提交入库申请")),
        AuditTag("agency_application.check", _l("核对登记信息")),
        AuditTag("agency_application.return", _l("退回补正")),
        AuditTag("agency_application.admit", _l("同意入库")),
        AuditTag("agency_application.reject", _l("不予入库")),
        AuditTag("agency_application.withdraw", _l("撤回入库申请")),
        AuditTag("agency_record_change.note", _l("记下变化")),
        AuditTag("agency_record_change.report", _l("申报变化")),
        AuditTag("agency_record_change.question", _l("要求说明")),
        AuditTag("agency_record_change.verify", _l("核对变化")),
        AuditTag("agency_record_change.withdraw", _l("撤回变化")),
    )
    for blueprint in (my_agency.my_agency, admissions.admissions, records.agency_records):
        app.register_blueprint(blueprint)
