"""Tables of tendering."""

from procurement.models.approval import (
    ApprovalGrant,
    ApprovalSubstitute,
)
from procurement.models.award import (
    Award,
)
from procurement.models.bid import (
    Bid,
)
from procurement.models.committee import (
    CommitteeSeat,
    ConformityVote,
    Score,
)
from procurement.models.examination import (
    Examination,
)
from procurement.models.low_bid_review import (
    LowBidReview,
)
from procurement.models.opening import (
    Opening,
    OpeningShare,
)
from procurement.models.plan import (
    Plan,
    PlanItem,
    PlanItemProject,
)
from procurement.models.preparation import (
    Intention,
    Preparation,
    RequirementAuthor,
    RequirementReview,
    RequirementSurvey,
)
from procurement.models.remedies import (
    Challenge,
    Inquiry,
    RemedyClock,
)
from procurement.models.tender import (
    Criterion,
    Keyholder,
    Lot,
    LotProject,
    Tender,
)

__all__ = [
    "ApprovalGrant",
    "ApprovalSubstitute",
    "Award",
    "Bid",
    "Challenge",
    "CommitteeSeat",
    "ConformityVote",
    "Criterion",
    "Examination",
    "Inquiry",
    "Intention",
    "Keyholder",
    "Lot",
    "LotProject",
    "LowBidReview",
    "Opening",
    "OpeningShare",
    "Plan",
    "PlanItem",
    "PlanItemProject",
    "Preparation",
    "RemedyClock",
    "RequirementAuthor",
    "RequirementReview",
    "RequirementSurvey",
    "Score",
    "Tender",
]
