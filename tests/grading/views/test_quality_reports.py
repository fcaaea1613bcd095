"""Pages of yearly reports: the public list, downloads before and after release, double submit, stale form."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from core.documents.accept import documents_of
from core.identity.roles import Role
from grading.models import QualityReport
from grading.services import quality_report
from grading.states import QualityReportState
from tests.factories.analysis import published_year, ready_report
from tests.factories.identity import make_user

LIST = "/quality-reports"


@pytest.fixture
def officer(uow):
    return make_user(uow, Role.QUALITY_OFFICER)


@pytest.fixture
def approver(uow):
    return make_user(uow, Role.PROCUREMENT_APPROVER)


@pytest.fixture
def report(uow, officer, monkeypatch):
    """A report that waits for release, its papers not worth printing here."""
    monkeypatch.setattr(quality_report, "report_paper", lambda *_given: b"%PDF-1.4")
    published_year(uow)
    return ready_report(uow, officer)


def once_of(client, address):
    return client.page(address).find("input", {"name": "once"})["value"]


def test_an_officer_orders_a_report_once_however_often_the_button_is_pressed(uow, officer, client_as):
    published_year(uow)
    client = client_as(officer)
    data = {"once": once_of(client, LIST), "year": str(uow.today.year - 1)}
    first, second = (client.post(LIST, data=data) for _press in range(2))
    assert first.location == second.location
    assert uow.session.query(QualityReport).count() == 1
    assert "正在计算并排印" in client.page(first.location).get_text()
    wrong = client.post(LIST, data={"once": str(uuid.uuid4()), "year": str(uow.today.year)})
    assert wrong.status_code == 422


def test_strangers_read_a_report_and_its_papers_only_once_it_is_released(uow, report, approver, client, client_as):
    page, papers = f"{LIST}/{report.id}", [f"/documents/{one.id}" for one in documents_of(uow, report)]
    assert client.get(page).status_code in (302, 404)
    assert all(client.get(one).status_code in (302, 404) for one in papers)
    assert not client.page(LIST).select("tbody tr")
    for role in (Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR):
        watcher = client_as(make_user(uow, role))
        assert watcher.get(page).status_code == 200
        assert all(watcher.get(one).status_code == 200 for one in papers)
        assert watcher.post(f"{page}/release", data={"once": str(uuid.uuid4())}).status_code == 403
    boss = client_as(approver)
    answer = boss.post(f"{page}/release", data={"once": once_of(boss, page)})
    assert answer.status_code == 302
    assert len(client.page(LIST).select("tbody tr")) == 1
    assert len(client.page(page).select("dl.facts dt")) > 8
    figures = client.get(f"{page}/figures.json").data
    assert hashlib.sha256(figures).hexdigest() == report.digest
    assert [client.get(one).status_code for one in papers] == [200, 200]
    assert report.made_by.name not in client.page(page).get_text()


def test_an_agency_cannot_order_release_or_drop(uow, report, client_as):
    client, once = client_as(make_user(uow, Role.AGENCY_MANAGER)), {"once": str(uuid.uuid4())}
    assert client.post(LIST, data={**once, "year": "2025"}).status_code == 403
    for deed in ("release", "drop"):
        assert client.post(f"{LIST}/{report.id}/{deed}", data={**once, "drop-reason": "理由"}).status_code == 404


def test_a_stale_form_releases_nothing(uow, report, approver, client_as):
    boss = client_as(approver)
    answer = boss.post(f"{LIST}/{report.id}/release", data={"once": str(uuid.uuid4()), "revision": "999"})
    assert answer.status_code == 409
    assert uow.get(QualityReport, report.id).state is QualityReportState.DRAFT


def test_a_drop_needs_its_reason_and_makes_room_for_another(uow, report, officer, client_as):
    client, page = client_as(officer), f"{LIST}/{report.id}"
    assert client.page(page).select_one("#why-not-release")
    once = {"once": str(uuid.uuid4())}
    assert client.post(f"{page}/drop", data={**once, "drop-once": str(uuid.uuid4())}).status_code == 422
    done = client.post(f"{page}/drop", data={"drop-once": str(uuid.uuid4()), "drop-reason": "数据要更新"})
    assert done.status_code == 302
    assert uow.get(QualityReport, report.id).state is QualityReportState.DROPPED


def test_the_approver_finds_it_among_the_tasks_with_its_day(uow, report, approver, client_as):
    page = client_as(approver).page("/home")
    assert "审核并发布年度评价质量报告" in page.get_text()


@pytest.mark.parametrize("width", ["zh", "en"])
def test_the_list_is_whole_in_both_languages(report, officer, client_as, width):
    assert client_as(officer).page(f"{LIST}?lang={width}").select("tbody tr")
