"""A delivery of several files: each with its role, what could be read of it, and why it was refused."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.documents.models import Document
from core.errors import Refused
from grading.models import Submission, SubmissionFile
from grading.queries import findings_of
from grading.services.disposal import Verdict, dispose_many
from grading.services.key_figures import statement_of
from grading.statement import Statement
from grading.states import DismissalGround, FileRole, FindingState, SubmissionState
from tests.factories.grading import Desk, checked_submission, report_bytes, upload
from tests.grading.services.test_delivery import encrypted_pdf, picture_pdf


def png() -> bytes:
    """A small picture."""
    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (4, 4)).save(target, "PNG")
    return target.getvalue()


def test_every_file_is_kept_with_its_role_and_what_was_read_of_it(uow):
    desk = Desk(uow)
    annexes = [upload(report_bytes(12), "附件1.docx"), upload(png(), "现场.png")]
    desk.deliver(report_bytes(7), annexes=annexes, scan=upload(picture_pdf(), "盖章.pdf"), note=" 首次提交 ")
    desk.check()
    uow.session.expire_all()
    report, annex, picture, scan = desk.submission.files
    assert [one.role for one in desk.submission.files] == [
        FileRole.REPORT,
        FileRole.ANNEX,
        FileRole.ANNEX,
        FileRole.SCAN,
    ]
    assert annex.reading["first_paragraph"] == report.reading["paragraphs"]
    assert picture.reading["kind"] == "picture"
    assert (scan.reading["kind"], scan.reading["pages"]) == ("scan", 1)
    assert desk.submission.note == "首次提交"
    assert desk.submission.state is SubmissionState.CHECKED


def test_an_annex_that_cannot_be_read_is_noted_and_the_report_is_checked(uow):
    desk = Desk(uow)
    desk.deliver(annexes=[upload(picture_pdf(), "凭证扫描.pdf")])
    desk.check()
    uow.session.expire_all()
    assert desk.submission.state is SubmissionState.CHECKED
    assert desk.submission.files[1].failure["reason"] == "no-text"


def test_all_bad_files_are_named_at_once_and_nothing_is_kept(uow):
    desk = Desk(uow)
    annexes = [upload(b"x", "旧表.xls"), upload(encrypted_pdf(), "保密.pdf")]
    with pytest.raises(Refused) as caught, uow.session.begin_nested():
        desk.deliver(b"", annexes=annexes)
    words = {one.field: str(one.reason) for one in caught.value.refusals}
    assert "空" in words["file"]
    assert [one.field for one in caught.value.refusals] == ["file", "annexes", "annexes"]
    said = "；".join(str(one.reason) for one in caught.value.refusals)
    assert "旧表.xls" in said
    assert "旧格式" in said
    assert "密码" in said
    assert uow.session.scalar(select(func.count()).select_from(Submission)) == 0
    assert uow.session.scalar(select(func.count()).select_from(SubmissionFile)) == 0
    assert uow.session.scalar(select(func.count()).where(Document.purpose.like("report%"))) == 0


def test_too_many_annexes_are_refused(uow, monkeypatch):
    monkeypatch.setattr("grading.services.delivery.MOST_ANNEXES", 1)
    with pytest.raises(Refused, match="最多"):
        Desk(uow).deliver(annexes=[upload(png(), "1.png"), upload(png(), "2.png")])


def test_evidence_in_a_pdf_knows_its_place_on_the_page(uow):
    desk = Desk(uow)
    desk.deliver(report_bytes(7, slip="money-sum", kind="pdf"), "报告.pdf")
    desk.check()
    (one,) = [row for row in findings_of(uow, desk.submission) if row.code == "money-sum"]
    assert all(item["boxes"] for item in one.evidence)
    assert desk.submission.files[0].reading["sizes"]


def test_the_report_is_held_against_the_approved_indicators(uow):
    """R-IND-01: what is evaluated is what was approved; another system is one finding, not one for each row."""
    desk = checked_submission(uow)
    assert [one.code for one in findings_of(uow, desk.submission)].count("indicator-mismatch") == 1


def test_several_findings_get_one_answer_and_those_answered_meanwhile_keep_theirs(uow):
    desk = checked_submission(uow)
    rows = findings_of(uow, desk.submission)
    officer = desk.acting(desk.quality)
    dispose_many(officer, desk.submission, [rows[0].id], Verdict(upholds=True))
    count = dispose_many(
        officer, desk.submission, [one.id for one in rows], Verdict(upholds=False, ground=DismissalGround.MISREAD)
    )
    assert count == len(rows) - 1
    assert rows[0].state is FindingState.UPHELD
    assert {(one.state, one.ground) for one in rows[1:]} == {(FindingState.DISMISSED, DismissalGround.MISREAD)}
    with pytest.raises(Refused, match="至少"):
        dispose_many(officer, desk.submission, [], Verdict(upholds=True))


def test_the_key_figures_an_agency_states_are_held_against_its_report(uow):
    desk = Desk(uow)
    desk.deliver(report_bytes(7), statement=Statement(score=Decimal("12.34"), sent=10, returned=9, valid=9))
    desk.check()
    codes = [one.code for one in findings_of(uow, desk.submission) if "提交时填报" in one.message["zh"]]
    assert "fact-conflict" in codes
    assert statement_of(desk.submission).score == Decimal("12.34")


def test_key_figures_that_cannot_be_are_refused_at_their_field(uow):
    desk = Desk(uow)
    with pytest.raises(Refused) as caught, uow.session.begin_nested():
        desk.deliver(statement=Statement(score=Decimal(101), sent=5, returned=6, valid=7))
    assert [one.field for one in caught.value.refusals] == ["score", "returned", "valid"]


def test_a_stamped_scan_is_compared_with_the_text_version(uow):
    desk = Desk(uow)
    desk.deliver(report_bytes(7, kind="pdf"), "报告.pdf", scan=upload(picture_pdf(), "盖章.pdf"))
    desk.check()
    uow.session.expire_all()
    note = desk.submission.files[1].reading["note"]
    assert "页数不同" in note["zh"]
    assert note["en"]


def test_a_score_table_delivered_as_workbook_is_read_with_the_report(uow):
    from openpyxl import Workbook

    book, target = Workbook(), io.BytesIO()
    for row in (("指标", "权重", "得分"), ("投诉处理及时率", 5, 4), ("巡查完成率", 5, 5), ("合计", 10, 9)):
        book.active.append(row)
    book.save(target)
    desk = Desk(uow)
    desk.deliver(annexes=[upload(target.getvalue(), "评分表.xlsx")])
    desk.check()
    uow.session.expire_all()
    annex = desk.submission.files[1]
    assert annex.failure is None
    assert annex.reading["tables"] == 1
    assert annex.reading["first_table"] > 0
