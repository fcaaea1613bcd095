"""The worker: procrastinate runs each registered job as one unit of work; what a killed worker left is done again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from flask import Flask
from procrastinate import App, PsycopgConnector, RetryStrategy

from core.database import db
from core.house import current_house
from core.jobs.queue import Job, jobs
from core.unit_of_work import system_work

ATTEMPTS = 6
CONCURRENCY = 2
HEARTBEAT_SECONDS = 5.0
STALLED_AFTER_SECONDS = 20.0
RESCUE_SECONDS = 10.0


def queue_app(app: Flask) -> App:
    """Build procrastinate's application with a task for every registered job."""
    url = app.config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg://", "postgresql://", 1)
    made = App(connector=PsycopgConnector(conninfo=url))
    for one in jobs.values():
        retry = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=4)
        made.task(name=one.name, queue=one.queue, retry=retry)(_runner(app, one))
        if one.every:
            timed = made.task(name=f"{one.name}.periodic", queue=one.queue, retry=retry)(_runner(app, one))
            made.periodic(cron=one.every)(timed)
    return made


def _runner(app: Flask, one: Job) -> Callable[..., None]:
    """Return what runs a job in a unit of work; the stamp that a periodic run brings is of no use to it."""

    def run(timestamp: int | None = None, **arguments: Any) -> None:  # noqa: ARG001 - procrastinate's name for it
        with app.app_context():
            run_job(one, arguments)

    return run


def run_job(one: Job, arguments: dict[str, Any]) -> None:
    """Run a job as one unit of work in which the system acts: all of it happens, or none."""
    try:
        with system_work(current_house()) as uow:
            one.run(uow, **arguments)
    finally:
        db.session.remove()


async def rescue_stalled(made: App) -> int:
    """Put back the jobs whose worker gives no sign of life any more; return how many."""
    rescued = 0
    for one in await made.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await made.job_manager.retry_job(one)
        rescued += 1
    return rescued


async def _watch(made: App) -> None:
    while True:
        await rescue_stalled(made)
        await asyncio.sleep(RESCUE_SECONDS)


async def work(app: Flask, *, wait: bool = True, concurrency: int = CONCURRENCY) -> None:
    """Work the queue until told to stop (SIGTERM, SIGINT); with `wait=False` until it is empty."""
    made = queue_app(app)
    async with made.open_async():
        await rescue_stalled(made)
        watch = asyncio.create_task(_watch(made)) if wait else None
        try:
            await made.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                install_signal_handlers=wait,
                listen_notify=wait,
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=20,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_AFTER_SECONDS,
                delete_jobs="never",
            )
        finally:
            if watch is not None:
                watch.cancel()


def work_off(app: Flask) -> None:
    """Work the queue until it is empty: for seeding a demonstration and for tests."""
    asyncio.run(work(app, wait=False, concurrency=1))
