"""States and classifications of agencies and engagements."""

from agencies.states.admission import AdmissionState, PointVerdict
from agencies.states.agency import AgencyKind, Grade
from agencies.states.change import ChangeDeed, RecordChangeState
from agencies.states.engagement import EngagementState
from agencies.states.lead import Answer, Degree, Licence, Offence, TitleRank
from agencies.states.record import BadRecordKind, PremisesKind, RecordPart, SystemKind, WorkRole

__all__ = [
    "AdmissionState",
    "AgencyKind",
    "Answer",
    "BadRecordKind",
    "ChangeDeed",
    "Degree",
    "EngagementState",
    "Grade",
    "Licence",
    "Offence",
    "PointVerdict",
    "PremisesKind",
    "RecordChangeState",
    "RecordPart",
    "SystemKind",
    "TitleRank",
    "WorkRole",
]
