"""The room's state machines."""

from agencies.workflow.engagement import ENGAGEMENT
from agencies.workflow.plan import PLAN, PLAN_FILE, lead_refusal, plan_standings
from agencies.workflow.request import REQUEST

__all__ = ["ENGAGEMENT", "PLAN", "PLAN_FILE", "REQUEST", "lead_refusal", "plan_standings"]
