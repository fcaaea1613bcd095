"""Appeals against a sheet: in time, line by line, decided by people who did not score, recomputed in the cycle."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from grading.changes import Change, changes
from grading.grade_record import grade_record, losses_in, tasks_in, verify_grade
from grading.rule_sets import from_body
from grading.services.appeals import (
    EVIDENCE,
    LETTER,
    Contested,
    LineDecision,
    agree,
    decide_appeal,
    file_appeal,
    state_on,
)
from grading.services.cycle_course import announce_cycle, recall_cycle
from grading.services.grading_cycle import compute_cycle
from grading.states import AppealState, LineOutcome
from tests.factories.grading import end_appeals, publish_year, rated_desk, scored_engagement, upload
from tests.factories.identity import make_user

NO = LineDecision(LineOutcome.REJECTED, "评分有据")


@pytest.fixture
def sheet(uow):
    """An agency's sheet that was sent to it, and somebody who did not score."""
    desk = rated_desk(uow, "0.8")
    rated_desk(uow, "0.8", agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    other = make_user(uow, Role.PROCUREMENT_APPROVER)
    announce_cycle(desk.acting(desk.quality), cycle)
    return desk, next(one for one in cycle.entries if one.agency_id == desk.agency.id), other


def line(desk, measure="report", ground="报告质量评分未考虑补充材料"):
    return Contested(f"task|{desk.engagement.number}|{measure}", ground)


def test_nobody_appeals_before_the_sheet_is_sent_nor_after_seven_working_days(uow):
    desk = rated_desk(uow)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    entry = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    with pytest.raises(Refused) as caught:
        file_appeal(desk.acting(desk.manager), entry, [line(desk)])
    assert caught.value.refusals[0].rule_id == "R-GRADE.publish"
    announce_cycle(desk.acting(desk.quality), cycle)
    end_appeals(uow, cycle)
    with pytest.raises(Refused, match=f"{cycle.appeals_due_on.isoformat()} 届满"):
        file_appeal(desk.acting(desk.manager), entry, [line(desk)])
    with pytest.raises(Refused, match="届满"):
        agree(desk.acting(desk.manager), entry)
    recall_cycle(desk.acting(desk.quality), cycle, "重新核对")
    publish_year(desk, cycle)
    with pytest.raises(Refused, match="公布前提出"):
        file_appeal(desk.acting(desk.manager), entry, [line(desk)])


def test_an_upheld_appeal_is_recomputed_in_the_cycle_with_its_reason(uow, sheet):
    desk, entry, other = sheet
    before = entry.score
    appeal = file_appeal(desk.acting(desk.manager), entry, [line(desk)], files=[upload(b"%PDF-1.7 no", "证明.pdf")][:0])
    with pytest.raises(Refused, match="正在处理"):
        file_appeal(desk.acting(desk.manager), entry, [line(desk)])
    with pytest.raises(Forbidden, match=r"R-GRADE\.publish"):
        decide_appeal(desk.acting(desk.quality), appeal, {1: NO})
    uow.session.refresh(appeal)
    wrong = (
        ({}, "outcome_1"),
        ({1: LineDecision(LineOutcome.REJECTED, " ")}, "reason_1"),
        ({1: LineDecision(LineOutcome.UPHELD, "成立", "task|无此任务|report", "90")}, "correct_1"),
        ({1: LineDecision(LineOutcome.UPHELD, "成立", value="101")}, "value_1"),
    )
    for decisions, field in wrong:
        with pytest.raises(Refused) as caught:
            decide_appeal(desk.acting(other), appeal, decisions)
        assert [one.field for one in caught.value.refusals] == [field]
    decide_appeal(desk.acting(other), appeal, {1: LineDecision(LineOutcome.UPHELD, "补充材料属实", value="100")})
    # The report is 35 of 100 points, up by 20 in one of two equal tasks.
    assert entry.score == before + Decimal("3.50")
    assert appeal.state is AppealState.UPHELD
    assert (appeal.before["score"], appeal.after["score"]) == (str(before), str(entry.score))
    assert verify_grade(entry.record) == []
    assert "补充材料属实" in str(entry.record["tasks"])
    with pytest.raises(Refused, match="已经处理"):
        file_appeal(desk.acting(desk.manager), entry, [line(desk)])
    assert appeal.number == f"评申〔{uow.today.year}〕1号"
    assert [one.name for one in documents_of(uow, appeal, LETTER)] == [f"{appeal.number}.pdf"]


def test_lines_are_decided_one_by_one_and_the_graders_say_their_part(uow, sheet):
    desk, entry, other = sheet
    evidence = upload((b"%PDF-1.4\n" + b"1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"), "证明.pdf")
    lines = [line(desk), line(desk, "amount", "合同金额应为补充合同之后的"), Contested("other", "会议未通知")]
    agree(desk.acting(desk.manager), entry)
    appeal = file_appeal(desk.acting(desk.manager), entry, lines, ground="共三项", files=[])
    assert [one.stated for one in appeal.lines] == ["80.00", str(entry.record["tasks"][0]["amount"]), ""]
    state_on(desk.acting(desk.quality), appeal, "评分时没有收到补充材料")
    with pytest.raises(Refused):
        state_on(desk.acting(desk.quality), appeal, " ")
    decisions = {1: NO, 2: LineDecision(LineOutcome.UPHELD, "已核对补充合同", value="300,000"), 3: NO}
    decide_appeal(desk.acting(other), appeal, decisions, answer="其余事项不影响评分")
    assert appeal.state is AppealState.PARTLY
    assert Decimal(entry.record["tasks"][0]["amount"]) == 300000
    assert entry.corrections == [
        {"task": desk.engagement.number, "fact": "amount", "value": "300000.00", "reason": "已核对补充合同"}
    ]
    assert verify_grade(entry.record) == []
    with pytest.raises(Refused, match="已经处理"):
        state_on(desk.acting(desk.quality), appeal, "补充")
    told = {one.user_id for one in uow.session.query(Notification) if one.kind.startswith("agency.appeal")}
    assert {desk.manager.id, desk.quality.id, other.id} <= told
    assert evidence.filename == "证明.pdf"
    assert documents_of(uow, appeal, EVIDENCE) == []


def test_wrong_lines_are_told_at_their_fields(uow, sheet):
    desk, entry, _other = sheet
    for lines, field in (
        ([], "target_1"),
        ([Contested("task|x|report", "有误")], "target_1"),
        ([line(desk), Contested("other", " ")], "ground_2"),
        ([line(desk), line(desk)], "target_1"),
    ):
        with pytest.raises(Refused) as caught:
            file_appeal(desk.acting(desk.manager), entry, lines)
        assert [one.field for one in caught.value.refusals] == [field]


def test_a_rejected_appeal_changes_nothing_and_says_why(uow, sheet):
    desk, entry, other = sheet
    record = dict(entry.record)
    appeal = file_appeal(desk.acting(desk.manager), entry, [line(desk)])
    decide_appeal(desk.acting(other), appeal, {1: NO})
    assert (appeal.state, appeal.lines[0].reason, entry.record) == (AppealState.REJECTED, "评分有据", record)


def test_appeals_lapse_when_the_sheets_are_taken_back_and_corrections_stay(uow, sheet):
    desk, entry, other = sheet
    appeal = file_appeal(desk.acting(desk.manager), entry, [line(desk)])
    decide_appeal(desk.acting(other), appeal, {1: LineDecision(LineOutcome.UPHELD, "属实", value="100")})
    score = entry.score
    second = file_appeal(desk.acting(desk.manager), entry, [Contested("other", "还有一事")])
    with pytest.raises(Refused):
        recall_cycle(desk.acting(other), entry.cycle, " ")
    recall_cycle(desk.acting(other), entry.cycle, "有一项任务漏计")
    assert second.state is AppealState.LAPSED
    compute_cycle(desk.acting(desk.quality), uow.today.year)
    assert entry.score == score
    announce_cycle(desk.acting(desk.quality), entry.cycle)
    file_appeal(desk.acting(desk.manager), entry, [Contested("other", "仍有异议")])


def test_the_adjusted_set_keeps_raw_ratings_and_severities_in_the_record(uow):
    desk = scored_engagement(uow, "0.8")
    scored_engagement(uow, "0.9", agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year, "adjusted")
    entry = next(one for one in cycle.entries if one.agency_id == desk.agency.id)
    assert entry.record["rules"]["counts"] == "adjusted"
    assert all(task["effects"]["report"] for task in entry.record["tasks"])
    assert verify_grade(entry.record) == []


def test_what_changed_adds_up_to_the_difference(uow, sheet):
    _desk, entry, _other = sheet
    rules = from_body(entry.record["rules"])
    tasks = tasks_in(entry.record)
    lower = [type(t)(**{**t.__dict__, "ratings": {**t.ratings, "report": {"bureau": [Decimal(50)]}}}) for t in tasks]
    before = grade_record("甲", 2025, lower, losses_in(entry.record), rules, master_salt="7" * 64)
    found = changes(before, entry.record)
    assert sum(one.points for one in found) == Decimal(entry.record["result"]["score"]) - Decimal(
        before["result"]["score"]
    )
    assert found[0] == Change("report", Decimal("10.50"))
