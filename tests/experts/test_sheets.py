from __future__ import annotations

import pytest
from sqlalchemy import select

from agencies.services.engagements import ensure_may_deliver
from agencies.states import EngagementState
from core.errors import Refused
from experts.models import IndicatorComment, Seat
from experts.queries import visible_comments
from experts.seats import panel_of
from experts.services.conclusions import Answer, answer_comments, consent, send_back
from experts.services.conflicts import declare_conflict
from experts.services.draws import call_earlier_panel
from experts.services.invitations import (
    accept_seat,
    decline_seat,
    recuse_seat,
)
from experts.services.reviews import convene_review
from experts.services.sheets import Judgement, Remark, close_scoring, comment_as_observer, lock_sheet, save_sheet
from experts.states import Adoption, ConflictKind, Outcome, ReviewState, SeatState
from projects.services.systems import submit_system
from projects.states import SystemState
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.experts import (
    CONFIRMED,
    as_user,
    full_marks,
    meeting,
    pool_of,
    review_in,
)


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


def fields_of(refused) -> set[str | None]:
    return {refusal.field for refusal in refused.value.refusals}


# Convening


def test_scoring_opens_when_everybody_accepted(uow):
    hall = review_in(uow, ReviewState.INVITING)
    for seat in hall.panel[:-1]:
        accept_seat(hall.as_expert(seat), seat, CONFIRMED)
    assert hall.review.state is ReviewState.INVITING
    last = next(seat for seat in hall.panel if seat.state is SeatState.INVITED)
    accept_seat(hall.as_expert(last), last, CONFIRMED)
    assert hall.review.state is ReviewState.SCORING


# Sheets


def test_a_draft_keeps_what_was_given_and_a_locked_sheet_cannot_change(uow):
    hall = review_in(uow, ReviewState.SCORING)
    seat = hall.panel[0]
    expert = hall.as_expert(seat)
    points = full_marks(uow).points
    half = dict(list(points.items())[:3])
    sheet = save_sheet(expert, seat, Judgement(half, "", is_veto=False))
    assert {line.key for line in sheet.lines} == set(half)
    with pytest.raises(Refused) as refused:
        lock_sheet(expert, seat, Judgement(half, "", is_veto=False))
    assert fields_of(refused) == {"standards", "scoring", "samples"}
    lock_sheet(expert, seat, full_marks(uow))
    with pytest.raises(Refused):
        save_sheet(expert, seat, full_marks(uow, "0.5"))


@pytest.mark.parametrize(("line", "points"), [("fit", "20.5"), ("fit", "-1"), ("samples", "9.3"), ("unknown", "1")])
def test_points_outside_a_line_are_refused_at_the_line(uow, line, points):
    from decimal import Decimal

    hall = review_in(uow, ReviewState.SCORING)
    seat = hall.panel[0]
    with pytest.raises(Refused) as refused:
        save_sheet(hall.as_expert(seat), seat, Judgement({line: Decimal(points)}, "", is_veto=False))
    assert fields_of(refused) == {line}


def test_a_veto_needs_words(uow):
    hall = review_in(uow, ReviewState.SCORING)
    seat = hall.panel[0]
    with pytest.raises(Refused):
        save_sheet(hall.as_expert(seat), seat, full_marks(uow, is_veto=True, opinion=" "))


def test_remarks_stay_secret_from_each_other_until_scoring_is_closed(uow):
    hall = review_in(uow, ReviewState.SCORING)
    first, second = hall.panel[:2]
    remark = Remark("居民满意度", "样本量偏小", is_major=False)
    save_sheet(hall.as_expert(first), first, full_marks(uow, remarks=(remark,)))
    assert [one.body for one in visible_comments(hall.as_expert(first), hall.review, sees_all=True)] == ["样本量偏小"]
    assert visible_comments(hall.as_expert(second), hall.review, sees_all=True) == []
    assert visible_comments(as_user(uow, hall.quality), hall.review, sees_all=True) == []
    lock_sheet(hall.as_expert(first), first, full_marks(uow, remarks=(remark,)))
    for seat in hall.panel[1:]:
        lock_sheet(hall.as_expert(seat), seat, full_marks(uow))
    assert hall.review.state is ReviewState.SCORED
    assert len(visible_comments(as_user(uow, hall.quality), hall.review, sees_all=True)) == 1


def test_two_thirds_are_a_quorum(uow):
    hall = review_in(uow, ReviewState.SCORING)
    officer = as_user(uow, hall.quality)
    for seat in hall.panel[:3]:
        lock_sheet(hall.as_expert(seat), seat, full_marks(uow))
    with pytest.raises(Refused) as refused:
        close_scoring(officer, hall.review)
    assert rules_of(refused) == {"R-IND.quorum"}
    fourth = next(seat for seat in hall.panel if seat.state is SeatState.ACCEPTED)
    lock_sheet(hall.as_expert(fourth), fourth, full_marks(uow))
    assert close_scoring(officer, hall.review).members == 4


