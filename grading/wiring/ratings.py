"""Rating a report and confirming the engagement's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce everything about sheets and scores."""
    from core.i18n import _l
    from core.ports import AuditTag, registry
    from grading.views import scores

    registry.explain(
        AuditTag("submission.rate", _l("锁定评分表")),
        AuditTag("submission.score", _l("确认任务得分")),
    )
    app.register_blueprint(scores.scores)
