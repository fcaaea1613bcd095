"""The state machines of tendering, one noun a file."""

from procurement.workflow.bids import BID
from procurement.workflow.clarifications import AMENDMENT, QUESTION
from procurement.workflow.committee import SEAT
from procurement.workflow.complaints import COMPLAINT
from procurement.workflow.contracts import ACCEPTANCE, CONTRACT, PAYMENT, SUPPLEMENT
from procurement.workflow.frameworks import FRAMEWORK, MEMBER
from procurement.workflow.offers import OFFER
from procurement.workflow.plans import PLAN
from procurement.workflow.pool_draw import CALL, INVITEE
from procurement.workflow.remedies import CHALLENGE, INQUIRY
from procurement.workflow.supervision import CASE, INSPECTION
from procurement.workflow.tenders import TENDER

__all__ = [
    "ACCEPTANCE",
    "AMENDMENT",
    "BID",
    "CALL",
    "CASE",
    "CHALLENGE",
    "COMPLAINT",
    "CONTRACT",
    "FRAMEWORK",
    "INQUIRY",
    "INSPECTION",
    "INVITEE",
    "MEMBER",
    "OFFER",
    "PAYMENT",
    "PLAN",
    "QUESTION",
    "SEAT",
    "SUPPLEMENT",
    "TENDER",
]
