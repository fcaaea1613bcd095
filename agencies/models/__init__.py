"""Tables of the agency library and of engagements."""

from agencies.models.agency import Agency, AgencyGrade, CreditRecord, LeadEvaluator
from agencies.models.engagement import Engagement

__all__ = ["Agency", "AgencyGrade", "CreditRecord", "Engagement", "LeadEvaluator"]
