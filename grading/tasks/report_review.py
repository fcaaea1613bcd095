"""What the people around a report's panel have to do: invitations, sheets, opinions, draws, conclusions."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.deadlines import end_of
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.ports import Task
from core.unit_of_work import UnitOfWork
from experts.models import Draw
from experts.permissions import ENTROPY_ROLES, ReviewPermission
from experts.services.draw_steps import role_for
from experts.states import DrawState
from grading.models import ReportGuest, ReportReview
from grading.queries.report_review import own_report_seats
from grading.services.report_reviews import held_for
from grading.services.report_seats import sheet_is_locked
from grading.states import PanelWay, ReportReviewState, ReportSeatState

RULE = "R-GRADE.panel"


def panel_tasks(uow: UnitOfWork) -> Iterable[Task]:
    """Yield what waits for the actor around the panels of reports."""
    if uow.actor.has(Role.EXPERT):
        yield from _of_experts(uow)
    if uow.actor.has(*ENTROPY_ROLES):
        yield from _of_draws(uow)
    if uow.actor.organisation_ids and not uow.actor.has(Role.QUALITY_OFFICER):
        yield from _of_guests(uow)


def _of_experts(uow: UnitOfWork) -> Iterable[Task]:
    for seat in own_report_seats(uow):
        name, page = seat.review.engagement.project.name, url_for("report_invitations.show", seat_id=seat.id)
        if seat.state is ReportSeatState.INVITED:
            yield Task(_l("答复报告评审邀请"), name, page, seat.answer_by, rule_id="R-EXP-02")
        elif not sheet_is_locked(uow, seat):
            yield Task(_l("评审报告并锁定评分表"), name, page, end_of(seat.review.due_on), rule_id=RULE)


def _of_draws(uow: UnitOfWork) -> Iterable[Task]:
    running = (ReportReviewState.PLANNED, ReportReviewState.DRAWING, ReportReviewState.RATING)
    reviews = uow.session.scalars(
        select(ReportReview)
        .where(ReportReview.state.in_(running))
        .options(joinedload(ReportReview.engagement))
        .order_by(ReportReview.convened_at)
    ).all()
    waiting = (DrawState.COMMITTED, DrawState.REVEALING)
    rows = select(Draw).where(Draw.held_for.in_([held_for(one) for one in reviews]), Draw.state.in_(waiting))
    draws = {one.held_for: one for one in uow.session.scalars(rows.options(selectinload(Draw.shares)))}
    quality = uow.actor.has(Role.QUALITY_OFFICER)
    for review in reviews:
        name, page = review.engagement.project.name, url_for("report_reviews.show", review_id=review.id)
        draw = draws.get(held_for(review))
        if review.state is ReportReviewState.PLANNED and review.way is PanelWay.DRAWN and quality:
            yield Task(_l("锁定报告评审专家抽取方案"), name, page, end_of(review.due_on), rule_id=RULE)
        elif review.state is ReportReviewState.DRAWING and draw is not None:
            yield from _entropy(uow, review, draw)
        elif review.state is ReportReviewState.RATING and quality:
            due = end_of(review.due_on)
            yield Task(_l("形成报告评审意见"), name, page, due, "waiting" if uow.now < due else "mine", RULE)


def _entropy(uow: UnitOfWork, review: ReportReview, draw: Draw) -> Iterable[Task]:
    page = url_for("report_reviews.show", review_id=review.id)
    own = next((one for one in draw.shares if one.user_id == uow.actor.user_id), None)
    if draw.state is DrawState.REVEALING and own is not None and own.value is None:
        yield Task(_l("揭示抽取随机数"), review.number, page, rule_id=RULE)
    elif (
        draw.state is DrawState.COMMITTED
        and own is None
        and policy.allows(uow.actor, ReviewPermission.GIVE_ENTROPY, draw)
        and role_for(uow, draw) is not None
    ):
        yield Task(_l("提供抽取随机数"), review.number, page, rule_id=RULE)


def _of_guests(uow: UnitOfWork) -> Iterable[Task]:
    rows = uow.session.scalars(
        select(ReportGuest)
        .join(ReportReview, ReportReview.id == ReportGuest.review_id)
        .where(
            ReportReview.state == ReportReviewState.RATING,
            ReportGuest.organisation_id.in_(uow.actor.organisation_ids),
            ReportGuest.opinion == "",
        )
        .options(joinedload(ReportGuest.review).joinedload(ReportReview.engagement))
    )
    for guest in rows:
        page = url_for("report_reviews.show", review_id=guest.review_id)
        name = guest.review.engagement.project.name
        yield Task(_l("对评价报告发表意见"), name, page, end_of(guest.review.due_on), rule_id=RULE)
