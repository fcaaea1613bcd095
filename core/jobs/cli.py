"""`flask jobs work`, `flask jobs status`."""

from __future__ import annotations

import asyncio
import os

import click
from flask import current_app
from flask.cli import AppGroup

from core.database import db
from core.jobs.overview import counts_by_status
from core.jobs.worker import CONCURRENCY, work

GIVES_WAY = 5

jobs_cli = AppGroup("jobs", help="The job worker.")


@jobs_cli.command("work")
@click.option("--concurrency", default=CONCURRENCY, show_default=True, help="How many jobs at a time.")
@click.option("--until-empty", is_flag=True, help="Stop when nothing is left to do.")
def work_command(*, concurrency: int, until_empty: bool) -> None:
    """Work the queue until told to stop."""
    if not until_empty:
        os.nice(GIVES_WAY)  # on a machine of two cores mails wait for the closing-day rush, never the other way round
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the worker's threads need the app itself
    asyncio.run(work(app, wait=not until_empty, concurrency=concurrency))


@jobs_cli.command("status")
def status_command() -> None:
    """Say how many jobs wait, run, failed."""
    for status, count in counts_by_status(db.session()).items():
        click.echo(f"{status:10} {count}")
