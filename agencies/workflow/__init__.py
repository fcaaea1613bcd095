"""The room's state machines."""

from agencies.workflow.admission import ADMISSION
from agencies.workflow.change import RECORD_CHANGE
from agencies.workflow.conduct import CONDUCT, MEASURE, SANCTION
from agencies.workflow.engagement import ENGAGEMENT
from agencies.workflow.plan import PLAN, PLAN_FILE, lead_refusal, plan_standings
from agencies.workflow.request import REQUEST
from agencies.workflow.standing import COACHING, STANDING

__all__ = [
    "ADMISSION",
    "COACHING",
    "CONDUCT",
    "ENGAGEMENT",
    "MEASURE",
    "PLAN",
    "PLAN_FILE",
    "RECORD_CHANGE",
    "REQUEST",
    "SANCTION",
    "STANDING",
    "lead_refusal",
    "plan_standings",
]
