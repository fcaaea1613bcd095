"""Appeals against a grade: in time, decided by people who did not score, recomputed within the cycle."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from grading.changes import Change, changes
from grading.grade_record import grade_record, verify_grade
from grading.services.appeals import appeals_until, decide_appeal, file_appeal
from grading.services.grading_cycle import compute_cycle, publish_cycle
from grading.states import AppealState
from tests.factories.grading import scored_engagement
from tests.factories.identity import make_user


@pytest.fixture
def published(uow):
    """An agency's published year, its desk and somebody who did not score."""
    desk = scored_engagement(uow, "0.8")
    scored_engagement(uow, "0.8", agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    other = make_user(uow, Role.PROCUREMENT_APPROVER)
    publish_cycle(desk.acting(other), cycle)
    return desk, next(one for one in cycle.entries if one.agency_id == desk.agency.id), other


def test_nobody_appeals_before_publication_nor_after_seven_working_days(uow):
    desk = scored_engagement(uow)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    entry = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    with pytest.raises(Refused) as caught:
        file_appeal(desk.acting(desk.manager), entry, "评分有误")
    assert caught.value.refusals[0].rule_id == "R-GRADE.publish"
    publish_cycle(desk.acting(make_user(uow, Role.PROCUREMENT_APPROVER)), cycle)
    assert appeals_until(uow, cycle).last_day > uow.today
    cycle.published_at = uow.now - timedelta(days=30)
    with pytest.raises(Refused, match="届满"):
        file_appeal(desk.acting(desk.manager), entry, "评分有误")


def test_an_upheld_appeal_is_recomputed_in_the_cycle_with_its_reason(uow, published):
    desk, entry, other = published
    before = entry.score
    appeal = file_appeal(desk.acting(desk.manager), entry, "报告质量评分未考虑补充材料")
    with pytest.raises(Refused, match="正在处理"):
        file_appeal(desk.acting(desk.manager), entry, "又一件")
    with pytest.raises(Forbidden):
        decide_appeal(desk.acting(desk.quality), appeal, upheld=False, answer="不成立")
    target = f"task|{desk.engagement.number}|report"
    for wrong in ("", "task|无此任务|report"):
        with pytest.raises(Refused) as caught:
            decide_appeal(desk.acting(other), appeal, upheld=True, answer="成立", target=wrong, rating=Decimal(90))
        assert caught.value.refusals[0].field == "target"
    with pytest.raises(Refused):
        decide_appeal(desk.acting(other), appeal, upheld=True, answer="成立", target=target, rating=Decimal(101))
    decide_appeal(desk.acting(other), appeal, upheld=True, answer="补充材料属实", target=target, rating=Decimal(100))
    # The report is 35 of 100 points, up by 20 in one of two equal tasks.
    assert entry.score == before + Decimal("3.50")
    assert appeal.state is AppealState.UPHELD
    assert appeal.before["score"] == str(before)
    assert verify_grade(entry.record) == []
    assert "补充材料属实" in str(entry.record["tasks"])
    uow.session.expire_all()
    assert desk.agency.grade.score == entry.score


def test_a_rejected_appeal_changes_nothing_and_says_why(uow, published):
    desk, entry, other = published
    record = dict(entry.record)
    appeal = file_appeal(desk.acting(desk.manager), entry, "分数偏低")
    with pytest.raises(Refused):
        decide_appeal(desk.acting(other), appeal, upheld=False, answer=" ")
    decide_appeal(desk.acting(other), appeal, upheld=False, answer="评分有据")
    assert (appeal.state, appeal.answer, entry.record) == (AppealState.REJECTED, "评分有据", record)


def test_another_agency_neither_sees_the_sheet_nor_appeals(uow, published, client_as):
    desk, entry, other = published
    stranger = scored_engagement(uow).manager
    assert client_as(stranger).get(f"/grading/entries/{entry.id}").status_code == 404
    with_page = client_as(desk.manager)
    page = with_page.page(f"/grading/entries/{entry.id}")
    assert page.select("#appeal")
    assert with_page.post(f"/grading/entries/{entry.id}/appeal", data={}).status_code == 422
    assert with_page.post(f"/grading/entries/{entry.id}/appeal", data={"ground": "评分有误"}).status_code == 302
    judge = client_as(desk.quality).page(f"/grading/entries/{entry.id}")
    assert not judge.select("#decide")
    page = client_as(other).page(f"/grading/entries/{entry.id}")
    address = page.select_one("#decide")["action"]
    assert client_as(desk.quality).post(address, data={"outcome": "reject", "answer": "无"}).status_code == 403
    assert client_as(other).post(address, data={"outcome": "uphold", "answer": "成立"}).status_code == 422
    assert client_as(other).post(address, data={"outcome": "reject", "answer": "评分有据"}).status_code == 302
    assert client_as(other).get(f"/grading/{entry.cycle_id}/raters").status_code == 200


def test_the_adjusted_set_keeps_raw_ratings_and_severities_in_the_record(uow):
    desk = scored_engagement(uow, "0.8")
    scored_engagement(uow, "0.9", agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year, "adjusted")
    entry = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    assert entry.record["rules"]["counts"] == "adjusted"
    assert all(task["effects"]["report"] for task in entry.record["tasks"])
    assert verify_grade(entry.record) == []


def test_what_changed_adds_up_to_the_difference(uow, published):
    _desk, entry, _other = published
    from grading.grade_record import losses_in, tasks_in
    from grading.rule_sets import from_body

    rules = from_body(entry.record["rules"])
    tasks = tasks_in(entry.record)
    lower = [type(t)(**{**t.__dict__, "ratings": {**t.ratings, "report": {"bureau": [Decimal(50)]}}}) for t in tasks]
    before = grade_record("甲", 2025, lower, losses_in(entry.record), rules, master_salt="7" * 64)
    found = changes(before, entry.record)
    assert sum(one.points for one in found) == Decimal(entry.record["result"]["score"]) - Decimal(
        before["result"]["score"]
    )
    assert found[0] == Change("report", Decimal("10.50"))
