"""Who may do what in this room: one map a noun, put together here."""

from core.permissions import PolicyMap
from experts.permissions.application import APPLICATION_POLICY, ApplicationPermission, of_the_recommending_unit
from experts.permissions.meeting import MEETING_POLICY, MeetingPermission
from experts.permissions.payment import PAYMENT_POLICY, PaymentPermission, not_the_preparer
from experts.permissions.pool import POOL_POLICY, ExpertPermission, is_the_expert, quality, watchers
from experts.permissions.review import (
    ENTROPY_ROLES,
    PURCHASE_ENTROPY_ROLES,
    REVIEW_POLICY,
    ReviewPermission,
    SeatPermission,
    attends,
    before_the_draw,
    bureau,
    for_a_purchase,
    for_a_review,
    holds_the_seat,
    not_the_convener,
    not_withholding,
    of_its_agency,
    of_its_unit,
    second,
)
from experts.permissions.season import SEASON_POLICY, SeasonPermission

EXPERT_POLICY: PolicyMap = {
    **POOL_POLICY,
    **APPLICATION_POLICY,
    **PAYMENT_POLICY,
    **REVIEW_POLICY,
    **MEETING_POLICY,
    **SEASON_POLICY,
}
"""The room's map."""

__all__ = [
    "APPLICATION_POLICY",
    "ENTROPY_ROLES",
    "EXPERT_POLICY",
    "MEETING_POLICY",
    "PAYMENT_POLICY",
    "POOL_POLICY",
    "PURCHASE_ENTROPY_ROLES",
    "REVIEW_POLICY",
    "SEASON_POLICY",
    "ApplicationPermission",
    "ExpertPermission",
    "MeetingPermission",
    "PaymentPermission",
    "ReviewPermission",
    "SeasonPermission",
    "SeatPermission",
    "attends",
    "before_the_draw",
    "bureau",
    "for_a_purchase",
    "for_a_review",
    "holds_the_seat",
    "is_the_expert",
    "not_the_convener",
    "not_the_preparer",
    "not_withholding",
    "of_its_agency",
    "of_its_unit",
    "of_the_recommending_unit",
    "quality",
    "second",
    "watchers",
]
