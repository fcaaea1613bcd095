"""Delivering a report and having it read again (R-IND-01, R-PERF-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
from sqlalchemy import func, select

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.queries.following import is_followed
from agencies.services.engagements import ensure_may_deliver
from agencies.services.milestones import reached
from agencies.states import MilestoneKind
from agencies.workflow import ENGAGEMENT
from core.documents.accept import MEGABYTE, accept_file
from core.documents.models import Document
from core.errors import Forbidden, Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.addresses import submission_page
from grading.events import ReportDelivered
from grading.models import Submission, SubmissionFile
from grading.notifications import DELIVERED
from grading.queries import score_of, sheets_of, standing_submission
from grading.services.comments import open_round
from grading.services.key_figures import keep_figures
from grading.services.old_formats import modern
from grading.services.questions import close_by_correction
from grading.services.report_path import (
    UNSIGNED,
    Signing,
    ensure_draft,
    final_refusals,
    has_signature,
    outline_refusal,
    sign,
    signing_refusals,
)
from grading.statement import Statement
from grading.states import FileRole, ReportKind, SubmissionState
from grading.workflow import SUBMISSION

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

MOST_BYTES = 50 * MEGABYTE
MOST_ANNEXES = 20
LOOKED_AT = 30
"""Pages of a PDF that are looked at for text before it is taken; the job reads the rest."""
KINDS = {
    FileRole.REPORT: ("docx", "pdf"),
    FileRole.ANNEX: ("docx", "pdf", "xlsx", "jpg", "png"),
    FileRole.SCAN: ("pdf",),
}
FIELDS = {FileRole.REPORT: "file", FileRole.ANNEX: "annexes", FileRole.SCAN: "scan"}


NOTHING = Statement()


@dataclass(frozen=True)
class Delivery:
    """What an agency hands in at once: the report, further files, what it says of this version, its key figures.

    A draft goes out for comments; a final is signed by a lead evaluator (R-AGENCY-11).
    """

    report: FileStorage | None
    annexes: Sequence[FileStorage] = ()
    scan: FileStorage | None = None
    note: str = ""
    statement: Statement = NOTHING
    kind: ReportKind = ReportKind.FINAL
    signing: Signing = UNSIGNED

    @property
    def files(self) -> list[tuple[FileRole, FileStorage | None]]:
        """Every file with its role, the report first; fields left empty are no files."""
        further = [(FileRole.ANNEX, one) for one in self.annexes if one.filename]
        if self.scan is not None and self.scan.filename:
            further.append((FileRole.SCAN, self.scan))
        return [(FileRole.REPORT, self.report), *further]


@dataclass(frozen=True)
class Accepted:
    """A file that was kept; `original` is what it was converted from, if it was."""

    role: FileRole
    document: Document
    original: Document | None = None


def deliver_report(uow: UnitOfWork, engagement: Engagement, delivery: Delivery) -> Submission:
    """Take in a report (DOCX or text PDF) with its further files as the next version and queue its check.

    A draft opens a round of written comments. The final of an engagement that is followed is refused while a comment
    lacks its answer, or the agency's own review or the lead's signature is missing (R-AGENCY-11).

    Old formats (.doc, .wps) are converted where they can be; the original is kept beside.

    Raises `Refused` before the indicators are approved (R-IND-01), once the report is being scored, and at the file's
    field for each file that is missing, empty, too large, of another kind than it says, encrypted or unsafe to open,
    and for a report without text. Of the files nothing is kept unless all are good.
    """
    uow.lock(engagement)
    ensure_may_deliver(engagement)
    before = standing_submission(uow, engagement.id)
    if score_of(uow, engagement.id) or (before is not None and sheets_of(uow, before)):
        raise Refused(Refusal(_l("报告已进入评分，不能再提交新版本"), field="file"))
    followed = is_followed(uow, engagement)
    _ensure_path(uow, engagement, delivery, before, followed=followed)
    submission = Submission(
        id=uow.ids.new(),
        engagement_id=engagement.id,
        kind=delivery.kind,
        version=_next_version(uow, engagement),
        delivered_by_id=uow.actor.user_id,
        delivered_at=uow.now,
        state=SubmissionState.RECEIVED,
        checked_at=None,
        pages=None,
        total_score=None,
        coverage=None,
        blocks=None,
        failure=None,
    )
    submission.note = delivery.note.strip()
    accepted = _accept(uow, submission, delivery)
    document = accepted[0].document
    if followed and delivery.kind is ReportKind.FINAL:
        _ensure_signed(uow, engagement, delivery, accepted)
    if before is not None:
        close_by_correction(uow, before)
        SUBMISSION.fire(uow, before, "supersede", as_system=True)
        uow.session.flush()
    uow.session.flush()
    submission.document_id = document.id
    uow.add(submission)
    uow.session.flush()
    keep_figures(uow, submission, delivery.statement)
    for position, one in enumerate(accepted):
        uow.add(
            SubmissionFile(
                submission_id=submission.id,
                document_id=one.document.id,
                original_id=one.original.id if one.original else None,
                role=one.role,
                position=position,
                reading=None,
                failure=None,
            )
        )
    uow.session.flush()
    uow.record(
        "submission.deliver",
        submission,
        about=(engagement, engagement.project),
        after={
            "version": submission.version,
            "kind": submission.kind.value,
            "sha256": document.sha256,
            "further": [{"role": str(one.role), "sha256": one.document.sha256} for one in accepted[1:]],
        },
    )
    if delivery.kind is ReportKind.DRAFT:
        open_round(uow, submission)
        publish(uow, ReportDelivered(submission))
        return submission
    if followed and delivery.signing.lead is not None:
        sign(uow, submission, delivery.signing.lead, document)
    ENGAGEMENT.fire(uow, engagement, "deliver")
    reached(uow, engagement, MilestoneKind.FINAL)
    publish(uow, ReportDelivered(submission))
    notify(
        uow,
        DELIVERED,
        user_ids_with(uow, Role.QUALITY_OFFICER),
        url=submission_page(submission.id),
        params={
            "project": engagement.project.name,
            "agency": engagement.agency.name,
            "version": str(submission.version),
        },
    )
    return submission


def _ensure_path(
    uow: UnitOfWork, engagement: Engagement, delivery: Delivery, before: Submission | None, *, followed: bool
) -> None:
    """Raise what the report's path has against this delivery, before any file is looked at."""
    decision = policy.decide(uow.actor, AgencyPermission.DELIVER, engagement)
    if not decision:
        raise Forbidden(decision.reason)
    if delivery.kind is ReportKind.DRAFT:
        ensure_draft(uow, engagement)
        return
    refusals = final_refusals(uow, engagement)
    outline = outline_refusal(uow, before, delivery.note) if followed and not refusals else None
    if refusals or outline is not None:
        raise Refused(*refusals, *([outline] if outline is not None else []))


