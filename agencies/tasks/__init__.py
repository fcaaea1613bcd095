"""What the room puts on home pages."""

from agencies.tasks.engagement import engagement_tasks

__all__ = ["engagement_tasks"]
