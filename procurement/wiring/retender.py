"""What tendering again after a failure announces to the house."""

from __future__ import annotations

from flask import Flask


def register_retender(app: Flask) -> None:
    """Add its pages, the links on a tender's page and the timeline's words."""
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from procurement.tender_page import add_tender_parts
    from procurement.views.retender import retender_parts, retenders

    add_tender_parts(retender_parts)
    registry.explain(
        AuditTag("tender.retender", _l("废标后重新招标")),
    )
    app.register_blueprint(retenders)
