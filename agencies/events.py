"""What the agency room tells upper rooms."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import AgencyGrade, ConductCase, ConductMeasure, Engagement


@dataclass(frozen=True)
class EngagementOpened:
    """An agency was commissioned."""

    engagement: Engagement


@dataclass(frozen=True)
class GradeRecorded:
    """An agency's grade of a year was recorded."""

    grade: AgencyGrade


@dataclass(frozen=True)
class ConductRecorded:
    """A case of misconduct was recorded in the honesty archive."""

    case: ConductCase


@dataclass(frozen=True)
class MeasureIssued:
    """A measure against an agency was signed."""

    measure: ConductMeasure
