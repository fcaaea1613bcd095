"""The pages of a year's course, for those who may see them and those who may not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agencies.services.grades import record_grade
from agencies.states import Grade
from core.identity.roles import Role
from grading.services.appeals import Contested, file_appeal
from grading.services.cycle_course import announce_cycle, recall_cycle
from grading.services.grading_cycle import compute_cycle
from tests.factories.agencies import make_agency
from tests.factories.grading import end_appeals, publish_year, rated_desk
from tests.factories.identity import make_user


@pytest.fixture
def year(uow):
    """A computed year of one agency with two tasks, an entry of it, and somebody who did not score."""
    desk = rated_desk(uow, "0.8")
    rated_desk(uow, "0.8", agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    entry = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    return desk, cycle, entry, make_user(uow, Role.PROCUREMENT_APPROVER)


def test_nobody_but_the_bureau_sees_a_sheet_before_it_is_sent_and_then_the_agency_its_own(uow, year, client_as, client):
    desk, cycle, entry, _other = year
    address, manager = f"/grading/entries/{entry.id}", client_as(desk.manager)
    stranger = client_as(make_user(uow, Role.AGENCY_MANAGER, organisation=make_agency(uow).organisation))
    assert manager.get(address).status_code == 404
    announce_cycle(desk.acting(desk.quality), cycle)
    page = manager.page(address)
    assert page.select(f"a[href$='/entries/{entry.id}/appeal']")
    assert "28.00/35" in page.get_text()
    assert manager.get(f"{address}/record.json").get_json()["digests"] == entry.record["digests"]
    for one in (address, f"{address}/record.json", f"{address}/appeal"):
        assert stranger.get(one).status_code == 404
    assert client.get(address).status_code == 302
    assert client_as(desk.unit).get(address).status_code == 404


def test_an_agency_agrees_or_appeals_line_by_line_and_others_decide(uow, year, client_as):
    desk, cycle, entry, other = year
    announce_cycle(desk.acting(desk.quality), cycle)
    manager, address = client_as(desk.manager), f"/grading/entries/{entry.id}"
    assert manager.post(f"{address}/agree").status_code == 302
    assert not manager.page(address).select("form[action$=agree]")
    assert manager.post(f"{address}/appeal", data={"target_1": "", "ground_2": "有误"}).status_code == 422
    assert len(manager.page(f"{address}/appeal?rows=9").select("select")) == 9
    assert manager.get(f"{address}/appeal?rows=x").status_code == 200
    sent = {"target_1": f"task|{desk.engagement.number}|report", "ground_1": "未考虑补充材料", "once": str(entry.id)}
    filed = manager.post(f"{address}/appeal", data=sent)
    assert filed.status_code == 302
    page = filed.headers["Location"]
    assert manager.post(f"{address}/appeal", data=sent).headers["Location"] == page
    assert manager.get(page).status_code == 200
    assert "现在不能提出申诉" in manager.page(f"{address}/appeal").get_text()
    judge = client_as(desk.quality)
    assert "R-GRADE.publish" in judge.page(page).get_text()
    assert not judge.page(page).select("#decide")
    assert judge.post(f"{page}/decide", data={"outcome_1": "rejected", "reason_1": "无"}).status_code == 403
    assert judge.post(f"{page}/statement", data={}).status_code == 422
    assert judge.post(f"{page}/statement", data={"statement": "没有收到补充材料"}).status_code == 302
    decider = client_as(other)
    assert decider.page(page).select("#decide")
    assert decider.post(f"{page}/decide", data={"outcome_1": "upheld", "reason_1": "属实"}).status_code == 422
    done = {"outcome_1": "upheld", "reason_1": "属实", "correct_1": sent["target_1"], "value_1": "100"}
    assert decider.post(f"{page}/decide", data=done).status_code == 302
    shown = manager.page(page)
    assert "B 级（83.50 分）" in shown.get_text()
    assert manager.get(shown.select_one("a[href^='/documents/']")["href"]).mimetype == "application/pdf"
    assert "更正为 100.00 分" in shown.get_text()
    assert "评申〔" in judge.page(f"/grading/{cycle.id}/appeals").get_text()
    stranger = client_as(make_user(uow, Role.AGENCY_MANAGER, organisation=make_agency(uow).organisation))
    assert stranger.get(page).status_code == 404
    assert stranger.get(shown.select_one("a[href^='/documents/']")["href"]).status_code == 404


def test_the_cycles_page_says_what_stands_against_the_next_step(uow, year, client_as):
    desk, cycle, _entry, other = year
    officer, approver, address = client_as(desk.quality), client_as(other), f"/grading/{cycle.id}"
    assert approver.post(f"{address}/publish").status_code == 422
    assert officer.post(f"{address}/announce").status_code == 302
    assert "期满前不能公布" in approver.page(address).get_text()
    assert officer.post(f"{address}/recall", data={}).status_code == 422
    end_appeals(uow, cycle)
    assert "测算与公布须由不同的人办理" in officer.page(address).get_text()
    assert approver.page(address).select("form[action$=publish]")
    assert officer.post(f"{address}/recall", data={"recall-reason": "有误"}).status_code == 302
    assert client_as(make_user(uow, Role.OBSERVER)).get(address).status_code == 200
    assert client_as(make_user(uow, Role.OBSERVER)).post(f"{address}/announce").status_code == 403


def test_who_is_not_graded_reads_why(uow, client_as):
    desk = rated_desk(uow)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    announce_cycle(desk.acting(desk.quality), cycle)
    entry = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    page = client_as(desk.manager).page(f"/grading/entries/{entry.id}").get_text()
    assert "计入任务 1 项，少于最低样本 2 项" in page
    assert "R-GRADE.min" in page


def test_the_preview_sets_every_agency_beside_last_year_in_a_constant_number_of_queries(
    uow, year, client_as, count_queries
):
    desk, cycle, _entry, _other = year
    cycle.year -= 1
    publish_year(desk, cycle)
    now = compute_cycle(desk.acting(desk.quality), uow.today.year)
    officer = client_as(desk.quality)
    assert officer.get(f"/grading/{now.id}?moved=up").status_code == 200
    with count_queries() as few:
        officer.get(f"/grading/{now.id}")
    for _number in range(3):
        make_agency(uow)
    compute_cycle(desk.acting(desk.quality), uow.today.year)
    with count_queries() as many:
        page = officer.page(f"/grading/{now.id}?moved=new")
    assert len(many) <= len(few) + 1
    assert desk.agency.organisation.name not in page.get_text()


def test_appeals_and_published_grades_are_listed_in_a_constant_number_of_queries(
    uow, year, client_as, client, count_queries
):
    desk, cycle, entry, _other = year
    officer = client_as(desk.quality)
    announce_cycle(desk.acting(desk.quality), cycle)
    entries = [entry, *(one for one in cycle.entries if one is not entry)]
    file_appeal(desk.acting(desk.manager), entries[0], [Contested("other", "会议未通知")])
    with count_queries() as few:
        assert "待处理" in officer.page(f"/grading/{cycle.id}/appeals?state=filed").get_text()
    again = rated_desk(uow, "0.7")
    recall_cycle(desk.acting(desk.quality), cycle, "补一家机构")
    compute_cycle(desk.acting(desk.quality), cycle.year)
    announce_cycle(desk.acting(desk.quality), cycle)
    for one, who in (
        (entry, desk.manager),
        (next(e for e in cycle.entries if e.agency_id == again.agency.id), again.manager),
    ):
        file_appeal(desk.acting(who), one, [Contested("other", "会议未通知")])
    with count_queries() as many:
        officer.get(f"/grading/{cycle.id}/appeals?state=filed")
    assert len(many) <= len(few)
    recall_cycle(desk.acting(desk.quality), cycle, "重新核对")
    publish_year(desk, cycle)
    client.get("/grades")
    with count_queries() as few:
        client.get("/grades")
    for _number in range(3):
        known = {"year": cycle.year, "grade": Grade.A, "score": Decimal(91), "tasks": 2, "record": entry.record}
        record_grade(uow, make_agency(uow), **known)
    with count_queries() as many:
        client.get("/grades")
    assert len(many) <= len(few)
