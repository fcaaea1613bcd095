"""Tables of the agency library and of engagements."""

from agencies.models.admission import AdmissionPoint, AgencyApplication
from agencies.models.agency import Agency, AgencyGrade, CreditRecord
from agencies.models.change import RecordChange
from agencies.models.engagement import Engagement
from agencies.models.lead import LeadEvaluator
from agencies.models.listing import AgencyListing, AgencyWords, EngagementWords
from agencies.models.record import RecordConfirmation, RecordItem

__all__ = [
    "AdmissionPoint",
    "Agency",
    "AgencyApplication",
    "AgencyGrade",
    "AgencyListing",
    "AgencyWords",
    "CreditRecord",
    "Engagement",
    "EngagementWords",
    "LeadEvaluator",
    "RecordChange",
    "RecordConfirmation",
    "RecordItem",
]
