from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from core.identity.roles import Role
from core.notifications.models import Mail
from experts import addresses
from experts.models import IndicatorComment, Review
from experts.services.draw_steps import anchor_of
from experts.services.draws import draws_of
from experts.services.sheets import Remark, lock_sheet
from experts.states import ReviewState, SeatState
from experts.tasks import review_tasks, seat_tasks
from tests.factories.experts import (
    PHRASES,
    Hall,
    full_marks,
    make_expert,
    review_in,
    submitted_engagement,
)
from tests.factories.identity import make_user


def tokens_in_mails(uow, user) -> list[str]:
    bodies = uow.session.scalars(select(Mail.body).where(Mail.user_id == user.id))
    return [found for body in bodies for found in re.findall(r"/invitations/(\S+)", body)]


# The pool


def test_the_addresses_in_mails_are_those_of_the_pages(uow, app):
    from uuid import UUID

    one = UUID(int=1)
    with app.test_request_context():
        from flask import url_for

        assert addresses.convene_page(one) == url_for("reviews.new", system_id=one)
        assert addresses.review_page(one) == url_for("reviews.show", review_id=one)
        assert addresses.draw_page(one) == url_for("draws.show", review_id=one)
        assert addresses.seat_page(one) == url_for("my_reviews.show", seat_id=one)
        assert addresses.invitation_page("x") == url_for("invitations.show", token="x")


def test_an_officer_convenes_in_the_browser_and_twice_pressed_is_once(uow, client_as, quality):
    engagement, _manager = submitted_engagement(uow)
    browser = client_as(quality)
    page = browser.page(f"/reviews/new/{engagement.system_id}")
    data = {field["name"]: field.get("value", "") for field in page.select("form.form-column input")}
    data |= {"place": "线上会议 882 116", "once": "5f6d1cbe-0000-4000-8000-000000000009"}
    first = browser.post(f"/reviews/new/{engagement.system_id}", data=data)
    second = browser.post(f"/reviews/new/{engagement.system_id}", data=data)
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    review = uow.session.scalars(select(Review)).one()
    assert first.location == f"/reviews/{review.id}/draw"
    assert review.quotas[0] == {"key": "performance", "minimum": 2, "maximum": 5}


def test_a_wrong_meeting_is_told_at_its_field(uow, client_as, quality):
    engagement, _manager = submitted_engagement(uow)
    data = {
        "meets_at": "2020-01-01T09:00",
        "place": "三楼",
        "answer_by": "",
        "fee": "八百",
        "size": "4",
        "reserves": "5",
    }
    data |= {"performance": "2", "trade": "1", "finance": "1", "scholar": "1"}
    answer = client_as(quality).post(f"/reviews/new/{engagement.system_id}", data=data)
    assert answer.status_code == 422
    assert "请填写答复期限" in answer.text
    assert "三楼" in answer.text


def test_the_draw_is_held_in_the_browser_by_two_people(uow, client_as, tmp_path):
    hall = Hall(uow)
    officer, observer = client_as(hall.quality), client_as(hall.observer)
    draw = f"/reviews/{hall.review.id}/draw"
    page = officer.get(draw).text
    assert "每位专家的机会" in page
    assert officer.post(f"{draw}/lock", data={}).status_code == 302
    assert "提交您的随机数承诺" in officer.get(draw).text
    assert officer.post(f"{draw}/promise", data={"phrase": "short"}).status_code == 422
    for browser, role in ((officer, Role.QUALITY_OFFICER), (observer, Role.OBSERVER)):
        assert browser.post(f"{draw}/promise", data={"phrase": PHRASES[role]}).status_code == 302
    assert officer.post(f"{draw}/reveal", data={"phrase": "not what I promised"}).status_code == 422
    for browser, role in ((officer, Role.QUALITY_OFFICER), (observer, Role.OBSERVER)):
        assert browser.post(f"{draw}/reveal", data={"phrase": PHRASES[role]}).status_code == 302
    assert hall.review.state is ReviewState.INVITING
    assert "抽取结果" in officer.get(draw).text
    assert "核验码" in observer.get(f"{draw}/record").text
    full = json.loads(officer.get(f"{draw}/record.json").data)
    assert full["form"] == "full"
    agency = client_as(hall.manager)
    assert agency.get(f"{draw}/record.json").status_code == 403
    assert json.loads(agency.get(f"{draw}/public-record.json").data)["form"] == "public"
    shown = agency.get(draw).text + agency.get(f"/reviews/{hall.review.id}").text
    assert not [seat for seat in hall.panel if seat.expert.user.name in shown]


