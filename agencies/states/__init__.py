"""States and classifications of agencies and engagements."""

from agencies.states.admission import AdmissionState, PointVerdict
from agencies.states.agency import AgencyKind, Grade
from agencies.states.change import ChangeDeed, RecordChangeState
from agencies.states.conduct import (
    ConductCode,
    ConductState,
    HonestyStep,
    MeasureKind,
    MeasureState,
    SanctionKind,
    SanctionState,
)
from agencies.states.engagement import EngagementState
from agencies.states.fieldwork import FieldworkKind
from agencies.states.lead import Answer, Degree, Licence, Offence, TitleRank
from agencies.states.milestone import MilestoneKind
from agencies.states.plan import PlanElement, PlanState, PlanWay
from agencies.states.record import BadRecordKind, PremisesKind, RecordPart, SystemKind, WorkRole
from agencies.states.request import RequestKind, RequestState
from agencies.states.standing import CoachingState, DecisionState, Standing, StandingKind
from agencies.states.team import TeamRole

__all__ = [
    "AdmissionState",
    "AgencyKind",
    "Answer",
    "BadRecordKind",
    "ChangeDeed",
    "CoachingState",
    "ConductCode",
    "ConductState",
    "DecisionState",
    "Degree",
    "EngagementState",
    "FieldworkKind",
    "Grade",
    "HonestyStep",
    "Licence",
    "MeasureKind",
    "MeasureState",
    "MilestoneKind",
    "Offence",
    "PlanElement",
    "PlanState",
    "PlanWay",
    "PointVerdict",
    "PremisesKind",
    "RecordChangeState",
    "RecordPart",
    "RequestKind",
    "RequestState",
    "SanctionKind",
    "SanctionState",
    "Standing",
    "StandingKind",
    "SystemKind",
    "TeamRole",
    "TitleRank",
    "WorkRole",
]
