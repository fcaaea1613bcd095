"""Batches of checks and the model's page in the browser's eyes."""

from __future__ import annotations

import io

import pytest

from core.identity.roles import Role
from grading import addresses
from grading.models import CheckBatch
from grading.services import triage_versions
from grading.services.rechecking import check_item
from grading.services.triage_versions import retrain_now, version_in_use
from tests.factories.grading import Desk, checked_submission, report_bytes
from tests.factories.identity import make_user
from tests.grading.services.test_triage_versions import training
from tests.grading.triage.test_retraining import generated


@pytest.fixture
def officer(uow, client_as):
    return client_as(make_user(uow, Role.QUALITY_OFFICER))


def test_a_batch_is_chosen_watched_and_read(uow, officer):
    desk = checked_submission(uow)
    page = officer.page("/checks")
    data = {one["name"]: one.get("value", "") for one in page.select("#form input[type=hidden]")}
    files = {"files": (io.BytesIO(report_bytes(slip="score-sum")), "散件.docx")}
    answer = officer.post(
        "/checks", data={**data, "chosen": str(desk.submission.id), **files}, content_type="multipart/form-data"
    )
    address = answer.headers["Location"]
    watched = officer.page(address)
    assert watched.select("[data-live]")
    assert "0 / 2" in watched.get_text()
    batch = uow.session.query(CheckBatch).one()
    for item in batch.items:
        check_item(uow, item.id)
    done = officer.page(address)
    assert not done.select("[data-live]")
    link = done.select_one("a[href*='/checks/items/']")["href"]
    assert "得分合计" in officer.page(link).get_text()
    assert "2 / 2" in officer.page("/checks").get_text()
    assert officer.post(f"{address}/resume", data={}).status_code == 302
    assert officer.post("/checks", data={"chosen": "x"}).status_code == 422


def test_batches_are_for_quality_staff(uow, client_as):
    desk = Desk(uow)
    for person in (desk.manager, desk.unit, make_user(uow, Role.PROCUREMENT_OFFICER), make_user(uow, Role.OBSERVER)):
        assert client_as(person).get("/checks").status_code == 403
        assert client_as(person).post("/checks/model/train").status_code == 403


def test_the_model_page_shows_card_and_curve_and_leads_back_to_the_version_before(uow, officer, client_as, monkeypatch):
    page = officer.page(addresses.MODEL_PAGE)
    assert page.select("svg.curve circle")
    assert "随程序提供" in page.get_text()
    assert officer.post("/checks/model/train", data={}).status_code == 422
    training(monkeypatch, better=True)
    retrain_now(uow, asked_by=None, generated=generated())
    assert version_in_use(uow).number == 1
    shown = officer.page(addresses.MODEL_PAGE)
    assert shown.select("form[action$='/checks/model/0/use']")
    assert officer.post("/checks/model/0/use").status_code == 302
    assert version_in_use(uow).number == 0
    assert officer.post("/checks/model/9/use").status_code == 404
    watcher = client_as(make_user(uow, Role.OBSERVER))
    assert watcher.get(addresses.MODEL_PAGE).status_code == 200
    assert watcher.post("/checks/model/1/use").status_code == 403
    assert client_as(Desk(uow).manager).get(addresses.MODEL_PAGE).status_code == 403


def test_training_is_queued_once_there_is_enough(uow, officer, monkeypatch):
    monkeypatch.setattr(triage_versions, "LEAST_LEARNT", 0)
    monkeypatch.setattr(triage_versions, "LEAST_HELD", 0)
    assert officer.post("/checks/model/train").status_code == 302


def test_lists_of_batches_take_a_constant_number_of_queries(uow, officer, count_queries):
    def another():
        desk = checked_submission(uow, "")
        officer.post("/checks", data={"chosen": str(desk.submission.id)})

    another()
    address = f"/checks/{uow.session.query(CheckBatch).one().id}"
    officer.get("/checks")
    with count_queries() as few:
        officer.get("/checks")
    with count_queries() as one:
        officer.get(address)
    another()
    with count_queries() as many:
        officer.get("/checks")
    assert len(many) <= len(few)
    assert len(one) < 20
