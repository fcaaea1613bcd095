"""What the room does in the background: reading and checking delivered reports."""

from __future__ import annotations

import uuid

from core.jobs.queue import defer, job
from core.unit_of_work import UnitOfWork
from grading.events import ReportDelivered
from grading.services.checking import check_submission


@job("grading.check-report")
def check_delivered(uow: UnitOfWork, *, submission_id: str) -> None:
    """Check one delivered report; a second run finds it checked and does nothing."""
    check_submission(uow, uuid.UUID(submission_id))


def enqueue_check(uow: UnitOfWork, event: ReportDelivered) -> None:
    """Queue the check in the transaction that took the report in."""
    defer(uow, check_delivered, submission_id=str(event.submission.id), lock=f"report:{event.submission.id}")
