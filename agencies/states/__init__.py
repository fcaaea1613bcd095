"""States and classifications of agencies and engagements."""

from agencies.states.agency import AgencyKind, Grade
from agencies.states.engagement import EngagementState

__all__ = ["AgencyKind", "EngagementState", "Grade"]
