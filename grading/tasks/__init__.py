"""What the room puts on home pages."""

from grading.tasks.archive import archive_tasks
from grading.tasks.comment import comment_tasks
from grading.tasks.cycle import grade_tasks
from grading.tasks.quality_report import quality_report_tasks
from grading.tasks.rating import rating_tasks
from grading.tasks.report import AGENCY, report_figures, report_tasks

__all__ = [
    "AGENCY",
    "archive_tasks",
    "comment_tasks",
    "grade_tasks",
    "quality_report_tasks",
    "rating_tasks",
    "report_figures",
    "report_tasks",
]
