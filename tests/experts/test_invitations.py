from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import written
from core.verify_cli import verify_file
from experts.models import Conflict, InvitationLink
from experts.seats import seats_of
from experts.services.draws import draws_of
from experts.services.invitations import (
    Declaration,
    accept_seat,
    decline_seat,
    lapse_overdue,
)
from experts.services.inviting import invite
from experts.services.links import find_link, is_good
from experts.states import ConflictKind, LinkPurpose, ReviewState, SeatState
from experts.views.linked import linked
from experts.workflow import REVIEW
from tests.factories.experts import (
    CONFIRMED,
    as_user,
    review_in,
)
from tests.factories.identity import make_user


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


def fields_of(refused) -> set[str | None]:
    return {refusal.field for refusal in refused.value.refusals}


def opens(uow, token) -> bool:
    """Whether a link still answers its invitation."""
    link = find_link(uow, token, LinkPurpose.ANSWER)
    return link is not None and is_good(uow, link) and linked(uow, link.held_for).standing == "open"


# Answers


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
    hall = review_in(uow, ReviewState.INVITING, reserves=5)
    reserve = next(seat for seat in seats_of(uow, hall.review) if seat.state is SeatState.RESERVE)
    token = invite(uow, reserve, answer_by=hall.review.answer_by)
    uow.session.flush()
    assert token not in uow.session.scalars(select(InvitationLink.token_hash)).all()
    assert opens(uow, token)
    assert not opens(uow, "other")
    accept_seat(uow, reserve, CONFIRMED)
    assert not opens(uow, token)


def test_a_token_expires_and_dies_with_the_review(uow, clock):
    hall = review_in(uow, ReviewState.INVITING)
    reserves = [seat for seat in seats_of(uow, hall.review) if seat.state is SeatState.RESERVE]
    token = invite(uow, reserves[0], answer_by=hall.review.answer_by)
    uow.session.flush()
    REVIEW.fire(as_user(uow, make_user(uow, Role.PROCUREMENT_APPROVER)), hall.review, "cancel", reason="项目终止")
    assert not opens(uow, token)
    clock.advance(days=3)
    assert not opens(uow, token)
