"""What officers, observers and experts have to do next in reviews, and the room's figures."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import CalendarEvent, Figure, Task
from core.unit_of_work import UnitOfWork
from experts.models import Draw, Expert, Review, Seat
from experts.permissions import ENTROPY_ROLES, ReviewPermission
from experts.queries import own_seats, systems_waiting, visible_reviews
from experts.states import DrawState, ExpertState, ReviewState, SeatState


def review_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield what waits for the officer who holds reviews, and for those who give entropy."""
    if not uow.actor.has(*ENTROPY_ROLES):
        return
    if uow.actor.has(Role.QUALITY_OFFICER):
        yield from _officer_tasks(uow)
    draws = uow.session.scalars(
        select(Draw)
        .join(Review, Review.id == Draw.review_id)
        .where(Draw.state.in_((DrawState.COMMITTED, DrawState.REVEALING)), Review.state == ReviewState.DRAWING)
        .options(selectinload(Draw.shares), selectinload(Draw.review))
    )
    for draw in draws:
        review = draw.review
        if review is None:
            continue
        page = url_for("draws.show", review_id=review.id)
        own = next((share for share in draw.shares if share.user_id == uow.actor.user_id), None)
        taken = {share.role for share in draw.shares}
        may_give = any(one not in taken and uow.actor.has(one) for one in ENTROPY_ROLES)
        if draw.state is DrawState.REVEALING and own is not None and own.value is None:
            yield Task(_l("揭示抽取随机数"), review.number, page, review.answer_by)
        elif (
            draw.state is DrawState.COMMITTED
            and own is None
            and may_give
            and policy.allows(uow.actor, ReviewPermission.GIVE_ENTROPY, draw)
        ):
            yield Task(_l("提供抽取随机数"), review.number, page, review.answer_by)


def _officer_tasks(uow: UnitOfWork) -> Iterable[Task]:
    for system in systems_waiting(uow):
        page = url_for("reviews.new", system_id=system.id)
        yield Task(_l("召集指标评审"), system.project.name, page, rule_id="R-IND-01")
    rows = uow.session.scalars(
        visible_reviews(uow.actor).where(
            Review.state.in_((ReviewState.CONVENED, ReviewState.INVITING, ReviewState.SCORING, ReviewState.SCORED))
        )
    ).unique()
    for review in rows:
        page, name = url_for("reviews.show", review_id=review.id), review.engagement.project.name
        if review.state is ReviewState.CONVENED:
            yield Task(_l("抽取评审专家"), name, url_for("draws.show", review_id=review.id), review.answer_by)
        elif review.state is ReviewState.SCORED:
            yield Task(_l("决定指标评审结果"), name, page, rule_id="R-IND-01")
        elif review.state is ReviewState.INVITING:
            yield Task(_l("等待专家答复"), name, page, review.answer_by, group="waiting")
        else:
            yield Task(_l("等待专家评分"), name, page, review.meets_at, group="waiting")


def seat_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the expert's open invitations and sheets."""
    if not uow.actor.has(Role.EXPERT):
        return
    rows = uow.session.scalars(
        own_seats(uow.actor).where(
            Seat.state.in_((SeatState.INVITED, SeatState.ACCEPTED)),
            Review.state.in_((ReviewState.INVITING, ReviewState.SCORING)),
        )
    ).unique()
    for seat in rows:
        page, number = url_for("my_reviews.show", seat_id=seat.id), seat.review.number
        if seat.state is SeatState.INVITED:
            yield Task(_l("答复评审邀请"), number, page, seat.answer_by)
        elif seat.review.state is ReviewState.SCORING:
            yield Task(_l("填写评审表"), number, page, seat.review.meets_at, rule_id="R-IND.sheet")
        else:
            yield Task(_l("等待其他专家答复"), number, page, seat.review.meets_at, group="waiting")


def review_figures(uow: UnitOfWork) -> Iterable[Figure]:
    """Yield the quality officer's figures: reviews running, experts who may be drawn."""
    if not uow.actor.has(Role.QUALITY_OFFICER):
        return
    closed = (ReviewState.PASSED, ReviewState.RETURNED, ReviewState.CANCELLED)
    running = uow.session.scalar(select(func.count()).where(Review.state.not_in(closed))) or 0
    active = uow.session.scalar(select(func.count()).where(Expert.state == ExpertState.ACTIVE)) or 0
    yield Figure(_l("进行中的指标评审"), str(running), url_for("reviews.index"))
    yield Figure(_l("在库专家"), str(active), url_for("experts.index", state=ExpertState.ACTIVE.value))


def review_meetings(uow: UnitOfWork) -> Iterable[CalendarEvent]:
    """Yield the review meetings at which the actor sits, and those the officer holds."""
    rows = uow.session.scalars(
        select(Seat)
        .join(Expert, Expert.id == Seat.expert_id)
        .where(Expert.user_id == uow.actor.user_id, Seat.state == SeatState.ACCEPTED)
        .options(selectinload(Seat.review))
    )
    held = {seat.review_id: (seat.review, url_for("my_reviews.index")) for seat in rows}
    if uow.actor.has(Role.QUALITY_OFFICER):
        running = (ReviewState.INVITING, ReviewState.SCORING)
        for review in uow.session.scalars(visible_reviews(uow.actor).where(Review.state.in_(running))).unique():
            held.setdefault(review.id, (review, url_for("reviews.show", review_id=review.id)))
    for review, url in held.values():
        title = review.engagement.project.name
        yield CalendarEvent(f"review-{review.id}", _l("指标评审会"), title, url, review.meets_at)
