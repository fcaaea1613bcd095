"""Who may do what in tendering: one map a file, all of them deny by default."""

from procurement.permissions.agents import AGENT_POLICY, PURCHASER_SIDE, AgentPermission
from procurement.permissions.clarifications import CLARIFICATION_POLICY, ClarificationPermission
from procurement.permissions.collusion import COLLUSION_POLICY, CollusionPermission
from procurement.permissions.complaints import COMPLAINT_POLICY, ComplaintPermission
from procurement.permissions.contracts import CONTRACT_POLICY, ContractPermission
from procurement.permissions.direct import DIRECT_POLICY, DirectPermission
from procurement.permissions.evaluation import EVALUATION_POLICY, EvaluationPermission
from procurement.permissions.frameworks import FRAMEWORK_POLICY, FrameworkPermission
from procurement.permissions.planning import (
    PLANNING_POLICY,
    ApprovalPermission,
    PlanPermission,
    PreparationPermission,
    Requirement,
)
from procurement.permissions.pool_draw import POOL_DRAW_POLICY, PoolDrawPermission
from procurement.permissions.publication import NOTICE_POLICY, NoticePermission
from procurement.permissions.remedies import REMEDY_POLICY, RemedyPermission
from procurement.permissions.rounds import ROUND_POLICY, RoundPermission
from procurement.permissions.supervision import SUPERVISION_POLICY, SupervisionPermission
from procurement.permissions.tenders import BIDDER_SIDE, TENDER_POLICY, TenderPermission

POLICIES = (
    TENDER_POLICY,
    PLANNING_POLICY,
    REMEDY_POLICY,
    CONTRACT_POLICY,
    COMPLAINT_POLICY,
    NOTICE_POLICY,
    DIRECT_POLICY,
    CLARIFICATION_POLICY,
    SUPERVISION_POLICY,
    EVALUATION_POLICY,
    ROUND_POLICY,
    COLLUSION_POLICY,
    AGENT_POLICY,
    FRAMEWORK_POLICY,
    POOL_DRAW_POLICY,
)
"""Every map of the room; a new noun brings its own and joins here."""

__all__ = [
    "BIDDER_SIDE",
    "POLICIES",
    "PURCHASER_SIDE",
    "AgentPermission",
    "ApprovalPermission",
    "ClarificationPermission",
    "CollusionPermission",
    "ComplaintPermission",
    "ContractPermission",
    "DirectPermission",
    "EvaluationPermission",
    "FrameworkPermission",
    "NoticePermission",
    "PlanPermission",
    "PoolDrawPermission",
    "PreparationPermission",
    "RemedyPermission",
    "Requirement",
    "RoundPermission",
    "SupervisionPermission",
    "TenderPermission",
]