def test_a_late_conflict_unseats_before_the_sheet_counts(uow):
    hall = review_in(uow, ReviewState.SCORING)
    seat = hall.panel[0]
    declare_conflict(uow, seat.expert, hall.engagement.agency, kind=ConflictKind.OTHER, reason="新近受聘")
    lock_sheet(hall.as_expert(seat), seat, full_marks(uow))
    assert seat.state is SeatState.RECUSED
    assert hall.review.state is ReviewState.SCORING
    assert len(hall.panel) == 5


def test_stepping_down_while_scoring_calls_the_next(uow):
    hall = review_in(uow, ReviewState.SCORING)
    seat = hall.panel[0]
    save_sheet(hall.as_expert(seat), seat, full_marks(uow))
    recuse_seat(hall.as_expert(seat), seat, "亲属新近入职该机构")
    follower = next(one for one in hall.panel if one.state is SeatState.INVITED)
    accept_seat(hall.as_expert(follower), follower, CONFIRMED)
    hall.score_all()
    assert hall.review.state is ReviewState.SCORED


def test_observers_comment_without_a_vote(uow):
    hall = review_in(uow, ReviewState.SCORING)
    observer = as_user(uow, hall.observer)
    comment_as_observer(observer, hall.review, Remark("居民满意度", "建议增加老年人样本"))
    with pytest.raises(Refused):
        comment_as_observer(observer, hall.review, Remark("没有的指标", "意见"))
    hall.score_all()
    assert hall.review.average == full_marks(uow).points["fit"] * 5 or hall.review.outcome is Outcome.PASS


# Decision


def test_no_report_before_the_bureau_consents(uow):
    hall = review_in(uow, ReviewState.SCORED)
    with pytest.raises(Refused) as refused:
        ensure_may_deliver(hall.engagement)
    assert rules_of(refused) == {"R-IND-01"}
    consent(as_user(uow, hall.quality), hall.review, "同意")
    assert hall.engagement.system.state is SystemState.APPROVED
    assert hall.engagement.state is EngagementState.EVALUATING
    ensure_may_deliver(hall.engagement)


def test_what_the_panel_did_not_pass_can_only_go_back(uow):
    hall = review_in(uow, ReviewState.SCORING)
    hall.score_all("0.7")
    assert hall.review.outcome is Outcome.REVISE
    officer = as_user(uow, hall.quality)
    with pytest.raises(Refused) as refused:
        consent(officer, hall.review)
    assert rules_of(refused) == {"R-IND.pass"}
    with pytest.raises(Refused):
        send_back(officer, hall.review, " ")
    send_back(officer, hall.review, "请量化产出指标")
    assert (hall.engagement.system.state, hall.engagement.system.round) == (SystemState.RETURNED, 2)


def test_the_second_round_asks_the_same_panel_and_continues_its_draw(uow):
    hall = review_in(uow, ReviewState.RETURNED)
    before = {seat.expert_id for seat in hall.panel}
    system, manager = hall.engagement.system, as_user(uow, hall.manager)
    INDICATOR_SYSTEM.fire(manager, system, "revise")
    submit_system(manager, system)
    officer = as_user(uow, hall.quality)
    review = convene_review(officer, system, meeting(uow))
    call_earlier_panel(officer, review)
    panel = panel_of(uow, review)
    assert {seat.expert_id for seat in panel} == before
    decline_seat(uow, panel[0], "出国")
    assert len(panel_of(uow, review)) == 5
    assert len({seat.expert_id for seat in panel_of(uow, review)} - before) == 1


def test_the_agency_answers_after_the_decision_only(uow):
    hall = review_in(uow, ReviewState.SCORING)
    seat = hall.panel[0]
    remark = Remark("居民满意度", "样本量偏小")
    lock_sheet(hall.as_expert(seat), seat, full_marks(uow, remarks=(remark,)))
    comment = uow.session.scalar(select(IndicatorComment))
    agency = as_user(uow, hall.manager)
    with pytest.raises(Refused):
        answer_comments(agency, hall.review, {comment.id: Answer(Adoption.ADOPTED, "已扩大样本")})
    for other in hall.panel[1:]:
        lock_sheet(hall.as_expert(other), other, full_marks(uow))
    consent(as_user(uow, hall.quality), hall.review)
    assert answer_comments(agency, hall.review, {comment.id: Answer(Adoption.ADOPTED, "已扩大样本")}) == 1
    assert comment.answered_at is not None


def test_a_pool_of_sixteen_is_enough_for_a_review(uow):
    assert len(pool_of(uow, 16)) == 16
    assert uow.session.scalars(select(Seat)).first() is None
