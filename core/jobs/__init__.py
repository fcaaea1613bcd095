"""Jobs on the same PostgreSQL: enqueued in the transaction that needs them, at least once, never lost.

A job is a plain function registered with `@job(...)`; `defer(uow, job, ...)` enqueues it inside the unit of work, so a
job exists if and only if what it is about was committed. Every job is idempotent.
"""

from core.jobs.queue import defer, job, jobs

__all__ = ["defer", "job", "jobs"]
