"""The public register, comparison and exchange of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce the register to everybody, and the pages on which agencies stand side by side."""
    from agencies.views import comparison, exchange, ties
    from agencies.views import register as pages
    from core.i18n import _l
    from core.ports import AuditTag, PublicPage, registry

    registry.open_to_all(
        PublicPage(
            "register.index", _l("第三方机构名录"), _l("机构的评级、办法、依据和在库状态；可以查找和下载。"), order=30
        )
    )
    registry.explain(AuditTag("agency.import", _l("按导入的表更新")), AuditTag("library.import", _l("导入机构库")))
    app.register_blueprint(pages.register)
    app.register_blueprint(comparison.comparisons)
    app.register_blueprint(exchange.exchange)
    app.register_blueprint(ties.ties)