def test_the_browsers_commitment_is_taken_as_it_is(uow, client_as):
    from experts.draw.entropy import promised
    from experts.stored_draws import secret_from

    hall = review_in(uow, ReviewState.DRAWING)
    held = draws_of(uow, hall.review)
    commitment = promised(anchor_of(held), "observer", secret_from("words that never left the browser"))
    path = f"/reviews/{hall.review.id}/draw/promise"
    assert client_as(hall.observer).post(path, data={"commitment": "xyz"}).status_code == 422
    assert client_as(hall.observer).post(path, data={"commitment": commitment}).status_code == 302
    uow.session.expire_all()
    assert draws_of(uow, hall.review)[0].shares[0].commitment == commitment


def test_an_infeasible_draw_is_explained_on_the_page(uow, client_as):
    hall = Hall(uow, pool=3)
    page = client_as(hall.quality).get(f"/reviews/{hall.review.id}/draw").text
    assert "没有符合全部配额的专家组合" in page
    assert "少于席位数" in page
    answer = client_as(hall.quality).post(f"/reviews/{hall.review.id}/draw/lock", data={})
    assert answer.status_code in (409, 422)
    assert hall.review.state is ReviewState.CONVENED


def test_the_mailed_link_answers_once_without_signing_in(uow, client):
    hall = review_in(uow, ReviewState.INVITING)
    seat = hall.panel[0]
    token = tokens_in_mails(uow, seat.expert.user)[0]
    opened = client.get(f"/invitations/{token}")
    assert opened.status_code == 200
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert opened.headers["Cache-Control"] == "no-store"
    others = [one.expert.user.name for one in hall.panel[1:]]
    assert not [name for name in others if name in opened.text]
    assert "居民满意度" not in opened.text
    assert seat.state is SeatState.INVITED
    assert client.post(f"/invitations/{token}/accept", data={}).status_code == 422
    assert client.post(f"/invitations/{token}/accept", data={"confirmed": "y"}).status_code == 302
    assert seat.state is SeatState.ACCEPTED
    assert client.get(f"/invitations/{token}").status_code == 410
    assert client.post(f"/invitations/{token}/decline", data={"no-reason": "改主意"}).status_code == 410
    assert client.get("/my-reviews").status_code == 302


def test_a_decline_by_link_is_replaced(uow, client):
    hall = review_in(uow, ReviewState.INVITING)
    seat = hall.panel[0]
    token = tokens_in_mails(uow, seat.expert.user)[0]
    assert client.post(f"/invitations/{token}/decline", data={"no-reason": ""}).status_code == 422
    assert client.post(f"/invitations/{token}/decline", data={"no-reason": "当日出差"}).status_code == 302
    assert seat.state is SeatState.DECLINED
    assert len(hall.panel) == 5


def test_a_declared_relation_on_the_page_recuses(uow, client_as):
    hall = review_in(uow, ReviewState.INVITING)
    seat = hall.panel[0]
    browser = client_as(seat.expert.user)
    assert browser.post(f"/my-reviews/{seat.id}/accept", data={"kinship": "y"}).status_code == 422
    answer = browser.post(f"/my-reviews/{seat.id}/accept", data={"kinship": "y", "details": "配偶任职"})
    assert answer.status_code == 302
    assert seat.state is SeatState.RECUSED


