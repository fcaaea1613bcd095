"""The room's state machines."""

from agencies.workflow.engagement import ENGAGEMENT

__all__ = ["ENGAGEMENT"]
