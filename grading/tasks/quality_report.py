"""Yearly reports on quality that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from grading.models import QualityReport
from grading.permissions import QualityReportPermission
from grading.services.quality_report import due_for_release
from grading.states import QualityReportState


def quality_report_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the reports to be checked and released by the actor, or that wait for others."""
    if not uow.actor.has(Role.QUALITY_OFFICER, Role.PROCUREMENT_APPROVER):
        return
    for report in uow.session.scalars(select(QualityReport).where(QualityReport.state == QualityReportState.DRAFT)):
        page = url_for("quality_reports.show", report_id=report.id)
        due = due_for_release(uow, report).ends_at
        if policy.allows(uow.actor, QualityReportPermission.RELEASE, report):
            yield Task(_l("审核并发布年度评价质量报告"), str(report.year), page, due, rule_id="R-FB-05")
        else:
            yield Task(_l("等待发布年度评价质量报告"), str(report.year), page, due, group="waiting", rule_id="R-FB-05")