def test_a_seat_is_nobody_elses(uow, client_as):
    hall = review_in(uow, ReviewState.SCORING)
    first, second = hall.panel[:2]
    browser = client_as(second.expert.user)
    for path in ("", "/sheet"):
        assert browser.get(f"/my-reviews/{first.id}{path}").status_code == 404
    assert browser.post(f"/my-reviews/{first.id}/recuse", data={"step-reason": "x"}).status_code == 404
    assert client_as(hall.quality).get(f"/my-reviews/{first.id}/sheet").status_code == 404


def test_an_expert_saves_a_draft_and_locks_the_sheet_in_the_browser(uow, client_as):
    hall = review_in(uow, ReviewState.SCORING)
    seat = hall.panel[0]
    browser = client_as(seat.expert.user)
    path = f"/my-reviews/{seat.id}/sheet"
    indicator = hall.review.system.indicators[0]
    data = {"fit": "18", "opinion": "总体清楚", f"remark-{indicator.id}": "依据不足", f"major-{indicator.id}": "1"}
    assert browser.post(path, data=data | {"deed": "save"}).status_code == 302
    page = browser.page(path)
    assert page.find("textarea", {"name": f"remark-{indicator.id}"}).text.strip() == "依据不足"
    answer = browser.post(path, data=data | {"deed": "lock"})
    assert answer.status_code == 422
    assert "请打分" in answer.text
    rest = {key: str(points) for key, points in full_marks(uow).points.items()}
    assert browser.post(path, data=data | rest | {"samples": "11", "deed": "lock"}).status_code == 422
    assert browser.post(path, data=data | rest | {"deed": "lock"}).status_code == 302
    assert seat.state is SeatState.SUBMITTED
    assert "结果互相保密" in browser.get(f"/my-reviews/{seat.id}").text


def test_a_sheet_from_another_window_is_not_overwritten(uow, client_as):
    hall = review_in(uow, ReviewState.SCORING)
    seat = hall.panel[0]
    browser = client_as(seat.expert.user)
    path = f"/my-reviews/{seat.id}/sheet"
    browser.post(path, data={"fit": "18", "deed": "save"})
    revision = browser.page(path).find("input", {"name": "revision"})["value"]
    browser.post(path, data={"fit": "17", "deed": "save", "revision": revision, "opinion": "甲"})
    stale = browser.post(path, data={"fit": "10", "deed": "save", "revision": revision, "opinion": "乙"})
    assert stale.status_code == 409


def test_results_are_shown_to_the_officer_and_after_the_decision_to_the_agency(uow, client_as):
    hall = review_in(uow, ReviewState.SCORING)
    first = hall.panel[0]
    lock_sheet(hall.as_expert(first), first, full_marks(uow, remarks=(Remark("居民满意度", "样本量偏小"),)))
    path = f"/reviews/{hall.review.id}"
    officer, agency = client_as(hall.quality), client_as(hall.manager)
    assert "样本量偏小" not in officer.get(path).text
    for seat in hall.panel[1:]:
        lock_sheet(hall.as_expert(seat), seat, full_marks(uow))
    assert "样本量偏小" in officer.get(path).text
    assert "样本量偏小" not in agency.get(path).text
    assert officer.post(f"{path}/conclude", data={"decision": "return", "opinion": ""}).status_code == 422
    assert officer.post(f"{path}/conclude", data={"decision": "consent", "opinion": "同意"}).status_code == 302
    assert hall.review.state is ReviewState.PASSED
    shown = agency.get(path).text
    assert "样本量偏小" in shown
    assert first.expert.user.name not in shown
    comment = uow.session.scalar(select(IndicatorComment))
    assert (
        agency.post(
            f"{path}/answers", data={f"adoption-{comment.id}": "adopted", f"answer-{comment.id}": "已扩大样本"}
        ).status_code
        == 302
    )
    assert "已扩大样本" in officer.get(path).text


