"""Who may do what in this room: one map a noun, put together here."""

from agencies.permissions.conduct import CONDUCT_POLICY, ConductPermission
from agencies.permissions.following import FOLLOWING_POLICY, FollowingPermission, PlanPermission
from agencies.permissions.library import (
    LIBRARY_POLICY,
    AgencyPermission,
    bureau,
    of_its_agency,
    of_its_unit,
    of_this_agency,
    quality,
    watchers,
)
from agencies.permissions.record import RECORD_POLICY, AdmissionPermission, RecordPermission
from agencies.permissions.register import REGISTER_POLICY, RegisterPermission
from agencies.permissions.standing import STANDING_POLICY, StandingPermission
from core.permissions import PolicyMap

AGENCY_POLICY: PolicyMap = {
    **LIBRARY_POLICY,
    **RECORD_POLICY,
    **REGISTER_POLICY,
    **FOLLOWING_POLICY,
    **CONDUCT_POLICY,
    **STANDING_POLICY,
}
"""The room's map."""

__all__ = [
    "AGENCY_POLICY",
    "CONDUCT_POLICY",
    "FOLLOWING_POLICY",
    "LIBRARY_POLICY",
    "RECORD_POLICY",
    "REGISTER_POLICY",
    "STANDING_POLICY",
    "AdmissionPermission",
    "AgencyPermission",
    "ConductPermission",
    "FollowingPermission",
    "PlanPermission",
    "RecordPermission",
    "RegisterPermission",
    "StandingPermission",
    "bureau",
    "of_its_agency",
    "of_its_unit",
    "of_this_agency",
    "quality",
    "watchers",
]
