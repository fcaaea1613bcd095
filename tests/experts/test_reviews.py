from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from agencies.services.engagements import ensure_may_deliver
from agencies.states import EngagementState
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import written
from core.verify_cli import verify_file
from experts.models import Conflict, IndicatorComment, InvitationToken, Seat
from experts.queries import visible_comments
from experts.quotas import SeatQuota, proposed
from experts.review_rules import review_rules
from experts.seats import panel_of, seats_of
from experts.services.conclusions import answer_comments, consent, send_back
from experts.services.conflicts import declare_conflict, screen
from experts.services.draws import (
    call_earlier_panel,
    draws_of,
    lock_plan,
    outlook,
    promise_entropy,
    reveal_entropy,
    void_draw,
)
from experts.services.invitations import (
    Declaration,
    accept_seat,
    decline_seat,
    lapse_overdue,
    recuse_seat,
    seat_by_token,
)
from experts.services.reviews import convene_review
from experts.services.sheets import Judgement, Remark, close_scoring, comment_as_observer, lock_sheet, save_sheet
from experts.states import Category, ConflictKind, DrawState, Outcome, ReviewState, SeatState
from experts.stored_draws import attempts_of, plan_from
from experts.workflow import REVIEW
from projects.services.systems import submit_system
from projects.states import SystemState
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.experts import (
    CONFIRMED,
    PHRASES,
    Hall,
    as_user,
    full_marks,
    make_expert,
    meeting,
    pool_of,
    review_in,
    submitted_engagement,
)
from tests.factories.identity import make_organisation, make_user


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


def fields_of(refused) -> set[str | None]:
    return {refusal.field for refusal in refused.value.refusals}


# Convening


def test_convening_puts_the_system_under_review_and_numbers_the_review(uow):
    hall = Hall(uow)
    assert hall.engagement.system.state is SystemState.UNDER_REVIEW
    assert hall.review.number == f"评审〔{uow.today.year}〕1号"


def test_everything_wrong_with_a_meeting_is_told_at_its_field(uow):
    engagement, _manager = submitted_engagement(uow)
    officer = as_user(uow, make_user(uow, Role.QUALITY_OFFICER))
    quotas = [SeatQuota("performance", 1, 5), *proposed(review_rules(uow))[1:]]
    bad = meeting(uow, meets_at=uow.now - timedelta(hours=1), place=" ", size=4, reserves=-1, quotas=quotas)
    with pytest.raises(Refused) as refused:
        convene_review(officer, engagement.system, bad)
    assert fields_of(refused) == {"meets_at", "answer_by", "place", "size", "reserves", "performance"}
    assert {"R-IND.panel", "R-IND.seats"} <= rules_of(refused)
    assert engagement.system.state is SystemState.SUBMITTED


def test_a_second_review_at_the_same_time_is_refused_and_names_the_first(uow):
    hall = Hall(uow)
    other = as_user(uow, make_user(uow, Role.QUALITY_OFFICER))
    with pytest.raises(Refused, match=hall.review.number):
        convene_review(other, hall.engagement.system, meeting(uow))


def test_a_submission_is_told_to_quality_officers(uow):
    officer = make_user(uow, Role.QUALITY_OFFICER)
    engagement, _manager = submitted_engagement(uow)
    urls = uow.session.scalars(select(Notification.url).where(Notification.user_id == officer.id)).all()
    assert urls == [f"/reviews/new/{engagement.system_id}"]


def test_only_a_second_person_cancels_once_the_draw_has_begun(uow):
    hall = review_in(uow, ReviewState.DRAWING)
    with pytest.raises(Forbidden):
        REVIEW.fire(as_user(uow, hall.quality), hall.review, "cancel", reason="改期")
    REVIEW.fire(as_user(uow, make_user(uow, Role.PROCUREMENT_APPROVER)), hall.review, "cancel", reason="改期")
    again = convene_review(as_user(uow, hall.quality), hall.engagement.system, meeting(uow))
    assert again.attempt == 2


# Conflicts


