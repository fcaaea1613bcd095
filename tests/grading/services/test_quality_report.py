"""The yearly report: only of published years, figures frozen, printed in two languages, released by another person."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
from sqlalchemy import text

from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.records import digest
from grading.services import quality_report
from grading.services.quality_report import (
    ask_for_report,
    drop_report,
    due_for_release,
    prepare_report,
    release_report,
)
from grading.states import QualityReportState
from tests.factories.analysis import published_year, ready_report
from tests.factories.experts import as_user
from tests.factories.identity import make_user


@pytest.fixture
def past(uow):
    return published_year(uow)


@pytest.fixture
def officer(uow):
    return make_user(uow, Role.QUALITY_OFFICER)


@pytest.fixture
def approver(uow):
    return make_user(uow, Role.PROCUREMENT_APPROVER)


@pytest.fixture
def printed(uow, past, officer):
    """A report with its real papers."""
    return ready_report(uow, officer)


@pytest.fixture
def report(uow, past, officer, monkeypatch):
    """A report whose papers are not worth printing here."""
    monkeypatch.setattr(quality_report, "report_paper", lambda *_given: b"%PDF-1.4")
    return ready_report(uow, officer)


def words_of(uow, document) -> str:
    with uow.house.store.open(document.sha256) as file:
        pages = pypdfium2.PdfDocument(io.BytesIO(file.read()))
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def test_only_a_published_year_is_reported_and_only_once(uow, past, officer):
    """R-GRADE.publish."""
    desk = as_user(uow, officer)
    with pytest.raises(Refused) as refused:
        ask_for_report(desk, uow.today.year)
    assert [one.rule_id for one in refused.value.refusals] == ["R-GRADE.publish"]
    ask_for_report(desk, uow.today.year - 1)
    with pytest.raises(Refused):
        ask_for_report(desk, uow.today.year - 1)
    assert uow.session.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%quality-report'")).scalar() == 1  # fmt: skip


def test_it_is_printed_in_both_languages_with_its_digest_on_every_page(uow, past, printed):
    """It tells no agency's findings or delays and no rater: those stay between the bureau and the agency."""
    report = printed
    assert report.state is QualityReportState.DRAFT
    assert report.digest == digest(report.figures)
    english, chinese = sorted(documents_of(uow, report), key=lambda one: one.purpose)
    said = words_of(uow, chinese)
    assert f"{report.year} 年度评价质量报告" in said
    assert report.number in said
    assert said.count(report.digest[:16]) >= 8
    assert "R-GRADE.analysis（本局规定）" in said
    assert "第1评价机构" in said
    told = words_of(uow, english)
    assert f"Quality report {report.year}" in told
    assert "Annex: agencies graded" in told
    assert not {"agencies", "own", "late-agencies", "risers", "fallers"} & set(report.figures["rows"])
    assert not [one.name for one in past.raters.values() if one.name in said + told]
    assert "〓" not in said + told


def test_the_same_data_give_the_same_digest(uow, report, officer):
    drop_report(as_user(uow, officer), report, "再生成一次")
    assert ready_report(uow, officer).digest == report.digest


def test_a_second_run_of_the_job_changes_nothing(uow, report):
    prepare_report(uow, report.id)
    assert len(documents_of(uow, report)) == 2
    prepare_report(uow, uow.ids.new())


def test_another_person_with_the_right_releases_it(uow, report, officer, approver):
    """R-AGENCY-14: nothing goes out but by the bureau's own decision."""
    with pytest.raises(Forbidden):
        release_report(as_user(uow, officer), report)
    release_report(as_user(uow, approver), report)
    assert (report.state, report.released_by_id) == (QualityReportState.RELEASED, approver.id)
    with pytest.raises(Forbidden):
        drop_report(as_user(uow, officer), report, "理由")
    with pytest.raises(Refused):
        drop_report(as_user(uow, approver), report, " ")
    drop_report(as_user(uow, approver), report, "数据更正")
    assert report.state is QualityReportState.DROPPED


def test_figures_that_moved_are_not_released(uow, past, report, approver):
    past.grade("后来补评的机构", report.year, 81)
    with pytest.raises(Refused) as refused:
        release_report(as_user(uow, approver), report)
    assert refused.value.refusals[0].rule_id == "R-GRADE.publish"
    assert report.state is QualityReportState.DRAFT


def test_it_is_due_within_twenty_working_days(uow, report):
    """R-FB-05."""
    due = due_for_release(uow, report)
    assert due.rule_id == "R-FB-05"
    assert due.last_day > report.as_of + timedelta(days=25)


def test_scores_in_the_annex_are_those_published(report):
    name, _kind, grade, score, tasks = report.figures["annex"][0]
    assert (name, grade, Decimal(score), tasks) == ("第1评价机构", "A", Decimal(94), 3)
