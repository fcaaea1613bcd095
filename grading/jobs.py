"""What the room does in the background: checking delivered reports and batches, training the model anew."""

from __future__ import annotations

import uuid

from agencies.models import AgencyGrade
from core.errors import Refused
from core.events import publish
from core.jobs.queue import defer, job
from core.unit_of_work import UnitOfWork
from grading.events import (
    BatchMade,
    CertificateEnded,
    CycleAnnounced,
    CycleAsked,
    CyclePublished,
    GradesLeft,
    ReportDelivered,
    TrainingAsked,
)
from grading.models import GradingCycle
from grading.queries.cycle_run import load_run
from grading.services import cycle_runs
from grading.services.certificates import issue_certificate, issue_next, may_have
from grading.services.checking import check_submission
from grading.services.cycle_course import record_next
from grading.services.grading_cycle import end_run, finish_run
from grading.services.rechecking import check_item
from grading.services.report_seats import lapse_overdue_report_seats
from grading.services.telling import tell_agencies
from grading.services.triage_versions import retrain_if_due, retrain_now
from grading.states import CycleState


@job("grading.check-report")
def check_delivered(uow: UnitOfWork, *, submission_id: str) -> None:
    """Check one delivered report; a second run finds it checked and does nothing."""
    check_submission(uow, uuid.UUID(submission_id))


@job("grading.check-item")
def check_batch_item(uow: UnitOfWork, *, item_id: str) -> None:
    """Check one report of a batch; a second run finds it done and does nothing."""
    check_item(uow, uuid.UUID(item_id))


@job("grading.retrain")
def retrain(uow: UnitOfWork, *, asked_by: str) -> None:
    """Train the model anew from reviewers' decisions, because somebody asked."""
    retrain_now(uow, asked_by=uuid.UUID(asked_by))


@job("grading.retrain-weekly", every="30 18 * * 6")
def retrain_weekly(uow: UnitOfWork) -> None:
    """On Sunday mornings (Shanghai), train anew if enough was decided since the last time."""
    retrain_if_due(uow)


@job("grading.lapse-report-invitations", every="*/10 * * * *")
def lapse_report_invitations(uow: UnitOfWork) -> None:
    """Let invitations to report panels lapse whose time has passed (R-EXP-02); twice does nothing more."""
    lapse_overdue_report_seats(uow)


def enqueue_check(uow: UnitOfWork, event: ReportDelivered) -> None:
    """Queue the check in the transaction that took the report in."""
    defer(uow, check_delivered, submission_id=str(event.submission.id), lock=f"report:{event.submission.id}")


def enqueue_batch(uow: UnitOfWork, event: BatchMade) -> None:
    """Queue every item that is not done, each for itself: as many workers as there are take part."""
    for item in event.batch.items:
        if item.done_at is None:
            defer(uow, check_batch_item, item_id=str(item.id), lock=f"check-item:{item.id}")


def enqueue_training(uow: UnitOfWork, _event: TrainingAsked) -> None:
    """Queue the training; two requests run one after the other."""
    defer(uow, retrain, asked_by=str(uow.actor.user_id), lock="triage-training")


@job("grading.tell-agencies")
def tell_of_cycle(uow: UnitOfWork, *, cycle_id: str, state: str, after: str | None = None) -> None:
    """Tell the next agencies of a year what became of it, and queue those after them."""
    cycle = uow.get(GradingCycle, cycle_id)
    if cycle is None:
        return
    last = tell_agencies(uow, cycle, CycleState(state), uuid.UUID(after) if after else None)
    if last is not None:
        defer(uow, tell_of_cycle, cycle_id=cycle_id, state=state, after=str(last), lock=f"cycle:{cycle_id}")


def enqueue_telling(uow: UnitOfWork, event: CycleAnnounced | CyclePublished) -> None:
    """Queue the news to all agencies of a year."""
    cycle = event.cycle
    defer(uow, tell_of_cycle, cycle_id=str(cycle.id), state=cycle.state.value, lock=f"cycle:{cycle.id}")