def test_conflicted_experts_are_excluded_with_the_reason(uow):
    engagement, _manager = submitted_engagement(uow)
    agency, unit = engagement.agency, engagement.project.unit
    declared, expired = make_expert(uow), make_expert(uow)
    declare_conflict(uow, declared, agency, kind=ConflictKind.KINSHIP, reason="配偶任职")
    uow.add(
        Conflict(
            expert_id=expired.id,
            organisation_id=agency.id,
            kind=ConflictKind.PAST_WORK,
            reason="合作课题",
            source="expert",
            declared_at=uow.now - timedelta(days=1500),
            expires_on=uow.today - timedelta(days=1),
        )
    )
    employed = make_expert(uow, employer=unit.name)
    retired = make_expert(
        uow, appointed_on=uow.today - timedelta(days=900), appointed_until=uow.today - timedelta(days=1)
    )
    supervisor = make_expert(uow)
    from core.identity.models import Membership

    bureau = make_organisation(uow)
    uow.add(
        Membership(
            user_id=supervisor.user_id,
            organisation_id=bureau.id,
            role=Role.PROCUREMENT_SUPERVISOR,
            position=1,
            ended_at=None,
        )
    )
    uow.session.flush()
    reasons = {one.expert.id: one.exclusion for one in screen(uow, engagement)}
    assert reasons[declared.id] == "kinship"
    assert reasons[expired.id] is None
    assert reasons[employed.id] == "employment"
    assert reasons[retired.id] == "term"
    assert reasons[supervisor.id] == "supervision"


def test_serving_for_the_same_unit_within_a_year_excludes_but_not_for_the_same_system(uow):
    hall = review_in(uow, ReviewState.SCORING)
    member = hall.panel[0].expert
    assert screen(uow, hall.engagement, only=[member])[0].exclusion is None
    other, _manager = submitted_engagement(uow, project=None)
    other.project.unit_id = hall.engagement.project.unit_id
    uow.session.flush()
    assert screen(uow, other, only=[member])[0].exclusion == "cooldown"


# Draw


def test_the_outlook_gives_every_eligible_expert_a_chance(uow):
    hall = Hall(uow)
    seen = outlook(uow, hall.review)
    assert seen.infeasible is None
    assert sum(seen.plan.chances.values()) == 5
    assert min(seen.plan.chances.values()) > 0


def test_an_infeasible_draw_names_the_quota_that_blocks_and_is_not_locked(uow):
    engagement, _manager = submitted_engagement(uow)
    for _number in range(8):
        make_expert(uow, categories=(Category.PERFORMANCE,))
    officer = as_user(uow, make_user(uow, Role.QUALITY_OFFICER))
    review = convene_review(officer, engagement.system, meeting(uow))
    seen = outlook(uow, review)
    assert seen.plan is None
    assert {one.feature for one in seen.infeasible.blocking} <= {"trade", "finance", "scholar"}
    assert {(one.quota.feature, one.minimum) for one in seen.infeasible.relaxation} == {
        ("trade", 0),
        ("finance", 0),
        ("scholar", 0),
    }
    with pytest.raises(Refused) as refused:
        lock_plan(officer, review)
    assert rules_of(refused) == {"R-IND.seats"}


def test_an_empty_pool_is_told(uow):
    engagement, _manager = submitted_engagement(uow)
    officer = as_user(uow, make_user(uow, Role.QUALITY_OFFICER))
    review = convene_review(officer, engagement.system, meeting(uow))
    assert outlook(uow, review).empty is not None


def test_a_stored_plan_reads_back_as_it_was_committed(uow):
    hall = review_in(uow, ReviewState.DRAWING)
    draw = draws_of(uow, hall.review)[0]
    uow.session.flush()
    uow.session.expire(draw)
    assert plan_from(draw.plan).body() == draw.plan


def test_two_roles_draw_a_panel_that_meets_the_quotas_and_the_record_verifies(uow, tmp_path):
    hall = review_in(uow, ReviewState.INVITING)
    draw = draws_of(uow, hall.review)[-1]
    assert draw.state is DrawState.DONE
    panel = hall.panel
    held = [set(seat.expert.category_labels) for seat in panel]
    assert len(panel) == 5
    assert sum(Category.PERFORMANCE in one for one in held) >= 2
    for kind in (Category.INDUSTRY, Category.FINANCE, Category.SCHOLAR):
        assert any(kind in one for one in held)
    full, public = tmp_path / "full.json", tmp_path / "public.json"
    full.write_bytes(written(draw.record))
    public.write_bytes(written(draw.public_record))
    assert verify_file("draw", full) == []
    assert verify_file("draw", public, other=full) == []
    assert str(panel[0].expert_id) not in public.read_text()


