"""What publication announces to the house: open data, notices, feeds; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_publication(app: Flask) -> None:
    """Add the pages and addresses of open data, the deeds that make things public, and the sweep."""
    from core.events import Concluding, subscribe
    from core.i18n import _l
    from core.ports import AuditTag, PublicPage, registry
    from core.workflow import TransitionFired
    from procurement import jobs  # noqa: F401 - registers them
    from procurement.archive_sources import add_archive_source
    from procurement.services.notice_papers import archived_notices
    from procurement.services.publication import say_the_end, say_what_is_public
    from procurement.tasks.publication import notice_part, notice_tasks
    from procurement.tender_page import add_tender_parts
    from procurement.views import feeds, open_data, public_notices

    subscribe(TransitionFired, say_the_end)
    subscribe(Concluding, say_what_is_public)
    registry.open_to_all(
        PublicPage("open_data.index", _l("开放数据"), _l("采购全过程的数据（OCDS），可以下载和再利用。"), order=60)
    )
    registry.explain(AuditTag("public_notice.register", _l("登记指定媒体公告")))
    registry.tasks(notice_tasks)
    add_archive_source(archived_notices)
    add_tender_parts(notice_part)
    for blueprint in (open_data.open_data, public_notices.public_notices, feeds.feeds):
        app.register_blueprint(blueprint)