def test_a_stale_decision_is_refused(uow, client_as):
    hall = review_in(uow, ReviewState.SCORED)
    data = {"decision": "return", "opinion": "请修改", "revision": str(hall.review.revision - 1)}
    assert client_as(hall.quality).post(f"/reviews/{hall.review.id}/conclude", data=data).status_code == 409


def test_observers_comment_and_others_do_not(uow, client_as):
    hall = review_in(uow, ReviewState.SCORING)
    path = f"/reviews/{hall.review.id}/comments"
    data = {"remark-indicator": "", "remark-body": "建议增加老年人样本"}
    assert client_as(hall.observer).post(path, data=data).status_code == 302
    assert client_as(hall.observer).post(path, data={"remark-body": ""}).status_code == 422
    assert client_as(hall.manager).post(path, data=data).status_code == 403
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).post(path, data=data).status_code == 404


@pytest.mark.parametrize("state", [one for one in ReviewState if one is not ReviewState.CANCELLED])
def test_every_page_of_a_review_stands_in_every_state_for_everybody(uow, client_as, state):
    hall = review_in(uow, state)
    for user in (hall.quality, hall.observer, hall.manager, make_user(uow, Role.PROCUREMENT_APPROVER)):
        browser = client_as(user)
        for path in ("", "/draw"):
            assert browser.get(f"/reviews/{hall.review.id}{path}?lang=en").status_code == 200
        assert browser.get("/reviews").status_code == 200
        assert browser.get("/home").status_code == 200
        assert browser.get(f"/engagements/{hall.engagement.id}").status_code == 200
    for seat in hall.panel[:1]:
        browser = client_as(seat.expert.user)
        for path in ("/my-reviews", f"/my-reviews/{seat.id}", f"/my-reviews/{seat.id}/sheet", "/home"):
            assert browser.get(path).status_code in (200, 302)
        assert hall.review.number in browser.get("/my-reviews").text


def test_the_list_of_reviews_filters_and_costs_the_same(uow, client_as, count_queries):
    hall = review_in(uow, ReviewState.PASSED)
    browser = client_as(hall.quality)
    assert hall.review.number in browser.get("/reviews?state=passed&q=社区").text
    assert hall.review.number not in browser.get("/reviews?state=convened").text
    with count_queries() as few:
        browser.get("/reviews")
    for _number in range(3):
        Hall(uow, pool=1)
    with count_queries() as many:
        browser.get("/reviews")
    assert len(many) <= len(few) + 2


def test_search_finds_experts_for_officers_only(uow, client_as, quality):
    make_expert(uow, name="沈知行")
    assert "沈知行" in client_as(quality).get("/search?q=沈知行").text
    assert "/experts/" not in client_as(make_user(uow, Role.AGENCY_MANAGER)).get("/search?q=沈知行").text


def test_tasks_lead_each_to_the_next_step(uow, uow_as, app):
    hall = review_in(uow, ReviewState.SCORED)
    waiting, _manager = submitted_engagement(uow)
    invited = review_in(uow, ReviewState.INVITING)
    with app.test_request_context():
        urls = {task.url for task in review_tasks(uow_as(hall.quality))}
        assert {f"/reviews/{hall.review.id}", f"/reviews/new/{waiting.system_id}"} <= urls
        seat = invited.panel[0]
        assert [task.url for task in seat_tasks(uow_as(seat.expert.user))] == [f"/my-reviews/{seat.id}"]


def test_those_who_give_entropy_are_asked_for_it(uow, uow_as, app):
    hall = review_in(uow, ReviewState.DRAWING)
    with app.test_request_context():
        assert [task.url for task in review_tasks(uow_as(hall.observer))] == [f"/reviews/{hall.review.id}/draw"]
        assert list(review_tasks(uow_as(make_user(uow, Role.AGENCY_MANAGER)))) == []
