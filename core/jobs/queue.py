"""Registering jobs and enqueueing them in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Job:
    """A job: its name in the queue, the function `run(uow, **arguments)`, and which queue works it."""

    name: str
    run: Callable[..., None]
    queue: str = "default"
    every: str | None = None
    """A cron line in UTC for periodic jobs (Shanghai is eight hours ahead)."""


jobs: dict[str, Job] = {}
"""Every registered job by name; the worker makes procrastinate tasks of them."""


def job(name: str, *, queue: str = "default", every: str | None = None) -> Callable[[Callable[..., None]], Job]:
    """Register `run(uow, **arguments)` as a job. Arguments must be JSON values: ids, never contents or secrets."""

    def wrap(run: Callable[..., None]) -> Job:
        made = Job(name, run, queue, every)
        jobs[name] = made
        return made

    return wrap


def defer(uow: UnitOfWork, job: Job, *, at: datetime | None = None, lock: str | None = None, **arguments: Any) -> None:
    """Enqueue the job in this transaction: it runs after commit, or never if the unit of work is rolled back.

    `at` postpones it (real time); `lock` keeps jobs of the same lock one after the other.
    """
    uow.session.execute(
        text(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, 0, :lock, NULL, cast(:args AS jsonb), :at)"
            "::procrastinate_job_to_defer_v1])"
        ),
        {
            "queue": job.queue,
            "task": job.name,
            "lock": lock,
            "args": json.dumps(arguments, default=str),
            "at": at,
        },
    )
