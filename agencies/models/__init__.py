"""Tables of the agency library and of engagements."""

from agencies.models.admission import AdmissionPoint, AgencyApplication
from agencies.models.agency import Agency, AgencyGrade, CreditRecord
from agencies.models.change import RecordChange
from agencies.models.conduct import ConductCase, ConductMeasure, OutsideSanction
from agencies.models.engagement import Engagement
from agencies.models.fieldwork import Fieldwork
from agencies.models.lead import LeadEvaluator
from agencies.models.listing import AgencyListing, AgencyWords, EngagementWords
from agencies.models.milestone import Milestone
from agencies.models.plan import EvaluationPlan, PlanPart
from agencies.models.record import RecordConfirmation, RecordItem
from agencies.models.request import EngagementRequest
from agencies.models.standing import Coaching, CoachingSession, StandingDecision
from agencies.models.team import TeamMember

__all__ = [
    "AdmissionPoint",
    "Agency",
    "AgencyApplication",
    "AgencyGrade",
    "AgencyListing",
    "AgencyWords",
    "Coaching",
    "CoachingSession",
    "ConductCase",
    "ConductMeasure",
    "CreditRecord",
    "Engagement",
    "EngagementRequest",
    "EngagementWords",
    "EvaluationPlan",
    "Fieldwork",
    "LeadEvaluator",
    "Milestone",
    "OutsideSanction",
    "PlanPart",
    "RecordChange",
    "RecordConfirmation",
    "RecordItem",
    "StandingDecision",
    "TeamMember",
]
