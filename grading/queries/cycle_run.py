"""Reads for computations of a year and what they counted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from core.unit_of_work import UnitOfWork
from grading.entry_records import standing_run
from grading.models import CycleEntry, CycleRun, CycleTask, GradingCycle, TaskScore


def load_run(uow: UnitOfWork, run_id: int) -> CycleRun | None:
    """Return the run of this number."""
    return uow.session.get(CycleRun, run_id)


def running(uow: UnitOfWork, cycle: GradingCycle) -> CycleRun | None:
    """Return the computation that is going on."""
    return uow.session.scalar(select(CycleRun).where(CycleRun.cycle_id == cycle.id, CycleRun.finished_at.is_(None)))


def last_run(uow: UnitOfWork, cycle: GradingCycle) -> CycleRun | None:
    """Return the latest computation, whether it goes on, stands or ended without a result."""
    return uow.session.scalar(
        select(CycleRun).where(CycleRun.cycle_id == cycle.id).order_by(CycleRun.id.desc()).limit(1)
    )


def task_scores_of(
    uow: UnitOfWork, cycle: GradingCycle, entries: Sequence[CycleEntry]
) -> dict[uuid.UUID, list[Decimal]]:
    """Return by entry the scores of the tasks that it counts, before what upheld appeals put right; in one query."""
    run = standing_run(uow.session, cycle)
    found = {
        entry.id: [Decimal(task["score"]) for task in entry.kept["record"]["tasks"]] if entry.kept else []
        for entry in entries
    }
    if run is None:
        return found
    by_agency = {entry.agency.organisation_id: found[entry.id] for entry in entries if not entry.kept}
    rows = uow.session.execute(
        select(TaskScore.agency_id, CycleTask.score)
        .join(CycleTask, (CycleTask.task == TaskScore.seq) & (CycleTask.run_id == run.id))
        .where(TaskScore.agency_id.in_(by_agency))
        .order_by(TaskScore.seq)
    )
    for agency, score in rows:
        by_agency[agency].append(score)
    return found
