"""The state machines of tendering, one noun a file."""

from procurement.workflow.bids import BID
from procurement.workflow.committee import SEAT
from procurement.workflow.plans import PLAN
from procurement.workflow.tenders import TENDER

__all__ = ["BID", "PLAN", "SEAT", "TENDER"]
