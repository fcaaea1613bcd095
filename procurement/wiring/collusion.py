"""What the search for collusion announces to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_collusion(app: Flask) -> None:
    """Add the search after the opening, its pages, the chair's task, the desk's signals and the timeline's words."""
    from core.events import subscribe
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from core.workflow import TransitionFired
    from procurement.queries.collusion import collusion_signals
    from procurement.services.collusion import search_after_opening
    from procurement.supervision_signals import add_signals
    from procurement.tasks.collusion import collusion_tasks
    from procurement.views import collusion

    subscribe(TransitionFired, search_after_opening)
    add_signals(collusion_signals)
    registry.tasks(collusion_tasks)
    registry.explain(
        AuditTag("collusion.search", _l("比对投标文件")),
        AuditTag("collusion.find", _l("认定串通投标提示")),
    )
    app.register_blueprint(collusion.collusion)