def test_nobody_gives_entropy_twice_or_for_two_roles(uow):
    hall = review_in(uow, ReviewState.DRAWING)
    draw = draws_of(uow, hall.review)[0]
    promise_entropy(as_user(uow, hall.quality), draw, phrase=PHRASES[Role.QUALITY_OFFICER])
    with pytest.raises(Refused):
        promise_entropy(as_user(uow, hall.quality), draw, phrase="something else entirely")
    second = make_user(uow, Role.QUALITY_OFFICER)
    with pytest.raises(Refused):
        promise_entropy(as_user(uow, second), draw, phrase="the same role once more")
    with pytest.raises(Forbidden):
        promise_entropy(as_user(uow, make_user(uow, Role.PROCUREMENT_SUPERVISOR)), draw, phrase="supervision stays out")


def test_a_reveal_before_all_promises_or_with_other_words_is_refused(uow):
    hall = review_in(uow, ReviewState.DRAWING)
    draw = draws_of(uow, hall.review)[0]
    quality = as_user(uow, hall.quality)
    promise_entropy(quality, draw, phrase=PHRASES[Role.QUALITY_OFFICER])
    with pytest.raises(Refused):
        reveal_entropy(quality, draw, PHRASES[Role.QUALITY_OFFICER])
    promise_entropy(as_user(uow, hall.observer), draw, phrase=PHRASES[Role.OBSERVER])
    with pytest.raises(Refused) as refused:
        reveal_entropy(quality, draw, "quality officer's dice 6 6 6 6")
    assert fields_of(refused) == {"phrase"}


def test_a_withheld_reveal_voids_names_the_role_bars_the_person_and_chains(uow, tmp_path):
    hall = review_in(uow, ReviewState.DRAWING)
    draw = draws_of(uow, hall.review)[0]
    promise_entropy(as_user(uow, hall.quality), draw, phrase=PHRASES[Role.QUALITY_OFFICER])
    promise_entropy(as_user(uow, hall.observer), draw, phrase=PHRASES[Role.OBSERVER])
    reveal_entropy(as_user(uow, hall.quality), draw, PHRASES[Role.QUALITY_OFFICER])
    again = void_draw(as_user(uow, hall.quality), draw)
    assert draw.state is DrawState.VOID
    assert draw.void_reason == "observer"
    assert (again.attempt, again.commitment, again.barred) == (2, draw.commitment, [str(hall.observer.id)])
    with pytest.raises(Forbidden):
        promise_entropy(as_user(uow, hall.observer), again, phrase=PHRASES[Role.OBSERVER])
    hall.observer = make_user(uow, Role.OBSERVER)
    hall.draw()
    assert len(attempts_of(draws_of(uow, hall.review))) == 2
    path = tmp_path / "draw.json"
    path.write_bytes(written(draws_of(uow, hall.review)[-1].record))
    assert verify_file("draw", path) == []
    assert len(json.loads(path.read_text())["attempts"]) == 2


def test_a_draw_in_which_everybody_revealed_cannot_be_void(uow):
    hall = review_in(uow, ReviewState.INVITING)
    with pytest.raises(Refused):
        void_draw(as_user(uow, hall.quality), draws_of(uow, hall.review)[-1])


def test_a_conflict_that_came_up_after_the_snapshot_unseats_and_replaces(uow):
    hall = review_in(uow, ReviewState.DRAWING)
    for expert in hall.pool[:4]:
        declare_conflict(uow, expert, hall.engagement.agency, kind=ConflictKind.COACHING, reason="指导过指标")
    hall.draw()
    tied = {expert.id for expert in hall.pool[:4]}
    assert not tied & {seat.expert_id for seat in hall.panel}
    assert len(hall.panel) == 5


# Invitations


def test_a_decline_needs_a_reason_and_is_replaced_at_once_by_the_same_draw(uow, tmp_path):
    hall = review_in(uow, ReviewState.INVITING)
    seat = hall.panel[0]
    with pytest.raises(Refused):
        decline_seat(hall.as_expert(seat), seat, "  ")
    decline_seat(hall.as_expert(seat), seat, "当日出差")
    assert seat.state is SeatState.DECLINED
    assert len(hall.panel) == 5
    draw = draws_of(uow, hall.review)[-1]
    assert len(draw.record["replacements"]) == 1
    path = tmp_path / "draw.json"
    path.write_bytes(written(draw.record))
    assert verify_file("draw", path) == []


def test_an_answer_counts_once(uow):
    hall = review_in(uow, ReviewState.INVITING)
    seat = hall.panel[0]
    accept_seat(hall.as_expert(seat), seat, CONFIRMED)
    for answer in (lambda: accept_seat(uow, seat, CONFIRMED), lambda: decline_seat(uow, seat, "改主意")):
        with pytest.raises(Refused):
            answer()


