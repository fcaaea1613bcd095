"""Reads for yearly reports on quality."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, select

from core.identity.actor import Actor
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from grading.models import GradingCycle, QualityReport
from grading.queries.report import BUREAU
from grading.states import CycleState, QualityReportState

INSIDE = (*BUREAU, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR)


def visible_reports(actor: Actor) -> Select[QualityReport]:
    """Select the reports the actor may read: the same rule as `QualityReportPermission.READ`."""
    query = select(QualityReport)
    return query if actor.has(*INSIDE) else query.where(QualityReport.state == QualityReportState.RELEASED)


def load_quality_report(uow: UnitOfWork, report_id: uuid.UUID) -> QualityReport | None:
    """Return the report with this id."""
    return uow.get(QualityReport, report_id)


def standing_report(uow: UnitOfWork, year: int) -> QualityReport | None:
    """Return the report of a year that was not dropped."""
    return uow.session.scalar(
        select(QualityReport).where(QualityReport.year == year, QualityReport.state != QualityReportState.DROPPED)
    )


def published_years(uow: UnitOfWork) -> list[int]:
    """Return the years whose grades are published, the newest first."""
    return list(
        uow.session.scalars(
            select(GradingCycle.year)
            .where(GradingCycle.state == CycleState.PUBLISHED)
            .order_by(GradingCycle.year.desc())
        )
    )
