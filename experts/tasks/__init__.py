"""What people have to do next in this room, and its figures."""

from experts.tasks.meeting import invited_meetings, meeting_tasks
from experts.tasks.pool import payment_tasks, pool_tasks
from experts.tasks.review import review_figures, review_meetings, review_tasks, seat_tasks

__all__ = [
    "invited_meetings",
    "meeting_tasks",
    "payment_tasks",
    "pool_tasks",
    "review_figures",
    "review_meetings",
    "review_tasks",
    "seat_tasks",
]
