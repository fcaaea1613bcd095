"""Reads for the review of a report by a panel: reviews, seats, guests, and whom experts are screened against."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from core.identity.models import Organisation
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from experts.models import Expert
from grading.models import ReportGuest, ReportReview, ReportSeat
from grading.states import ReportReviewState, ReportSeatState

RULE = "R-GRADE.panel"
ACTIVE = (ReportSeatState.INVITED, ReportSeatState.ACCEPTED)


def panel_number(uow: UnitOfWork, name: str) -> int:
    """Return one of the bureau's numbers for panels (R-GRADE.panel)."""
    return uow.house.rules.whole(RULE, name, on=uow.today, overrides=overrides(uow))


def load_report_review(uow: UnitOfWork, review_id: uuid.UUID) -> ReportReview | None:
    """Return the review with this id, with its seats and guests."""
    return uow.session.scalar(
        select(ReportReview)
        .where(ReportReview.id == review_id)
        .options(selectinload(ReportReview.seats), selectinload(ReportReview.guests))
    )


def load_report_seat(uow: UnitOfWork, seat_id: uuid.UUID) -> ReportSeat | None:
    """Return the seat with this id."""
    return uow.get(ReportSeat, seat_id)


def load_report_guest(uow: UnitOfWork, guest_id: uuid.UUID) -> ReportGuest | None:
    """Return the representative with this id."""
    return uow.get(ReportGuest, guest_id)


def review_of_engagement(uow: UnitOfWork, engagement_id: uuid.UUID) -> ReportReview | None:
    """Return the engagement's review that was not cancelled, or None."""
    return uow.session.scalar(
        select(ReportReview).where(
            ReportReview.engagement_id == engagement_id, ReportReview.state != ReportReviewState.CANCELLED
        )
    )


def report_seats_of(uow: UnitOfWork, review: ReportReview) -> list[ReportSeat]:
    """Return every seat as it stands now, reserves last, in the order of the draw."""
    rows = uow.session.scalars(select(ReportSeat).where(ReportSeat.review_id == review.id)).unique().all()
    return sorted(rows, key=lambda seat: (seat.state is ReportSeatState.RESERVE, seat.position))


def seat_of_rater(uow: UnitOfWork, engagement_id: uuid.UUID) -> ReportSeat | None:
    """Return the actor's accepted seat on the panel for this engagement's report, or None."""
    if uow.actor.user_id is None:
        return None
    return uow.session.scalar(
        select(ReportSeat)
        .join(ReportReview, ReportReview.id == ReportSeat.review_id)
        .join(Expert, Expert.id == ReportSeat.expert_id)
        .where(
            ReportReview.engagement_id == engagement_id,
            ReportReview.state == ReportReviewState.RATING,
            ReportSeat.state == ReportSeatState.ACCEPTED,
            Expert.user_id == uow.actor.user_id,
        )
    )


def own_report_seats(uow: UnitOfWork) -> Sequence[ReportSeat]:
    """Return the actor's seats in reviews that go on; reserves do not know of theirs."""
    if uow.actor.user_id is None:
        return []
    return (
        uow.session.scalars(
            select(ReportSeat)
            .join(ReportReview, ReportReview.id == ReportSeat.review_id)
            .join(Expert, Expert.id == ReportSeat.expert_id)
            .where(
                Expert.user_id == uow.actor.user_id,
                ReportSeat.state.in_(ACTIVE),
                ReportReview.state == ReportReviewState.RATING,
            )
            .options(joinedload(ReportSeat.review))
            .order_by(ReportSeat.invited_at)
        )
        .unique()
        .all()
    )


def next_report_review_number(uow: UnitOfWork) -> str:
    """Return the next free number of the year, e.g. 报评〔2026〕3号."""
    # A lock for the numbering alone: two reviews convened at once must not get one number.
    uow.session.execute(select(func.pg_advisory_xact_lock(0x525256)))
    like = f"报评〔{uow.today.year}〕%"
    taken = uow.session.scalar(select(func.count()).where(ReportReview.number.like(like))) or 0
    return f"报评〔{uow.today.year}〕{taken + 1}号"


def bodies_named(uow: UnitOfWork, names: Sequence[str]) -> dict[str, uuid.UUID]:
    """Return the organisations with accounts here that have one of these names."""
    rows = uow.session.execute(select(Organisation.name, Organisation.id).where(Organisation.name.in_(names)))
    return {row[0]: row[1] for row in rows}
