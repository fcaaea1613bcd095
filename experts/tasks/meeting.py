"""What a review's meeting and its comments leave to be done: minutes, signatures, answers."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from agencies.models import Engagement
from core.i18n import _l
from core.identity.roles import Role
from core.ports import CalendarEvent, Task
from core.unit_of_work import UnitOfWork
from experts.models import Attendee, Expert, IndicatorComment, Minutes, OpinionSignature, Review, Seat, SignIn
from experts.queries.meeting import stands_for
from experts.services.conclusions import rework_due
from experts.states import REPRESENTATIVES, ReviewState, SeatState
from projects.models import IndicatorSystem
from projects.states import SystemState


def meeting_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield the secretary's minutes, the signatures of members and representatives, and the agency's answers."""
    if uow.actor.user_id is None:
        return
    if uow.actor.has(Role.QUALITY_OFFICER):
        yield from _minutes(uow)
        yield from _own_signature(uow)
    if uow.actor.has(Role.EXPERT):
        yield from _expert_signature(uow)
    if uow.actor.has(Role.AGENCY_MANAGER, Role.AGENCY_STAFF):
        yield from _answers(uow)


def _minutes(uow: UnitOfWork) -> Iterable[Task]:
    rows = uow.session.scalars(
        select(Review).where(
            Review.state == ReviewState.SCORED, Review.id.not_in(select(Minutes.review_id).scalar_subquery())
        )
    ).unique()
    for review in rows:
        page = url_for("meetings.minutes", review_id=review.id)
        yield Task(_l("写纪要和评审意见"), review.engagement.project.name, page)


def _own_signature(uow: UnitOfWork) -> Iterable[Task]:
    """The bureau's and the department's representatives, where they have an account and signed in themselves."""
    rows = uow.session.scalars(
        select(Attendee)
        .join(SignIn, SignIn.attendee_id == Attendee.id)
        .join(Minutes, Minutes.review_id == Attendee.review_id)
        .where(
            SignIn.recorded_by_id == uow.actor.user_id,
            Attendee.user_id == uow.actor.user_id,
            Attendee.capacity.in_(REPRESENTATIVES),
            Attendee.id.not_in(
                select(OpinionSignature.attendee_id).where(OpinionSignature.attendee_id.is_not(None)).scalar_subquery()
            ),
        )
        .options(joinedload(Attendee.review))
    ).unique()
    for one in rows:
        page = url_for("meetings.show", review_id=one.review_id)
        yield Task(_l("签署评审意见"), one.review.number, page, rule_id="R-IND-03")


def _expert_signature(uow: UnitOfWork) -> Iterable[Task]:
    rows = uow.session.scalars(
        select(Seat)
        .join(Expert, Expert.id == Seat.expert_id)
        .join(Minutes, Minutes.review_id == Seat.review_id)
        .where(
            Expert.user_id == uow.actor.user_id,
            Seat.state == SeatState.SUBMITTED,
            Seat.id.not_in(
                select(OpinionSignature.seat_id).where(OpinionSignature.seat_id.is_not(None)).scalar_subquery()
            ),
        )
        .options(selectinload(Seat.review))
    ).unique()
    for seat in rows:
        yield Task(_l("签署评审意见"), seat.review.number, url_for("my_reviews.show", seat_id=seat.id))


def _answers(uow: UnitOfWork) -> Iterable[Task]:
    """Comments that wait for an answer: of a returned system with its time limit, of a passed one without."""
    organisations = uow.actor.organisations_as(Role.AGENCY_MANAGER, Role.AGENCY_STAFF)
    rows = uow.session.scalars(
        select(Review)
        .join(Engagement, Engagement.id == Review.engagement_id)
        .join(IndicatorSystem, IndicatorSystem.id == Review.system_id)
        .where(
            Engagement.agency_id.in_(organisations),
            or_(
                and_(
                    Review.state == ReviewState.RETURNED,
                    IndicatorSystem.state.in_((SystemState.RETURNED, SystemState.DRAFT)),
                    IndicatorSystem.round == Review.round + 1,
                ),
                and_(
                    Review.state == ReviewState.PASSED,
                    Review.id.in_(select(IndicatorComment.review_id).where(IndicatorComment.adoption.is_(None))),
                ),
            ),
        )
    ).unique()
    for review in rows:
        due = rework_due(uow, review)
        title = _l("答复评审意见并修改指标体系") if due is not None else _l("答复评审意见")
        page = url_for("reviews.show", review_id=review.id)
        yield Task(title, review.engagement.project.name, page, due.ends_at if due else None, rule_id="R-IND.rework")


def invited_meetings(uow: UnitOfWork) -> Iterable[CalendarEvent]:
    """Yield the meetings to which the actor, or the actor's body, is invited beside the experts."""
    if uow.actor.user_id is None or not uow.actor.organisation_ids:
        return
    running = (ReviewState.CONVENED, ReviewState.DRAWING, ReviewState.INVITING, ReviewState.SCORING)
    rows = uow.session.scalars(
        select(Attendee)
        .join(Review, Review.id == Attendee.review_id)
        .where(
            Review.state.in_(running),
            or_(Attendee.user_id == uow.actor.user_id, Attendee.organisation_id.in_(uow.actor.organisation_ids)),
        )
        .options(joinedload(Attendee.review))
    ).unique()
    told: set[object] = set()
    for one in rows:
        if one.review_id in told or uow.actor.has(Role.QUALITY_OFFICER) or not stands_for(uow.actor, one):
            continue
        told.add(one.review_id)
        review = one.review
        page = url_for("meetings.show", review_id=review.id)
        yield CalendarEvent(
            f"review-{review.id}", _l("指标评审会"), review.engagement.project.name, page, review.meets_at
        )
