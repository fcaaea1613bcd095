"""What the room puts on home pages."""

from agencies.tasks.conduct import conduct_tasks
from agencies.tasks.engagement import engagement_tasks
from agencies.tasks.following import following_figures, following_tasks

__all__ = ["conduct_tasks", "engagement_tasks", "following_figures", "following_tasks"]
