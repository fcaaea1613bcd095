"""The analysis of quality over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce the analysis."""
    from core.i18n import _l
    from core.ports import NavigationEntry, registry
    from grading.permissions import AnalysisPermission
    from grading.views import analysis, analysis_rows
    from grading.wiring.cycles import GRADERS

    registry.navigate(
        NavigationEntry("analysis.home", _l("质量分析"), "chart-bar", AnalysisPermission.READ, order=51, roles=GRADERS)
    )
    app.register_blueprint(analysis.analysis)
    app.register_blueprint(analysis_rows.analysis_rows)
