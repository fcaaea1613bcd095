"""A year's course: to the agencies, back, to the public; nothing is published while an agency may be heard."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.work_calendar import work_calendar
from grading.models import GradingCycle
from grading.services import telling
from grading.services.appeals import Contested, LineDecision, decide_appeal, file_appeal
from grading.services.cycle_course import announce_cycle, publish_cycle, recall_cycle
from grading.services.grading_cycle import compute_cycle, drop_cycle
from grading.services.telling import tell_agencies
from grading.states import CycleState, LineOutcome
from grading.tasks import grade_tasks
from tests.factories.agencies import make_agency
from tests.factories.grading import end_appeals, rated_desk
from tests.factories.identity import make_user


@pytest.fixture
def announced(uow):
    """A year whose sheets are with the agencies, and the person who may publish it."""
    desk = rated_desk(uow, "0.8")
    rated_desk(uow, "0.8", agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    announce_cycle(desk.acting(desk.quality), cycle)
    return desk, cycle, make_user(uow, Role.PROCUREMENT_APPROVER)


def reasons(desk, cycle, who):
    with pytest.raises(Refused) as caught:
        publish_cycle(desk.acting(who), cycle)
    return [one.rule_id for one in caught.value.refusals]


def test_the_period_is_seven_working_days_of_the_calendar(uow, announced):
    _desk, cycle, _other = announced
    calendar = work_calendar(uow)
    days = [uow.today + timedelta(days=one) for one in range(1, (cycle.appeals_due_on - uow.today).days + 1)]
    assert sum(calendar.is_workday(day) for day in days) == 7
    assert calendar.is_workday(cycle.appeals_due_on)


def test_nothing_is_published_before_the_period_ends_and_appeals_are_decided(uow, announced):
    desk, cycle, other = announced
    entry = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    appeal = file_appeal(desk.acting(desk.manager), entry, [Contested("other", "会议未通知")])
    assert reasons(desk, cycle, other) == ["R-GRADE.publish", "R-GRADE.publish"]
    end_appeals(uow, cycle)
    assert reasons(desk, cycle, other) == ["R-GRADE.publish"]
    decide_appeal(desk.acting(other), appeal, {1: LineDecision(LineOutcome.REJECTED, "已通知")})
    with pytest.raises(Forbidden):
        publish_cycle(desk.acting(desk.quality), cycle)
    publish_cycle(desk.acting(other), cycle)
    assert cycle.state is CycleState.PUBLISHED
    with pytest.raises(Refused):
        recall_cycle(desk.acting(other), cycle, "太晚")


def test_an_announced_year_is_neither_computed_nor_dropped_until_it_is_taken_back(uow, announced):
    desk, cycle, other = announced
    with pytest.raises(Refused, match="撤回"):
        compute_cycle(desk.acting(desk.quality), cycle.year)
    with pytest.raises(Refused):
        drop_cycle(desk.acting(desk.quality), cycle, "改用其他规则")
    with pytest.raises(Refused):
        announce_cycle(desk.acting(other), cycle)
    rated_desk(uow, agency=desk.agency)
    end_appeals(uow, cycle)
    assert reasons(desk, cycle, other) == ["R-GRADE.year"]
    recall_cycle(desk.acting(other), cycle, "有一项任务刚确认得分")
    with pytest.raises(Refused, match="重新测算"):
        announce_cycle(desk.acting(other), cycle)
    compute_cycle(desk.acting(desk.quality), cycle.year)
    announce_cycle(desk.acting(other), cycle)
    assert cycle.announced_by_id == other.id


def test_a_year_without_agencies_is_not_sent_to_anybody(uow):
    officer = make_user(uow, Role.QUALITY_OFFICER)
    desk = rated_desk(uow)
    cycle = uow.add(
        GradingCycle(year=2001, rule_set="house", rules={}, salt="", computed_at=uow.now, computed_by_id=officer.id)
    )
    uow.session.flush()
    with pytest.raises(Refused, match="没有可以评级"):
        announce_cycle(desk.acting(officer), cycle)


def test_every_agency_is_told_once_in_chunks_and_never_of_what_is_no_longer_so(uow, announced, monkeypatch):
    desk, cycle, other = announced
    lonely = make_user(uow, Role.AGENCY_MANAGER, organisation=make_agency(uow).organisation)
    compute = desk.acting(desk.quality)
    recall_cycle(desk.acting(other), cycle, "补一家机构")
    compute_cycle(compute, cycle.year)
    announce_cycle(compute, cycle)
    monkeypatch.setattr(telling, "CHUNK", 1)
    after, rounds = None, 0
    while rounds == 0 or after is not None:
        after = tell_agencies(uow, cycle, CycleState.ANNOUNCED, after)
        rounds += 1
    assert rounds == len(cycle.entries) + 1
    told = [one for one in uow.session.query(Notification) if one.kind == "agency.grade-announced"]
    assert {desk.manager.id, lonely.id} <= {one.user_id for one in told}
    assert len({one.user_id for one in told}) == len(told)
    assert told[0].params["due"] == cycle.appeals_due_on.isoformat()
    assert tell_agencies(uow, cycle, CycleState.PUBLISHED, None) is None


def test_tasks_lead_everybody_through_the_year(uow, announced, app):
    desk, cycle, other = announced

    def titles(who):
        with app.test_request_context():
            return [(str(one.title), one.group, one.due_at is not None) for one in grade_tasks(desk.acting(who))]

    assert titles(desk.manager) == [("核对年度评级表，确认或者申诉", "mine", True)]
    assert titles(desk.quality) == [("等待机构核对年度评级表", "waiting", True)]
    entry = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    file_appeal(desk.acting(desk.manager), entry, [Contested("other", "会议未通知")])
    assert titles(desk.manager) == [("等待评级申诉的处理", "waiting", False)]
    assert ("就评级申诉说明情况", "mine", False) in titles(desk.quality)
    assert ("处理评级申诉", "mine", False) in titles(other)
    end_appeals(uow, cycle)
    assert ("复核并公布年度评级", "mine", False) in titles(other)
    assert ("等待他人公布年度评级", "waiting", False) in titles(desk.quality)
