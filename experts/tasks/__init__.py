"""What people have to do next in this room, and its figures."""

from experts.tasks.review import review_figures, review_meetings, review_tasks, seat_tasks

__all__ = ["review_figures", "review_meetings", "review_tasks", "seat_tasks"]
