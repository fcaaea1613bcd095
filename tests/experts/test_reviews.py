from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import written
from core.verify_cli import verify_file
from experts.models import Conflict
from experts.quotas import SeatQuota, proposed
from experts.review_rules import review_rules
from experts.services.conflicts import declare_conflict, screen
from experts.services.draw_steps import promise_entropy, reveal_entropy, void_draw
from experts.services.draws import draws_of, lock_plan, outlook
from experts.services.reviews import convene_review
from experts.states import Category, ConflictKind, DrawState, ReviewState
from experts.stored_draws import attempts_of, plan_from
from experts.workflow import REVIEW
from projects.states import SystemState
from tests.factories.experts import (
    PHRASES,
    Hall,
    as_user,
    make_expert,
    meeting,
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
