"""A worker that is really killed (SIGKILL) in the middle of a year: what it left is gone on with, to the byte."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import db
from core.house import current_house
from core.identity.actor import SYSTEM, actor_for
from core.jobs.queue import jobs
from core.jobs.worker import run_job
from core.records import written
from core.unit_of_work import UnitOfWork
from grading.models import CycleChunk, CycleEntry, CycleRun, CycleTask
from grading.services import cycle_runs, grading_cycle
from grading.services.grading_cycle import ask_cycle, compute_cycle
from tests.factories.grading import rated_desk

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]
ROOT = Path(__file__).resolve().parents[3]
VICTIM = """
import os, signal, sys
from pathlib import Path
from core.jobs.queue import jobs
from core.jobs.worker import run_job
from core.settings import Settings
from grading.services import cycle_runs
from web.factory import create_app

url, var, name, run, number = sys.argv[1:]
app = create_app(Settings(database_url=url, var=Path(var), secret_key="test" * 16, testing=True))

def die(*_words, **_values):
    os.kill(os.getpid(), signal.SIGKILL)

cycle_runs.chunks_left = die if name == "grading.cycle-chunk" else cycle_runs.chunks_left
if name == "grading.cycle-finish":
    from grading.services import grading_cycle
    grading_cycle._tell = die
with app.app_context():
    words = {"run_id": int(run)} | ({"number": int(number)} if name == "grading.cycle-chunk" else {})
    run_job(jobs[name], words)
"""


def marks(cycle_id) -> list[tuple]:
    """Everything that a computation leaves, records to the byte."""
    db.session.remove()
    entries = db.session.scalars(select(CycleEntry).where(CycleEntry.cycle_id == cycle_id).order_by(CycleEntry.id))
    found = [(one.id, one.grade, one.score, one.mean, one.deducted, written(one.record)) for one in entries]
    db.session.remove()
    return found


@pytest.mark.timeout(300)
def test_a_killed_worker_leaves_a_year_that_is_gone_on_with_to_the_byte(durable_app, monkeypatch):
    monkeypatch.setattr(cycle_runs, "CHUNK", 1)
    monkeypatch.setattr(grading_cycle, "AT_ONCE", 0)
    with UnitOfWork(db.session(), SYSTEM, current_house()) as uow:
        desk = rated_desk(uow, "0.8")
        rated_desk(uow, "0.9", agency=desk.agency)
        rated_desk(uow, "0.7")
        user, year = desk.quality.id, uow.today.year
    db.session.remove()
    with UnitOfWork(db.session(), actor_for(db.session(), user), current_house()) as uow:
        cycle = compute_cycle(uow, year).id
    before = marks(cycle)
    with UnitOfWork(db.session(), actor_for(db.session(), user), current_house()) as uow:
        run = ask_cycle(uow, year).id
    url, var = durable_app.config["SQLALCHEMY_DATABASE_URI"], str(current_house().settings.var)

    def kill(name: str, number: int = 0) -> None:
        db.session.remove()
        done = subprocess.run(
            [sys.executable, "-c", VICTIM, url, var, name, str(run), str(number)], cwd=ROOT, check=False
        )
        assert done.returncode == -signal.SIGKILL

    run_job(jobs["grading.cycle-start"], {"run_id": run})
    run_job(jobs["grading.cycle-chunk"], {"run_id": run, "number": 0})
    kill("grading.cycle-chunk", 1)
    left = db.session.scalars(select(CycleChunk.number).where(CycleChunk.run_id == run, CycleChunk.done_at.is_(None)))
    assert sorted(left) == [1, 2]
    assert len(db.session.scalars(select(CycleTask).where(CycleTask.run_id == run)).all()) == 1
    assert marks(cycle) == before, "what stood before stands until the end"
    for number in (1, 2):
        run_job(jobs["grading.cycle-chunk"], {"run_id": run, "number": number})
    kill("grading.cycle-finish")
    assert db.session.get_one(CycleRun, run).finished_at is None
    run_job(jobs["grading.cycle-finish"], {"run_id": run})
    assert marks(cycle) == before
    assert db.session.get_one(CycleRun, run).stands
