"""What the agency room tells upper rooms."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import AgencyGrade, Engagement


@dataclass(frozen=True)
class EngagementOpened:
    """An agency was commissioned."""

    engagement: Engagement


@dataclass(frozen=True)
class GradeRecorded:
    """An agency's grade of a year was recorded."""

    grade: AgencyGrade