def _ensure_signed(uow: UnitOfWork, engagement: Engagement, delivery: Delivery, accepted: Sequence[Accepted]) -> None:
    """Raise what the signature of a final lacks; an electronic one in the report's PDF stands for the scan."""
    report = accepted[0].document
    scanned = any(one.role is FileRole.SCAN for one in accepted)
    sealed = scanned or (report.media_type == "application/pdf" and has_signature(uow, report.sha256))
    refusals = signing_refusals(uow, engagement, delivery.signing, has_scan=sealed)
    if refusals:
        raise Refused(*refusals)


def read_again(uow: UnitOfWork, submission: Submission) -> None:
    """Queue an unreadable report once more, for instance after the reader was improved."""
    SUBMISSION.fire(uow, submission, "retry", assign={"failure": None})
    publish(uow, ReportDelivered(submission))


def _next_version(uow: UnitOfWork, engagement: Engagement) -> int:
    last = uow.session.scalar(select(func.max(Submission.version)).where(Submission.engagement_id == engagement.id))
    return (last or 0) + 1


def _accept(uow: UnitOfWork, submission: Submission, delivery: Delivery) -> list[Accepted]:
    """Check and keep every file; all that speaks against any of them is said at once."""
    accepted: list[Accepted] = []
    refusals: list[Refusal] = []
    if len(delivery.annexes) > MOST_ANNEXES:
        refusals.append(Refusal(_l("一次最多提交 %(count)s 个附件", count=MOST_ANNEXES), field="annexes"))
    for role, upload in delivery.files:
        try:
            accepted.append(_accept_one(uow, submission, role, upload))
        except Refused as refused:
            refusals += [_named(one, role, upload) for one in refused.refusals]
    if refusals:
        raise Refused(*refusals)
    return accepted


def _accept_one(uow: UnitOfWork, submission: Submission, role: FileRole, upload: FileStorage | None) -> Accepted:
    field = FIELDS[role]
    brought = modern(upload, field=field, may_convert=role is not FileRole.SCAN, max_bytes=MOST_BYTES)
    document = accept_file(
        uow,
        brought.upload,
        owner=submission,
        purpose="report" if role is FileRole.REPORT else f"report-{role}",
        kinds=KINDS[role],
        max_bytes=MOST_BYTES,
        field=field,
    )
    if role is FileRole.REPORT and document.media_type == "application/pdf":
        _refuse_scans(uow, document.sha256)
    return Accepted(role, document, brought.keep_original(uow, submission))


def _named(refusal: Refusal, role: FileRole, upload: FileStorage | None) -> Refusal:
    """Say of which annex a refusal speaks: its field holds several files."""
    if role is not FileRole.ANNEX or upload is None:
        return refusal
    return Refusal(
        _l("“%(name)s”：%(reason)s", name=upload.filename, reason=refusal.reason),
        rule_id=refusal.rule_id,
        field=refusal.field,
    )


def _refuse_scans(uow: UnitOfWork, sha256: str) -> None:
    """Refuse a PDF of pictures at once: its agency is still at the form and can export it anew."""
    with uow.house.store.open(sha256) as file:
        document = pypdfium2.PdfDocument(file)
        try:
            for number in range(min(len(document), LOOKED_AT)):
                if document[number].get_textpage().get_text_bounded().strip():
                    return
        finally:
            document.close()
    raise Refused(
        Refusal(_l("PDF 里只有图像、没有文字（可能是扫描件），请提交由文字处理软件导出的 PDF 或 DOCX"), field="file")
    )
