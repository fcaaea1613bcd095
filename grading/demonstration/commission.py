"""Engagements of the demonstration as they stand before their report: commissioned, indicators approved."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from agencies.models import Agency, Engagement
from agencies.services.engagements import open_engagement
from core.unit_of_work import UnitOfWork
from grading.synthesis.making import SyntheticReport
from projects.models import Project
from projects.services.systems import IndicatorEntry, set_indicators
from projects.states import Dimension, StandardKind
from projects.workflow import INDICATOR_SYSTEM

DIMENSIONS = (Dimension.DECISION, Dimension.PROCESS, Dimension.OUTPUT, Dimension.BENEFIT)


def approved(uow: UnitOfWork, project: Project, agency: Agency, source: str, report: SyntheticReport) -> Engagement:
    """Commission an agency, with the indicators that the report will answer already approved."""
    begins = uow.today
    engagement = open_engagement(
        uow,
        project=project,
        agency_id=agency.organisation_id,
        source=source,
        amount=project.evaluation_fee or Decimal(150000),
        begins_on=begins,
        due_on=begins + timedelta(days=75),
        taken_over=True,
    )
    system = engagement.system
    if system is not None:
        set_indicators(uow, system, _indicators(report))
        for step in ("submit", "start_review", "approve"):
            INDICATOR_SYSTEM.fire(uow, system, step, as_system=True)
    return engagement


def _indicators(report: SyntheticReport) -> list[IndicatorEntry]:
    """The indicators that the report will answer, as they are approved before it."""
    return [
        IndicatorEntry(
            DIMENSIONS[leaf.category], leaf.group, leaf.name, leaf.weight, leaf.target, StandardKind.PLAN, leaf.rule
        )
        for leaf in report.facts.leaves
    ]
