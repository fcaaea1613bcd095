"""The library: its pages, search, public register and words on timelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything about the agencies of the library."""
    from agencies import search
    from agencies.permissions import AgencyPermission
    from agencies.views import library
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, registry

    registry.search(search.find_agencies)
    registry.owns_documents("agency", library.may_read_document)
    registry.navigate(
        NavigationEntry("agencies.index", _l("机构库"), "building-community", AgencyPermission.BROWSE, order=40)
    )
    registry.explain(
        AuditTag("agency.credit_event", _l("记入诚信档案（不扣分）")),
        AuditTag("agency.admit", _l("机构入库")),
        AuditTag("agency.grade", _l("记录机构评级")),
    )
    app.register_blueprint(library.agencies)