def test_accepting_needs_the_declaration(uow):
    hall = review_in(uow, ReviewState.INVITING)
    with pytest.raises(Refused) as refused:
        accept_seat(uow, hall.panel[0], Declaration({}))
    assert rules_of(refused) == {"R-COMM-06"}


def test_a_declared_relation_recuses_is_kept_and_replaced(uow):
    hall = review_in(uow, ReviewState.INVITING)
    seat = hall.panel[0]
    relation = {ConflictKind.PAST_WORK: hall.engagement.agency_id}
    accept_seat(hall.as_expert(seat), seat, Declaration(relation, "去年合作课题"))
    assert seat.state is SeatState.RECUSED
    kept = uow.session.scalar(select(Conflict).where(Conflict.expert_id == seat.expert_id))
    assert (kept.kind, kept.source) == (ConflictKind.PAST_WORK, "expert")
    assert len(hall.panel) == 5


def test_silence_until_the_limit_lapses_and_the_next_expert_gets_a_day(uow, clock):
    hall = review_in(uow, ReviewState.INVITING)
    for seat in hall.panel[1:]:
        accept_seat(hall.as_expert(seat), seat, CONFIRMED)
    silent = next(seat for seat in hall.panel if seat.state is SeatState.INVITED)
    assert lapse_overdue(uow) == 0
    clock.advance(days=2, minutes=1)
    assert lapse_overdue(uow) == 1
    assert silent.state is SeatState.LAPSED
    follower = next(seat for seat in hall.panel if seat.state is SeatState.INVITED)
    assert follower.answer_by == uow.now + timedelta(hours=24)
    assert lapse_overdue(uow) == 0


def test_an_answer_after_the_limit_is_refused(uow, clock):
    hall = review_in(uow, ReviewState.INVITING)
    clock.advance(days=3)
    with pytest.raises(Refused) as refused:
        accept_seat(uow, hall.panel[0], CONFIRMED)
    assert rules_of(refused) == {"R-EXP-02"}


def test_exhausted_reserves_are_told_to_the_officer(uow):
    hall = review_in(uow, ReviewState.INVITING, pool=8)
    for _round in range(4):
        seat = next((one for one in hall.panel if one.state is SeatState.INVITED), None)
        if seat is not None:
            decline_seat(uow, seat, "不便")
    kinds = uow.session.scalars(select(Notification.kind).where(Notification.user_id == hall.quality.id)).all()
    assert "seat.no-reserve" in kinds


def test_a_token_is_stored_hashed_and_works_until_answered(uow):
    from experts.services.invitations import invite

    hall = review_in(uow, ReviewState.INVITING, reserves=5)
    reserve = next(seat for seat in seats_of(uow, hall.review) if seat.state is SeatState.RESERVE)
    token = invite(uow, reserve, answer_by=hall.review.answer_by)
    uow.session.flush()
    assert token not in uow.session.scalars(select(InvitationToken.token_hash)).all()
    assert seat_by_token(uow, token).seat_id == reserve.id
    assert seat_by_token(uow, "other") is None
    accept_seat(uow, reserve, CONFIRMED)
    assert seat_by_token(uow, token) is None


def test_a_token_expires_and_dies_with_the_review(uow, clock):
    from experts.services.invitations import invite

    hall = review_in(uow, ReviewState.INVITING)
    reserves = [seat for seat in seats_of(uow, hall.review) if seat.state is SeatState.RESERVE]
    token = invite(uow, reserves[0], answer_by=hall.review.answer_by)
    uow.session.flush()
    REVIEW.fire(as_user(uow, make_user(uow, Role.PROCUREMENT_APPROVER)), hall.review, "cancel", reason="项目终止")
    assert seat_by_token(uow, token) is None
    clock.advance(days=3)
    assert seat_by_token(uow, token) is None


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
        answer_comments(agency, hall.review, {comment.id: "已扩大样本"})
    for other in hall.panel[1:]:
        lock_sheet(hall.as_expert(other), other, full_marks(uow))
    consent(as_user(uow, hall.quality), hall.review)
    assert answer_comments(agency, hall.review, {comment.id: "已扩大样本"}) == 1
    assert comment.answered_at is not None


def test_a_pool_of_sixteen_is_enough_for_a_review(uow):
    assert len(pool_of(uow, 16)) == 16
    assert uow.session.scalars(select(Seat)).first() is None
