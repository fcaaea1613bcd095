"""What the red flags announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from flask import Flask


def register_red_flags(app: Flask) -> None:
    """Add the reckoning after each result, the desk's signals and the pages of the indicators."""
    from core.events import subscribe
    from core.workflow import TransitionFired
    from procurement.queries.red_flags import red_flag_signals
    from procurement.services.red_flags import reckon_after_result
    from procurement.supervision_signals import add_signals
    from procurement.views import red_flags

    subscribe(TransitionFired, reckon_after_result)
    add_signals(red_flag_signals)
    app.register_blueprint(red_flags.red_flags)
