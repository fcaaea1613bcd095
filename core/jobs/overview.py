"""What waits, runs and failed in the queue; and trying a failed job again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork

BACKLOG = timedelta(minutes=10)
"""A job that waits longer than this means that the worker lags or stands still."""


@dataclass(frozen=True)
class QueuedJob:
    """One job as the administrator sees it."""

    id: int
    task: str
    status: str
    attempts: int
    args: dict[str, Any]
    last_at: datetime | None


def counts_by_status(session: Session) -> dict[str, int]:
    """Return how many jobs there are in each state of the queue."""
    rows = session.execute(text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1"))
    return {str(status): int(count) for status, count in rows}


def waiting_since(session: Session, now: datetime) -> datetime | None:
    """Return since when the oldest job that lags has waited; None when nothing waits longer than `BACKLOG`.

    No page counts what waits or is done: each bid sends mails, so before the deadline the number would tell of bids.
    """
    oldest = session.execute(
        text(
            "SELECT min(e.at) FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id"
            " WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= :now) AND e.type = 'deferred'"
        ),
        {"now": now},
    ).scalar()
    return oldest if oldest is not None and oldest < now - BACKLOG else None


def failed_jobs(session: Session, *, limit: int = 200) -> Sequence[QueuedJob]:
    """Return the jobs that gave up, latest first."""
    rows = session.execute(
        text(
            "SELECT j.id, j.task_name, j.status::text, j.attempts, j.args, max(e.at)"
            " FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id"
            " WHERE j.status = 'failed' GROUP BY j.id ORDER BY max(e.at) DESC NULLS LAST LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [QueuedJob(*row) for row in rows]


def retry_failed(uow: UnitOfWork, job_id: int) -> None:
    """Put a failed job back into the queue, in this unit of work."""
    found = uow.session.execute(
        text("SELECT task_name FROM procrastinate_jobs WHERE id = :id AND status = 'failed' FOR UPDATE"), {"id": job_id}
    ).scalar()
    if found is None:
        raise Refused(Refusal(_l("这个任务不在失败状态")))
    uow.session.execute(
        text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args, attempts)"
            " SELECT queue_name, task_name, priority, lock, args, 0 FROM procrastinate_jobs WHERE id = :id"
        ),
        {"id": job_id},
    )
    uow.session.execute(text("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = :id"), {"id": job_id})
    uow.record("job.retry", None, detail={"task": found, "job": job_id})
