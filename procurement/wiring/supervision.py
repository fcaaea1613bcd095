"""What supervision's desk and the records it reads announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_supervision(app: Flask) -> None:
    """Add the desk's pages, signals, tasks, documents, timeline tags and navigation."""
    from agencies.ports import add_other_records, add_tie_source
    from core.i18n import _l
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, registry
    from procurement.permissions import SupervisionPermission
    from procurement.queries.agency_leads import agency_leads, recorded_inspections, recorded_sanctions
    from procurement.queries.agency_ties import ties_of_supplier
    from procurement.queries.supervision import known_signals
    from procurement.queries.supervision_files import may_read_document
    from procurement.supervision_signals import add_signals
    from procurement.tasks.supervision import supervision_tasks
    from procurement.views import cases, inspections, supervision, supplier_records

    add_signals(known_signals)
    add_signals(agency_leads)
    add_other_records(recorded_sanctions)
    add_other_records(recorded_inspections)
    add_tie_source(ties_of_supplier)
    registry.tasks(supervision_tasks)
    registry.owns_documents("supervision_case", may_read_document)
    registry.navigate(
        NavigationEntry(
            "supervision.desk",
            _l("采购监管"),
            "shield-search",
            SupervisionPermission.DESK,
            order=11,
            roles=frozenset({Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER}),
        )
    )
    registry.explain(
        AuditTag("supervision_case.open", _l("立案")),
        AuditTag("supervision_case.note", _l("写入案件记录")),
        AuditTag("supervision_case.close", _l("办结案件")),
        AuditTag("inspection.prepare", _l("确定检查名单并作出承诺")),
        AuditTag("inspection.draw", _l("见证并抽取")),
        AuditTag("inspection.find", _l("录入检查结果")),
        AuditTag("inspection.rectify", _l("记录整改情况")),
        AuditTag("inspection.close", _l("办结检查")),
        AuditTag("relation.record", _l("登记供应商关联关系")),
        AuditTag("relation.end", _l("终止供应商关联关系")),
        AuditTag("relation.service", _l("登记既往服务")),
        AuditTag("conduct.record", _l("登记违法违规记录")),
    )
    for blueprint in (
        supplier_records.supplier_records,
        supervision.supervision,
        cases.cases,
        inspections.inspections,
    ):
        app.register_blueprint(blueprint)
