"""The worker on a real queue: in the same transaction, retried, visible when failed, nothing lost by a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from core.database import db
from core.house import current_house
from core.jobs.overview import failed_jobs, retry_failed
from core.jobs.queue import Job, defer, jobs
from core.jobs.worker import work_off
from core.notifications.models import Mail
from core.notifications.send import queue_mail
from core.unit_of_work import system_work

ROOT = Path(__file__).resolve().parents[3]
SLEEPY = """
import asyncio, sys, time
from pathlib import Path
from core.jobs import job
from core.settings import Settings
from core.notifications.models import Mail
from core.jobs.worker import work
import uuid

@job("test.slow")
def slow(uow, mail_id):
    mail = uow.get(Mail, uuid.UUID(mail_id))
    mail.subject = mail.subject + "+"
    uow.session.flush()
    print("started", flush=True)
    time.sleep(float(sys.argv[3]))

from web.factory import create_app
app = create_app(Settings(database_url=sys.argv[1], var=Path(sys.argv[2]), secret_key="x", testing=True))
asyncio.run(work(app, wait=float(sys.argv[3]) > 1))
"""


@pytest.fixture
def work(durable_app):
    return system_work(current_house())


def statuses(work, task: str) -> dict[str, int]:
    """Count one task's jobs alone: a periodic job may fall due in the very minute of the test."""
    counted = text("SELECT status::text, count(*) FROM procrastinate_jobs WHERE task_name = :task GROUP BY 1")
    return {row.status: row.count for row in work.session.execute(counted, {"task": task})}


def test_a_job_runs_only_if_its_unit_of_work_commits(durable_app, work):
    queue_mail(work, to="a@test.example", subject="s", body="b")
    work.rollback()
    work_off(durable_app)
    assert statuses(work, "mail.send") == {}
    kept = queue_mail(work, to="b@test.example", subject="s", body="b").id
    work.commit()
    work_off(durable_app)
    work.session.expire_all()
    assert work.session.get(Mail, kept).sent_at is not None
    assert statuses(work, "mail.send") == {"succeeded": 1}


def test_a_failed_job_is_seen_and_tried_again(durable_app, work, monkeypatch):
    calls = []

    def fail(uow, **_arguments):
        calls.append(uow.now)
        if len(calls) == 1:
            raise RuntimeError("the first time")

    broken = Job("test.broken", fail)
    monkeypatch.setitem(jobs, broken.name, broken)
    defer(work, broken)
    work.session.execute(text("UPDATE procrastinate_jobs SET attempts = 99"))  # this was its last try
    work.commit()
    work_off(durable_app)
    [failed] = failed_jobs(work.session)
    assert failed.task == "test.broken"
    retry_failed(work, failed.id)
    work.commit()
    work_off(durable_app)
    assert len(calls) == 2
    assert failed_jobs(work.session) == []


@pytest.mark.proof
@pytest.mark.timeout(240)
def test_a_killed_worker_loses_nothing(durable_app, work, tmp_path):
    mail = queue_mail(work, to="c@test.example", subject="s", body="b")
    work.commit()
    work.session.execute(text("DELETE FROM procrastinate_jobs"))
    defer(work, Job("test.slow", lambda _uow: None), mail_id=str(mail.id))
    work.commit()
    url = durable_app.config["SQLALCHEMY_DATABASE_URI"]
    command = [sys.executable, "-c", SLEEPY, url, str(tmp_path / "var")]
    first = subprocess.Popen([*command, "60"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert first.stdout.readline().strip() == "started"
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    assert statuses(work, "test.slow") == {"doing": 1}
    work.session.commit()
    deadline = time.monotonic() + 120
    while statuses(work, "test.slow") != {"succeeded": 1}:
        assert time.monotonic() < deadline, "the job was not done again"
        subprocess.run([*command, "0"], check=True, capture_output=True, cwd=ROOT)
        work.session.rollback()
    db.session.expire_all()
    assert work.session.get(Mail, mail.id).subject == "s+", "done once in effect"
