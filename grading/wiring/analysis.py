"""The analysis of quality over the years, and the yearly report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Announce the analysis."""
    from core.i18n import _l
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from grading import tasks
    from grading.permissions import AnalysisPermission
    from grading.views import analysis, analysis_rows, quality_reports
    from grading.wiring.cycles import GRADERS

    registry.tasks(tasks.quality_report_tasks)
    registry.owns_documents("quality_report", quality_reports.may_read_document)
    registry.open_to_all(
        PublicPage(
            "quality_reports.index",
            _l("年度评价质量报告"),
            _l("评级分布、报告质量和评分一致性，附方法。"),
            order=31,
        )
    )
    registry.explain(
        AuditTag("quality_report.ask", _l("要求生成年度评价质量报告")),
        AuditTag("quality_report.prepare", _l("报告计算排印完成")),
        AuditTag("quality_report.release", _l("发布年度评价质量报告")),
        AuditTag("quality_report.drop", _l("作废未发布的报告")),
        AuditTag("quality_report.withdraw", _l("撤回已发布的报告")),
    )
    registry.navigate(
        NavigationEntry("analysis.home", _l("质量分析"), "chart-bar", AnalysisPermission.READ, order=51, roles=GRADERS)
    )
    app.register_blueprint(analysis.analysis)
    app.register_blueprint(analysis_rows.analysis_rows)
    app.register_blueprint(quality_reports.quality_reports)
