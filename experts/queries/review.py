"""Reads for the reviews' pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased, selectinload

from agencies.models import Engagement
from core.identity.actor import Actor
from core.identity.models import Organisation
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.models import Attendee, Draw, Expert, IndicatorComment, Review, Seat
from experts.states import ReviewState, SeatState
from projects.models import IndicatorSystem, Project
from projects.states import SystemState

ALL_SEEING = (
    Role.PROCUREMENT_OFFICER,
    Role.PROCUREMENT_APPROVER,
    Role.QUALITY_OFFICER,
    Role.OBSERVER,
    Role.PROCUREMENT_SUPERVISOR,
)
OPEN_TO_ALL = (ReviewState.SCORED, ReviewState.PASSED, ReviewState.RETURNED)
"""States in which the sheets and remarks are no longer secret from each other."""


def visible_reviews(actor: Actor) -> Select[Review]:
    """Select the reviews the actor may read: the same rule as `ReviewPermission.READ`."""
    query = (
        select(Review)
        .join(Engagement, Engagement.id == Review.engagement_id)
        .join(Project, Project.id == Engagement.project_id)
    )
    if actor.has(*ALL_SEEING):
        return query
    own = Engagement.agency_id.in_(actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF))
    named = Attendee.user_id == actor.user_id
    body = and_(Attendee.user_id.is_(None), Attendee.organisation_id.in_(actor.organisation_ids))
    invited = Review.id.in_(select(Attendee.review_id).where(or_(named, body)))
    return query.where(or_(own, Project.unit_id.in_(actor.organisations_as(Role.UNIT_OFFICER)), invited))


def reviews_matching(actor: Actor, *, text: str = "", state: str = "") -> Select[Review]:
    """Select the visible reviews by number, project or agency and by state."""
    agency = aliased(Organisation)
    query = visible_reviews(actor).join(agency, agency.id == Engagement.agency_id)
    if text:
        like = f"%{text}%"
        query = query.where(or_(Review.number.ilike(like), Project.name.ilike(like), agency.name.ilike(like)))
    if state in {one.value for one in ReviewState}:
        query = query.where(Review.state == ReviewState(state))
    return query


def own_seats(actor: Actor) -> Select[Seat]:
    """Select the actor's seats that were ever asked of them: the same rule as `SeatPermission.READ`."""
    return (
        select(Seat)
        .join(Expert, Expert.id == Seat.expert_id)
        .join(Review, Review.id == Seat.review_id)
        .where(Expert.user_id == actor.user_id, Seat.state != SeatState.RESERVE)
        .options(selectinload(Seat.review))
    )


def systems_waiting(uow: UnitOfWork) -> Sequence[IndicatorSystem]:
    """Return the indicator systems that were submitted and have no running review, oldest first."""
    running = select(Review.system_id).where(
        Review.state.not_in((ReviewState.PASSED, ReviewState.RETURNED, ReviewState.CANCELLED))
    )
    return (
        uow.session.scalars(
            select(IndicatorSystem)
            .where(
                IndicatorSystem.state.in_((SystemState.SUBMITTED, SystemState.UNDER_REVIEW)),
                IndicatorSystem.id.not_in(running),
                IndicatorSystem.id.in_(select(Engagement.system_id)),
            )
            .order_by(IndicatorSystem.submitted_at)
        )
        .unique()
        .all()
    )


def visible_comments(uow: UnitOfWork, review: Review, *, sees_all: bool) -> list[IndicatorComment]:
    """Return the remarks this reader may see: their own until scoring is closed; then, if entitled, everybody's."""
    opened = review.state in OPEN_TO_ALL and sees_all
    mine = IndicatorComment.author_id == uow.actor.user_id if uow.actor.user_id else false()
    query = (
        select(IndicatorComment)
        .where(IndicatorComment.review_id == review.id, true() if opened else mine)
        .options(selectinload(IndicatorComment.author), selectinload(IndicatorComment.attendee))
        .order_by(IndicatorComment.written_at, IndicatorComment.id)
    )
    return list(uow.session.scalars(query))


def all_comments(uow: UnitOfWork, review: Review) -> list[IndicatorComment]:
    """Return every remark in its order; for papers made after the scoring was closed."""
    rows = uow.session.scalars(
        select(IndicatorComment)
        .where(IndicatorComment.review_id == review.id)
        .options(selectinload(IndicatorComment.author), selectinload(IndicatorComment.attendee))
        .order_by(IndicatorComment.written_at, IndicatorComment.id)
    )
    return list(rows)


def load_review(uow: UnitOfWork, review_id: uuid.UUID) -> Review | None:
    """Return the review with this id."""
    return uow.get(Review, review_id)


def load_draw(uow: UnitOfWork, draw_id: uuid.UUID) -> Draw | None:
    """Return the draw with this id."""
    return uow.get(Draw, draw_id)


def load_seat(uow: UnitOfWork, seat_id: uuid.UUID) -> Seat | None:
    """Return the seat with this id once its expert was asked; a reserve does not know of it."""
    seat = uow.get(Seat, seat_id)
    return None if seat is None or seat.state is SeatState.RESERVE else seat
