"""Checking many reports, delivered or uploaded only for that, with today's rules and model: a batch, resumable."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.documents.accept import accept_file
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from grading.check_report import CheckResult, check_document
from grading.events import BatchMade
from grading.following import Said, follow
from grading.models import CheckBatch, CheckItem, QuestionItem, ReportFinding, Submission
from grading.queries import findings_of, visible_submissions
from grading.reading.refusal import Unreadable
from grading.reading.sandbox import read
from grading.services.checking import add_finding, check_submission, kept_columns, ordered, probability_of
from grading.services.delivery import MOST_BYTES
from grading.services.following import said
from grading.services.key_figures import statement_of
from grading.services.reading_files import approved_of, local_file, place_evidence, read_delivery
from grading.services.recycled import house_reports, keep_source
from grading.services.triage_versions import model_name, triage_in_use
from grading.states import FindingState, SubmissionState
from grading.workflow import FINDING, SUBMISSION

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

MOST_FILES = 100


def make_batch(uow: UnitOfWork, chosen: Sequence[uuid.UUID], uploads: Sequence[FileStorage] = ()) -> CheckBatch:
    """Begin a batch over delivered versions and uploaded files; each item becomes a job of its own.

    Raises `Refused` where nothing is chosen, and names each uploaded file that is no readable kind.
    """
    files = [one for one in uploads if one.filename]
    known = set(uow.session.scalars(select(Submission.id).where(Submission.id.in_(chosen)))) if chosen else set()
    if not known and not files:
        raise Refused(Refusal(_l("请选择报告，或上传文件"), field="chosen"))
    if len(known) + len(files) > MOST_FILES:
        raise Refused(Refusal(_l("一次最多核查 %(count)s 份", count=MOST_FILES), field="chosen"))
    batch = uow.add(CheckBatch(made_at=uow.now, made_by_id=uow.actor.user_id, model=model_name(uow)))
    uow.session.flush()
    position, refusals = 0, []
    for one in [one for one in chosen if one in known]:
        position += 1
        _item(uow, batch, position, submission_id=one)
    for upload in files:
        try:
            document = accept_file(
                uow,
                upload,
                owner=batch,
                purpose="batch-report",
                kinds=("docx", "pdf"),
                max_bytes=MOST_BYTES,
                field="files",
            )
        except Refused as refused:
            refusals += [
                Refusal(_l("“%(name)s”：%(reason)s", name=upload.filename, reason=one.reason), field="files")
                for one in refused.refusals
            ]
            continue
        position += 1
        _item(uow, batch, position, document_id=document.id)
    if refusals:
        raise Refused(*refusals)
    uow.session.flush()
    uow.record("check_batch.make", batch, after={"reports": len(known), "files": len(files), "model": batch.model})
    publish(uow, BatchMade(batch))
    return batch


def resume_batch(uow: UnitOfWork, batch: CheckBatch) -> int:
    """Queue once more what is not done; what a worker is at is skipped by its lock. Return how many."""
    left = sum(item.done_at is None for item in batch.items)
    if not left:
        raise Refused(Refusal(_l("这一批已全部完成")))
    publish(uow, BatchMade(batch))
    return left


def _item(uow: UnitOfWork, batch: CheckBatch, position: int, **report: uuid.UUID) -> None:
    uow.add(CheckItem(batch_id=batch.id, position=position, done_at=None, result=None, failure=None, **report))


def check_item(uow: UnitOfWork, item_id: uuid.UUID) -> None:
    """Check one item; one that is done is left alone, so that a job that ran twice changes nothing."""
    item = uow.get(CheckItem, item_id)
    if item is None:
        return
    uow.lock(item)
    if item.done_at is not None:
        return
    result, failure = None, None
    try:
        result = _loose(uow, item) if item.submission is None else recheck(uow, item.submission)
    except Unreadable as refused:
        failure = {"reason": refused.reason, "zh": refused.zh, "en": refused.en}
    item.done_at, item.result, item.failure = uow.now, result, failure
    uow.session.flush()


def recheck(uow: UnitOfWork, submission: Submission) -> dict[str, Any]:
    """Check a delivered version again and bring its findings up to date; return how many are new, gone and kept.

    While findings are being disposed of: answers stay with their findings, new ones are added as open, open ones that
    are no longer found are withdrawn unless the agency was asked about them. In any other state nothing is changed and
    only the numbers are returned. Raises `Unreadable`.
    """
    uow.lock(submission)
    if submission.state in (SubmissionState.RECEIVED, SubmissionState.UNREADABLE):
        return _first_check(uow, submission)
    placed = read_delivery(uow, submission)
    house = house_reports(uow, submission, placed.report)
    result = check_document(
        placed.report,
        approved=approved_of(uow, submission),
        others=house.reports,
        templates=house.templates,
        statement=statement_of(submission),
        triage=triage_in_use(uow),
    )
    found = ordered(result)
    evidence = [[item.to_json() for item in finding.evidence] for finding in found]
    place_evidence(uow, placed, evidence)
    rows = [one for one in findings_of(uow, submission) if one.state is not FindingState.WITHDRAWN]
    new = [
        Said(one.code, one.message["zh"], tuple(item["quote"] for item in items))
        for one, items in zip(found, evidence, strict=True)
    ]
    pairs = {pair.after: rows[pair.before] for pair in follow([said(one) for one in rows], new)}
    asked = _asked(uow, rows)
    gone = [one for one in rows if one not in pairs.values() and one.state is FindingState.OPEN and one.id not in asked]
    counts = {"new": len(found) - len(pairs), "gone": len(gone), "kept": len(pairs)}
    if submission.state is not SubmissionState.CHECKED:
        return {**counts, "unchanged": True}
    last = max((one.position for one in findings_of(uow, submission)), default=0)
    for place, (finding, items) in enumerate(zip(found, evidence, strict=True)):
        row = pairs.get(place)
        if row is None:
            last += 1
            row = add_finding(uow, submission, last, finding, items)
        else:
            _renew(row, finding, items)
        keep_source(uow, row, finding, house)
    for row in gone:
        FINDING.fire(uow, row, "withdraw", as_system=True)
    for name, value in kept_columns(result).items():
        setattr(submission, name, value)
    uow.session.flush()
    uow.record("submission.recheck", submission, detail=counts)
    return counts


def _first_check(uow: UnitOfWork, submission: Submission) -> dict[str, Any]:
    """Read an unreadable report once more, or one whose job has not run yet."""
    if submission.state is SubmissionState.UNREADABLE:
        SUBMISSION.fire(uow, submission, "retry", as_system=True, assign={"failure": None})
        uow.session.flush()
    check_submission(uow, submission.id)
    failure = submission.failure
    if failure is not None:
        raise Unreadable(failure["reason"], failure["zh"], failure["en"])
    return {"new": len(findings_of(uow, submission)), "gone": 0, "kept": 0}


def _renew(row: ReportFinding, finding: Any, items: list[dict[str, Any]]) -> None:
    """Write what the new run says of a finding that was there before; its number and its answer stay."""
    row.severity, row.message = finding.severity.value, dict(finding.message)
    row.evidence, row.signals = items, dict(finding.signals)
    row.stated, row.expected = finding.stated, finding.expected
    row.probability = probability_of(finding)


def _asked(uow: UnitOfWork, rows: Sequence[ReportFinding]) -> set[uuid.UUID]:
    ids = [one.id for one in rows]
    return set(uow.session.scalars(select(QuestionItem.finding_id).where(QuestionItem.finding_id.in_(ids))))


def _loose(uow: UnitOfWork, item: CheckItem) -> dict[str, Any]:
    if item.document is None:
        raise RuntimeError("an item without a report was stored")
    with local_file(uow, item.document) as path:
        report = read(path)
    result: CheckResult = check_document(report, file=item.document.name, triage=triage_in_use(uow))
    return {**result.to_json(), "new": len(result.findings), "gone": 0, "kept": 0}


def batches(uow: UnitOfWork) -> list[CheckBatch]:
    """Return the batches, newest first."""
    query = select(CheckBatch).options(selectinload(CheckBatch.items), selectinload(CheckBatch.made_by))
    return list(uow.session.scalars(query.order_by(CheckBatch.made_at.desc()).limit(50)))


def recheckable(uow: UnitOfWork) -> list[Submission]:
    """Return the standing versions, newest first; each may be checked again."""
    query = visible_submissions(uow.actor).where(Submission.state != SubmissionState.SUPERSEDED)
    return list(uow.session.scalars(query.order_by(Submission.delivered_at.desc()).limit(MOST_FILES)).unique())
