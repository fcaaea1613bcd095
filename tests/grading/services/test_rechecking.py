"""Checking again in batches: answers stay, what is gone is withdrawn, a killed worker's batch goes on."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import text

from core.errors import Refused
from grading import jobs
from grading.checks.finding import Evidence, Finding, Severity
from grading.models import CheckItem
from grading.queries import findings_of
from grading.services import rechecking
from grading.services.disposal import uphold
from grading.services.questions import ask_agency
from grading.services.rechecking import check_item, make_batch, resume_batch
from grading.states import FindingState, SubmissionState
from tests.factories.grading import Desk, checked_submission, delivered_report, report_bytes, upload
from tests.grading.services.test_delivery import picture_pdf


def queued(uow) -> int:
    return uow.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'grading.check-item'"))


def other_rules(monkeypatch, *changes):
    """Let the next run find what `changes` make of what it finds today."""
    real = rechecking.check_document

    def check(report, **more):
        result = real(report, **more)
        findings = list(result.findings)
        for change in changes:
            findings = change(findings)
        return type(result)(result.file, result.report, result.seconds, result.coverage, tuple(findings))

    monkeypatch.setattr(rechecking, "check_document", check)


def without(code):
    return lambda found: [one for one in found if one.code != code]


def with_one_more(found):
    return [
        *found,
        Finding(
            "vague-problem",
            Severity.WARNING,
            {"zh": "问题部分没有具体内容。", "en": "Vague."},
            (Evidence("问题", paragraph=0),),
            "问题",
            "",
            {},
            0.4,
        ),
    ]


def test_answers_stay_new_findings_come_and_those_no_longer_found_are_withdrawn(uow, monkeypatch):
    desk = checked_submission(uow)
    before = findings_of(uow, desk.submission)
    kept = next(one for one in before if one.code != "score-sum")
    uphold(desk.acting(desk.quality), kept)
    other_rules(monkeypatch, without("score-sum"), with_one_more)
    batch = make_batch(desk.acting(desk.quality), [desk.submission.id])
    check_item(uow, batch.items[0].id)
    after = {one.id: one for one in findings_of(uow, desk.submission)}
    assert after[kept.id].state is FindingState.UPHELD
    gone = [one for one in before if one.code == "score-sum"]
    assert {after[one.id].state for one in gone} == {FindingState.WITHDRAWN}
    (new,) = [one for one in after.values() if one.code == "vague-problem"]
    assert (new.state, new.position) == (FindingState.OPEN, len(before) + 1)
    assert batch.items[0].result == {"new": 1, "gone": len(gone), "kept": len(before) - len(gone)}


def test_a_finding_the_agency_was_asked_about_is_not_withdrawn(uow, monkeypatch):
    desk = checked_submission(uow)
    (one, *_rest) = [row for row in findings_of(uow, desk.submission) if row.code == "score-sum"]
    ask_agency(desk.acting(desk.quality), desk.submission, [one.id])
    other_rules(monkeypatch, without("score-sum"))
    batch = make_batch(desk.acting(desk.quality), [desk.submission.id])
    check_item(uow, batch.items[0].id)
    uow.session.refresh(one)
    assert one.state is FindingState.OPEN


def test_a_disposed_report_is_compared_and_not_changed(uow, monkeypatch):
    desk = checked_submission(uow)
    desk.dispose()
    other_rules(monkeypatch, with_one_more)
    batch = make_batch(desk.acting(desk.quality), [desk.submission.id])
    check_item(uow, batch.items[0].id)
    assert batch.items[0].result["unchanged"]
    assert batch.items[0].result["new"] == 1
    assert "vague-problem" not in {one.code for one in findings_of(uow, desk.submission)}


def test_uploaded_files_are_checked_alone_and_an_unreadable_one_says_why(uow):
    desk = Desk(uow)
    files = [upload(report_bytes(slip="score-sum"), "甲.docx"), upload(picture_pdf(), "乙.pdf")]
    batch = make_batch(desk.acting(desk.quality), [], files)
    for item in batch.items:
        check_item(uow, item.id)
    first, second = batch.items
    assert "score-sum" in {one["code"] for one in first.result["findings"]}
    assert second.failure["reason"] in {"no-text", "scanned"}


def test_a_report_whose_check_has_not_run_is_checked_for_the_first_time(uow):
    desk = delivered_report(uow)
    batch = make_batch(desk.acting(desk.quality), [desk.submission.id])
    check_item(uow, batch.items[0].id)
    assert desk.submission.state is SubmissionState.CHECKED


def test_a_batch_goes_on_where_it_stopped_and_does_nothing_twice(uow):
    desk, other = checked_submission(uow), checked_submission(uow, "")
    officer = desk.acting(desk.quality)
    batch = make_batch(officer, [desk.submission.id, other.submission.id])
    assert queued(uow) == 2
    done = batch.items[0]
    jobs.check_batch_item.run(uow, item_id=str(done.id))
    at = done.done_at
    jobs.check_batch_item.run(uow, item_id=str(done.id))
    assert done.done_at == at
    assert resume_batch(officer, batch) == 1
    assert queued(uow) == 3
    jobs.check_batch_item.run(uow, item_id=str(batch.items[1].id))
    with pytest.raises(Refused, match="全部完成"):
        resume_batch(officer, batch)


def test_nothing_chosen_unknown_or_bad_files_are_refused(uow, monkeypatch):
    officer = Desk(uow)
    acting = officer.acting(officer.quality)
    with pytest.raises(Refused, match="请选择"):
        make_batch(acting, [uuid.uuid4()])
    with pytest.raises(Refused, match="丙"), uow.session.begin_nested():
        make_batch(acting, [], [upload(b"x", "丙.docx")])
    assert uow.session.query(CheckItem).count() == 0
    monkeypatch.setattr(rechecking, "MOST_FILES", 1)
    with pytest.raises(Refused, match="最多"):
        make_batch(acting, [], [upload(report_bytes(), "1.docx"), upload(report_bytes(), "2.docx")])
