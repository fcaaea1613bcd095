"""What supervision's desk and the records it reads announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_supervision(app: Flask) -> None:
    """Add the pages and timeline tags of suppliers' ties and conduct."""
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from procurement.views import supplier_records

    registry.explain(
        AuditTag("relation.record", _l("登记供应商关联关系")),
        AuditTag("relation.end", _l("终止供应商关联关系")),
        AuditTag("relation.service", _l("登记既往服务")),
        AuditTag("conduct.record", _l("登记违法违规记录")),
    )
    app.register_blueprint(supplier_records.supplier_records)
