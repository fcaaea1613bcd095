"""Delivering a report and having it read again (R-IND-01, R-PERF-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
from sqlalchemy import func, select

from agencies.models import Engagement
from agencies.services.engagements import ensure_may_deliver
from agencies.workflow import ENGAGEMENT
from core.documents.accept import MEGABYTE, accept_file
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.services.conflicts import user_ids_with
from grading.addresses import submission_page
from grading.events import ReportDelivered
from grading.models import Submission
from grading.notifications import DELIVERED
from grading.queries import score_of, sheets_of, standing_submission
from grading.states import SubmissionState
from grading.workflow import SUBMISSION

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

MOST_BYTES = 50 * MEGABYTE
LOOKED_AT = 30
"""Pages of a PDF that are looked at for text before it is taken; the job reads the rest."""


def deliver_report(uow: UnitOfWork, engagement: Engagement, upload: FileStorage | None) -> Submission:
    """Take in a report (DOCX or text PDF) as the next version and queue its check.

    Raises `Refused` before the indicators are approved (R-IND-01), once the report is being scored, and at `file` for
    a file that is missing, empty, too large, of another kind than it says, encrypted, scanned, or unsafe to open.
    """
    uow.lock(engagement)
    ensure_may_deliver(engagement)
    before = standing_submission(uow, engagement.id)
    if score_of(uow, engagement.id) or (before is not None and sheets_of(uow, before)):
        raise Refused(Refusal(_l("报告已进入评分，不能再提交新版本"), field="file"))
    submission = Submission(
        id=uow.ids.new(),
        engagement_id=engagement.id,
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
    document = accept_file(uow, upload, owner=submission, purpose="report", kinds=("docx", "pdf"), max_bytes=MOST_BYTES)
    if document.media_type == "application/pdf":
        _refuse_scans(uow, document.sha256)
    if before is not None:
        SUBMISSION.fire(uow, before, "supersede", as_system=True)
        uow.session.flush()
    uow.session.flush()
    submission.document_id = document.id
    uow.add(submission)
    uow.session.flush()
    uow.record(
        "submission.deliver",
        submission,
        about=(engagement, engagement.project),
        after={"version": submission.version, "sha256": document.sha256},
    )
    ENGAGEMENT.fire(uow, engagement, "deliver")
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


def read_again(uow: UnitOfWork, submission: Submission) -> None:
    """Queue an unreadable report once more, for instance after the reader was improved."""
    SUBMISSION.fire(uow, submission, "retry", assign={"failure": None})
    publish(uow, ReportDelivered(submission))


def _next_version(uow: UnitOfWork, engagement: Engagement) -> int:
    last = uow.session.scalar(select(func.max(Submission.version)).where(Submission.engagement_id == engagement.id))
    return (last or 0) + 1


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