@job("grading.issue-certificates")
def issue_certificates(uow: UnitOfWork, *, year: int, after: str | None = None) -> None:
    """Issue the next certificates of a published year, and queue those after them."""
    last = issue_next(uow, year, uuid.UUID(after) if after else None)
    if last is not None:
        defer(uow, issue_certificates, year=year, after=str(last), lock="grade-certificates")


@job("grading.issue-certificate")
def issue_one_certificate(uow: UnitOfWork, *, grade_id: str) -> None:
    """Issue the certificate of one grade that was corrected."""
    grade = uow.get(AgencyGrade, grade_id)
    if grade is not None and may_have(grade):
        issue_certificate(uow, grade)


def enqueue_certificates(uow: UnitOfWork, event: CyclePublished) -> None:
    """Queue the certificates of a year."""
    defer(uow, issue_certificates, year=event.cycle.year, lock="grade-certificates")


def enqueue_new_certificate(uow: UnitOfWork, event: CertificateEnded) -> None:
    """Queue the certificate that takes an ended one's place."""
    defer(uow, issue_one_certificate, grade_id=str(event.grade.id), lock="grade-certificates")


@job("grading.cycle-start")
def start_cycle(uow: UnitOfWork, *, run_id: int) -> None:
    """Fix what a computation counts and queue its chunks; asked again, queue those that are left."""
    run = load_run(uow, run_id)
    if run is None or run.finished_at is not None:
        return
    try:
        ready = cycle_runs.prepare(uow, run)
    except Refused as refused:
        uow.rollback()
        end_run(uow, run_id, refused)
        return
    if not ready:
        defer(uow, start_cycle, run_id=run_id, lock=f"cycle-run:{run_id}")
        return
    left = cycle_runs.chunks_left(uow, run)
    for number in left:
        defer(uow, compute_chunk, run_id=run_id, number=number, lock=f"cycle-run:{run_id}:{number}")
    if not left:
        defer(uow, finish_cycle, run_id=run_id, lock=f"cycle-run:{run_id}")


@job("grading.cycle-chunk")
def compute_chunk(uow: UnitOfWork, *, run_id: int, number: int) -> None:
    """Compute one chunk of a year; a second run finds it done and does nothing."""
    run = load_run(uow, run_id)
    if run is None or run.finished_at is not None:
        return
    try:
        last = cycle_runs.work_chunk(uow, run, number)
    except cycle_runs.Lacking as lacking:
        uow.rollback()
        end_run(uow, run_id, lacking)
        return
    if last:
        defer(uow, finish_cycle, run_id=run_id, lock=f"cycle-run:{run_id}")


@job("grading.cycle-finish")
def finish_cycle(uow: UnitOfWork, *, run_id: int) -> None:
    """Compute the agencies' years once every chunk is done, and tell whoever asked."""
    run = load_run(uow, run_id)
    if run is not None and not cycle_runs.chunks_left(uow, run):
        finish_run(uow, run)


def enqueue_computing(uow: UnitOfWork, event: CycleAsked) -> None:
    """Queue the computation of a year, or what is left of it."""
    defer(uow, start_cycle, run_id=event.run.id, lock=f"cycle-run:{event.run.id}")


@job("grading.record-grades")
def record_grades(uow: UnitOfWork, *, cycle_id: str, after: str | None = None) -> None:
    """Record the next grades of a published year and queue those after them; at the end the agencies are told."""
    cycle = uow.get(GradingCycle, cycle_id)
    if cycle is None or cycle.state is not CycleState.PUBLISHED:
        return
    last = record_next(uow, cycle, uuid.UUID(after) if after else None)
    if last is None:
        publish(uow, CyclePublished(cycle))
    else:
        defer(uow, record_grades, cycle_id=cycle_id, after=str(last), lock=f"cycle:{cycle_id}")


def enqueue_recording(uow: UnitOfWork, event: GradesLeft) -> None:
    """Queue the grades that are left of a year."""
    defer(uow, record_grades, cycle_id=str(event.cycle.id), lock=f"cycle:{event.cycle.id}")
