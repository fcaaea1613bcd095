"""The review of a report by a panel: convened, drawn, invited, rated, concluded (R-GRADE.panel)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Refused
from core.parameters import set_local_value
from experts.draw.verify import verify_draw
from experts.exclusions import Exclusion
from experts.models import ExpertDuty
from experts.services.conflicts import declare_conflict
from experts.services.invitations import Declaration
from experts.states import ConflictKind, DutyKind, DutyRating, ReviewState
from grading.grade_rules import grade_rules
from grading.queries import score_of, visible_submissions
from grading.queries.report_review import report_seats_of
from grading.services.rating import save_sheet
from grading.services.report_minutes import minutes_of_report
from grading.services.report_opinions import (
    ServedExpert,
    cancel_report_review,
    conclude_report_review,
    drafted_review_opinion,
    say,
)
from grading.services.report_reviews import (
    convene_report_review,
    draws_of_report,
    indicator_panel,
    lock_panel,
    screened_for_report,
)
from grading.services.report_seats import (
    accept_report_seat,
    decline_report_seat,
    lapse_overdue_report_seats,
    recuse_report_seat,
    replace_report_seat,
)
from grading.services.scoring import decide_score, ratings_of, reckon
from grading.services.task_ratings import stored_ratings
from grading.states import PanelWay, RaterKind, ReportReviewState, ReportSeatState
from tests.factories.experts import Hall, make_expert
from tests.factories.grading import checked_submission
from tests.factories.report_panels import CONFIRMED, Panel, panel_entry


@pytest.fixture
def panel(uow):
    return Panel(uow).draw()


def test_what_is_wrong_is_said_at_its_field(uow):
    desk = checked_submission(uow)
    officer = desk.acting(desk.quality)
    with pytest.raises(Refused, match="疑点处置完成"):
        convene_report_review(officer, desk.submission, panel_entry(uow))
    desk.dispose()
    bad = panel_entry(
        uow, way=PanelWay.CHOSEN, size=2, due_on=uow.today - timedelta(days=1), fee=Decimal(-1), answer_hours=0
    )
    with pytest.raises(Refused) as caught:
        convene_report_review(officer, desk.submission, bad)
    assert {one.field for one in caught.value.refusals} == {
        "size",
        "due_on",
        "fee",
        "answer_hours",
        "ground",
        "experts",
    }
    assert {one.rule_id for one in caught.value.refusals} >= {"R-GRADE.panel"}
    convene_report_review(officer, desk.submission, panel_entry(uow))
    with pytest.raises(Refused, match="已有评审"):
        convene_report_review(officer, desk.submission, panel_entry(uow))


def test_a_panel_is_drawn_with_two_reveals_and_its_record_verifies(panel):
    assert panel.review.state is ReportReviewState.RATING
    assert len(panel.in_state(ReportSeatState.INVITED)) == 3
    assert len(panel.in_state(ReportSeatState.RESERVE)) == 2
    (draw,) = draws_of_report(panel.uow, panel.review)
    assert verify_draw(draw.record) == []


def test_a_decline_silence_and_a_relation_each_call_the_next(panel):
    first, second, third = panel.in_state(ReportSeatState.INVITED)
    with pytest.raises(Forbidden):
        decline_report_seat(panel.as_expert(second), first, "不是我的邀请")
    decline_report_seat(panel.as_expert(first), first, "出差在外")
    assert (first.state, len(panel.in_state(ReportSeatState.INVITED))) == (ReportSeatState.DECLINED, 3)
    relation = Declaration({ConflictKind.PAST_WORK: panel.desk.engagement.agency_id}, "合作过课题")
    accept_report_seat(panel.as_expert(second), second, relation)
    assert second.state is ReportSeatState.RECUSED
    third.answer_by = panel.uow.now - timedelta(minutes=1)
    panel.uow.session.flush()
    assert lapse_overdue_report_seats(panel.uow) == 1
    assert third.state is ReportSeatState.LAPSED
    with pytest.raises(Refused, match="不能重复答复"):
        accept_report_seat(panel.as_expert(third), third, CONFIRMED)


def test_experts_rate_as_experts_and_count_with_their_weight(panel):
    panel.accept_all()
    seat = panel.in_state(ReportSeatState.ACCEPTED)[0]
    assert panel.desk.submission in panel.uow.session.scalars(visible_submissions(panel.as_expert(seat).actor)).all()
    panel.rate_all("0.8")
    panel.desk.rate(panel.officer, "0.9")
    panel.desk.rate(panel.desk.unit, "0.9")
    reckoning = reckon(ratings_of(panel.uow, panel.desk.submission), grade_rules(panel.uow))
    report = next(one for one in reckoning.elements if one.key == "report")
    assert report.missing == ()
    assert report.rating == Decimal("86.00"), "0.3 × 90 + 0.3 × 90 + 0.4 × 80"
    with pytest.raises(Refused) as caught:
        decide_score(panel.as_officer(), panel.desk.submission)
    assert caught.value.refusals[0].rule_id == "R-GRADE.panel"
    conclude_report_review(panel.as_officer(), panel.review, "报告可用，建议细化后提交。", {})
    decide_score(panel.as_officer(), panel.desk.submission)
    kept = stored_ratings(panel.uow, score_of(panel.uow, panel.desk.engagement.id))
    assert kept["report"]["experts"] == [80, 80, 80]


def test_representatives_give_opinions_and_no_points(panel):
    guest = panel.review.guests[0]
    with pytest.raises(Refused, match="请填写意见"):
        say(panel.as_officer(), guest, " ")
    say(panel.as_officer(), guest, "建议补充受益对象的意见", "王代表")
    assert (guest.opinion, guest.person) == ("建议补充受益对象的意见", "王代表")
    assert "王代表" not in str(ratings_of(panel.uow, panel.desk.submission))


def test_the_conclusion_hands_duty_and_fee_to_the_pool_and_makes_minutes(panel):
    panel.accept_all()
    first, second, third = panel.in_state(ReportSeatState.ACCEPTED)
    with pytest.raises(Refused, match="还没有专家锁定"):
        conclude_report_review(panel.as_officer(), panel.review, "意见", {})
    for seat in (first, second):
        panel.desk.rate(seat.expert.user, "0.8", "数据可信")
    say(panel.as_officer(), panel.review.guests[0], "同意")
    drafted = drafted_review_opinion(panel.uow, panel.review, panel.desk.submission)
    assert "2人独立评分" in drafted
    assert "区人大财经委" in drafted
    poor = {str(first.id): ServedExpert(DutyRating.POOR)}
    with pytest.raises(Refused) as caught:
        conclude_report_review(panel.as_officer(), panel.review, drafted, poor)
    assert (caught.value.refusals[0].rule_id, caught.value.refusals[0].field) == ("R-COMM-13", f"remark_{first.id}")
    conclude_report_review(panel.as_officer(), panel.review, drafted, {})
    rows = {one.expert_id: one for one in panel.uow.session.scalars(select(ExpertDuty))}
    assert (rows[first.expert_id].kind, rows[first.expert_id].fee) == (DutyKind.REPORT, 800)
    assert (rows[third.expert_id].rating, rows[third.expert_id].fee) == (DutyRating.POOR, 0)
    paper = minutes_of_report(panel.uow, panel.review, panel.desk.submission, issuer="澄湖区财政局", named=False)
    assert paper.startswith(b"%PDF")
    with pytest.raises((Refused, Forbidden)):
        save_sheet(panel.as_expert(third), panel.desk.submission, {})


def test_who_locked_is_neither_replaced_nor_steps_down_and_the_review_is_not_cancelled(panel):
    panel.accept_all()
    seat, other, _third = panel.in_state(ReportSeatState.ACCEPTED)
    panel.desk.rate(seat.expert.user, "0.8")
    with pytest.raises(Refused, match="已锁定"):
        replace_report_seat(panel.as_officer(), seat, "换人")
    with pytest.raises(Refused, match="已锁定"):
        recuse_report_seat(panel.as_expert(seat), seat, "想起来了")
    with pytest.raises(Refused, match="不能取消"):
        cancel_report_review(panel.as_officer(), panel.review, "不评了")
    save_sheet(panel.as_expert(other), panel.desk.submission, panel.desk.marks(other.expert.user))
    recuse_report_seat(panel.as_expert(other), other, "亲属刚入职该机构")
    assert other.state is ReportSeatState.RECUSED
    assert len(panel.in_state(ReportSeatState.INVITED)) == 1, "the next of the draw is asked"


def test_a_chosen_panel_is_screened_and_invited_at_once(uow):
    desk = checked_submission(uow)
    desk.dispose()
    experts = [make_expert(uow) for _ in range(3)]
    tied = make_expert(uow)
    declare_conflict(uow, tied, desk.agency.organisation, kind=ConflictKind.KINSHIP, reason="配偶任职")
    officer, chosen = desk.acting(desk.quality), [one.id for one in experts]
    entry = panel_entry(uow, way=PanelWay.CHOSEN, ground="项目专业性强", experts=[tied.id, *chosen[:2]])
    with pytest.raises(Refused) as caught, uow.session.begin_nested():
        convene_report_review(officer, desk.submission, entry)
    assert (caught.value.refusals[0].rule_id, caught.value.refusals[0].field) == ("R-COMM-06", "experts")
    review = convene_report_review(officer, desk.submission, replace(entry, experts=chosen))
    assert (review.state, review.reserves) == (ReportReviewState.RATING, 0)
    assert {one.state for one in report_seats_of(uow, review)} == {ReportSeatState.INVITED}


def test_whether_experts_of_the_indicators_may_review_the_report_is_the_bureau_s_parameter(uow):
    hall = Hall(uow, ReviewState.PASSED)
    served = [seat.expert for seat in hall.panel]
    assert {one.expert.id for one in screened_for_report(uow, hall.engagement, only=served)} == {
        one.id for one in indicator_panel(uow, hall.engagement.system_id)
    }
    assert {one.exclusion for one in screened_for_report(uow, hall.engagement, only=served)} == {None}
    set_local_value(uow, "R-GRADE.panel", "indicator_experts", "0")
    assert {one.exclusion for one in screened_for_report(uow, hall.engagement, only=served)} == {Exclusion.INDICATORS}


def test_kinds_of_raters_are_kept_apart(panel):
    panel.accept_all()
    seat = panel.in_state(ReportSeatState.ACCEPTED)[0]
    sheet = save_sheet(panel.as_expert(seat), panel.desk.submission, {})
    assert sheet.kind is RaterKind.EXPERT
    with pytest.raises(Refused, match="状态"):
        lock_panel(panel.as_officer(), panel.review)
