"""What can go wrong around a draw: held twice, a pool that moves, a plan altered, a process that dies midway."""

from __future__ import annotations

import copy

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.errors import Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from experts.draw import verify_draw
from experts.models import Draw, Seat
from experts.services import draws as held_draws
from experts.services.draw_steps import commit_plan, promise_entropy, reveal_entropy
from experts.services.draws import draws_of, lock_plan, outlook
from experts.services.leaving import leave_pool
from experts.states import Category, DrawState, ExitKind, ReviewState
from tests.factories.experts import PHRASES, as_user, make_expert, review_in


def _promised(uow):
    hall = review_in(uow, ReviewState.DRAWING)
    draw = draws_of(uow, hall.review)[0]
    promise_entropy(as_user(uow, hall.quality), draw, phrase=PHRASES[Role.QUALITY_OFFICER])
    promise_entropy(as_user(uow, hall.observer), draw, phrase=PHRASES[Role.OBSERVER])
    reveal_entropy(as_user(uow, hall.quality), draw, PHRASES[Role.QUALITY_OFFICER])
    return hall, draw


def test_a_review_is_drawn_for_once_only(uow):
    hall = review_in(uow, ReviewState.DRAWING)
    with pytest.raises(Refused):
        lock_plan(as_user(uow, hall.quality), hall.review)
    plan, first = outlook(uow, hall.review).plan, draws_of(uow, hall.review)[0]
    with pytest.raises(IntegrityError), uow.session.begin_nested():
        commit_plan(as_user(uow, hall.quality), plan, first.held_for, review_id=hall.review.id)
    assert uow.session.scalar(select(func.count()).select_from(Draw)) == 1


def test_the_snapshot_stands_when_the_pool_moves_before_the_reveal(uow):
    hall, draw = _promised(uow)
    snapshot = copy.deepcopy(draw.plan)
    late = [make_expert(uow, categories=tuple(Category)[:4]) for _ in range(3)]
    left = hall.pool[:3]
    for expert in left:
        leave_pool(as_user(uow, hall.quality), expert, ExitKind.REQUEST, "工作调动")
    reveal_entropy(as_user(uow, hall.observer), draw, PHRASES[Role.OBSERVER])
    assert draw.record["plan"] == snapshot
    assert verify_draw(draw.record) == []
    seated = {seat.expert_id for seat in hall.panel}
    assert len(seated) == 5
    assert not seated & {one.id for one in [*late, *left]}
    reasons = [passed["reason"] for one in draw.record["replacements"] for passed in one["passed"]]
    assert set(reasons) <= {"term"}


def test_a_plan_altered_after_its_commitment_is_not_drawn_from(uow):
    hall, draw = _promised(uow)
    plan = copy.deepcopy(draw.plan)
    plan["candidates"][0]["excluded"], plan["candidates"][0]["type"] = "kinship", None
    draw.plan = plan
    uow.session.flush()
    with pytest.raises(Refused) as refused:
        reveal_entropy(as_user(uow, hall.observer), draw, PHRASES[Role.OBSERVER])
    assert "承诺" in str(refused.value)


def test_a_process_that_dies_before_the_invitations_leaves_nothing_half_done(uow, monkeypatch):
    hall, draw = _promised(uow)
    told = uow.session.scalar(select(func.count()).select_from(Notification))
    whole = held_draws.invite

    def dies(*_arguments, **_more):
        raise SystemExit("killed")

    monkeypatch.setattr(held_draws, "invite", dies)
    with pytest.raises(SystemExit), uow.session.begin_nested():
        reveal_entropy(as_user(uow, hall.observer), draw, PHRASES[Role.OBSERVER])
    assert (draw.state, draw.record, draw.shares[-1].value) == (DrawState.REVEALING, None, None)
    assert uow.session.scalar(select(func.count()).select_from(Seat)) == 0
    assert uow.session.scalar(select(func.count()).select_from(Notification)) == told
    monkeypatch.setattr(held_draws, "invite", whole)
    reveal_entropy(as_user(uow, hall.observer), draw, PHRASES[Role.OBSERVER])
    assert len(hall.panel) == 5
    assert hall.review.state is ReviewState.INVITING
