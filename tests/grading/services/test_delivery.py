"""Delivering, checking and disposing of reports."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import func, select, text

from agencies.states import EngagementState
from core.documents.models import Document
from core.errors import Forbidden, Refused
from grading.models import ReportFinding, Submission
from grading.queries import findings_of
from grading.services.checking import check_submission
from grading.services.delivery import Delivery, deliver_report, read_again
from grading.services.disposal import dismiss, uphold
from grading.states import FindingState, SubmissionState
from grading.workflow import SUBMISSION
from tests.factories.grading import Desk, checked_submission, delivered_report, report_bytes, upload


def picture_pdf() -> bytes:
    """A PDF whose only page holds a picture and no text."""
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.rect(50, 50, 300, 500, fill=1)
    canvas.save()
    return target.getvalue()


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption("secret"))
    canvas.drawString(50, 50, "report")
    canvas.save()
    return target.getvalue()


def bomb_docx() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 60_000_000)
    return target.getvalue()


BAD = {
    "empty": (lambda: b"", "报告.docx", "空"),
    "wrong type": (lambda: b"a,b\n1,2\n", "报告.csv", "请上传"),
    "lies about its type": (lambda: b"%PDF-1.7 no zip at all", "报告.docx", "不符"),
    "text named pdf": (lambda: b"hello", "报告.pdf", "PDF"),
    "encrypted": (encrypted_pdf, "报告.pdf", "密码"),
    "scanned": (picture_pdf, "报告.pdf", "扫描件"),
    "zip bomb": (bomb_docx, "报告.docx", "庞大"),
}


def test_no_report_is_taken_before_the_indicators_are_approved(uow):
    desk = Desk(uow, approved=False)
    with pytest.raises(Refused) as caught:
        desk.deliver()
    assert caught.value.refusals[0].rule_id == "R-IND-01"
    assert uow.session.scalar(select(func.count()).select_from(Submission)) == 0


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_clear_sentence_and_leaves_nothing(uow, case):
    make, name, words = BAD[case]
    desk = Desk(uow)
    with pytest.raises(Refused) as caught, uow.session.begin_nested():
        desk.deliver(make(), name)
    (refusal,) = caught.value.refusals
    assert words in str(refusal.reason)
    assert refusal.field == "file"
    assert uow.session.scalar(select(func.count()).select_from(Submission)) == 0
    assert uow.session.scalar(select(func.count()).where(Document.purpose == "report")) == 0
    assert desk.engagement.state is EngagementState.EVALUATING


def test_a_report_too_large_is_refused(uow, monkeypatch):
    monkeypatch.setattr("grading.services.delivery.MOST_BYTES", 100)
    desk = Desk(uow)
    with pytest.raises(Refused, match="上限"):
        desk.deliver()


def test_a_stranger_cannot_deliver(uow):
    desk, other = Desk(uow), Desk(uow)
    with pytest.raises(Forbidden):
        deliver_report(desk.acting(other.manager), desk.engagement, Delivery(upload(report_bytes())))


def test_delivery_queues_one_check_and_moves_the_engagement(uow):
    desk = delivered_report(uow)
    queued = uow.session.scalar(
        text(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'grading.check-report' AND args->>'submission_id' = :id"
        ),
        {"id": str(desk.submission.id)},
    )
    assert queued == 1
    assert desk.submission.state is SubmissionState.RECEIVED
    assert desk.engagement.state is EngagementState.DELIVERED


def test_a_planted_slip_is_found_with_evidence_and_probability(uow):
    desk = checked_submission(uow, "score-sum")
    found = findings_of(uow, desk.submission)
    assert "score-sum" in {one.code for one in found}
    assert all(0 <= one.probability <= 1 and one.evidence and one.message["zh"] and one.message["en"] for one in found)
    assert [one.position for one in found] == list(range(1, len(found) + 1))
    assert desk.submission.coverage["figures_checked"] > 0
    assert any(block["kind"] == "table" for block in desk.submission.blocks)


def test_checking_twice_changes_nothing(uow):
    desk = checked_submission(uow)
    before = [one.id for one in findings_of(uow, desk.submission)]
    check_submission(uow, desk.submission.id)
    assert [one.id for one in findings_of(uow, desk.submission)] == before


def test_an_unreadable_report_is_a_state_with_its_sentence_and_may_be_read_again(uow, monkeypatch):
    from grading.reading.refusal import refusal

    def fail(_path):
        raise refusal("corrupt")

    desk = delivered_report(uow)
    monkeypatch.setattr("grading.services.reading_files.read", fail)
    desk.check()
    assert desk.submission.state is SubmissionState.UNREADABLE
    assert desk.submission.failure["zh"].startswith("文件已损坏")
    monkeypatch.undo()
    read_again(desk.acting(desk.manager), desk.submission)
    desk.check()
    assert desk.submission.state is SubmissionState.CHECKED
    assert desk.submission.failure is None


def test_a_new_version_takes_the_place_of_the_old(uow):
    desk = checked_submission(uow)
    first = desk.submission
    second = desk.deliver(report_bytes(11, kind="pdf"), "修订稿.pdf")
    assert (first.state, second.version) == (SubmissionState.SUPERSEDED, 2)
    desk.check()
    assert second.state is SubmissionState.CHECKED


def test_disposal_needs_a_reason_to_dismiss_and_an_answer_to_everything(uow):
    desk = checked_submission(uow)
    finding = findings_of(uow, desk.submission)[0]
    officer = desk.acting(desk.quality)
    with pytest.raises(Refused, match="理由"):
        dismiss(officer, finding, " ")
    with pytest.raises(Refused, match="没有处置"):
        SUBMISSION.fire(officer, desk.submission, "dispose")
    uphold(officer, finding)
    assert finding.state is FindingState.UPHELD
    assert finding.disposed_by_id == desk.quality.id
    dismiss(officer, finding, "表内单位不同")
    assert (finding.state, finding.reason) == (FindingState.DISMISSED, "表内单位不同")
    desk_left = [one for one in findings_of(uow, desk.submission) if one.state is FindingState.OPEN]
    for one in desk_left:
        uphold(officer, one)
    SUBMISSION.fire(officer, desk.submission, "dispose")
    with pytest.raises((Refused, Forbidden)):
        uphold(officer, finding)


def test_the_agency_cannot_dispose_of_its_own_findings(uow):
    desk = checked_submission(uow)
    finding = uow.session.scalar(select(ReportFinding).where(ReportFinding.submission_id == desk.submission.id))
    with pytest.raises(Forbidden):
        dismiss(desk.acting(desk.manager), finding, "不同意")
