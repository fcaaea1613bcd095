"""Reads for sheets and task scores."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from agencies.models import Engagement
from core.unit_of_work import UnitOfWork
from experts.models import Review
from experts.states import ReviewState
from grading.models import (
    QualitySheet,
    Submission,
    TaskScore,
)
from grading.states import SheetState


def sheets_of(uow: UnitOfWork, submission: Submission, *, locked: bool = True) -> list[QualitySheet]:
    """Return a report's sheets with their lines; only locked ones unless told otherwise."""
    query = (
        select(QualitySheet)
        .where(QualitySheet.submission_id == submission.id)
        .options(selectinload(QualitySheet.lines), selectinload(QualitySheet.rater))
        .order_by(QualitySheet.kind, QualitySheet.locked_at)
    )
    if locked:
        query = query.where(QualitySheet.state == SheetState.LOCKED)
    return list(uow.session.scalars(query))


def own_sheet(uow: UnitOfWork, submission: Submission) -> QualitySheet | None:
    """Return the actor's own sheet for this report."""
    return uow.session.scalar(
        select(QualitySheet)
        .where(QualitySheet.submission_id == submission.id, QualitySheet.rater_id == uow.actor.user_id)
        .options(selectinload(QualitySheet.lines))
    )


def score_of(uow: UnitOfWork, engagement_id: uuid.UUID) -> TaskScore | None:
    """Return the engagement's task score."""
    return uow.session.scalar(select(TaskScore).where(TaskScore.engagement_id == engagement_id))


def panel_review(uow: UnitOfWork, engagement: Engagement) -> Review | None:
    """Return the passed indicator review of the engagement; its average is the panel's rating of the plan."""
    return uow.session.scalar(
        select(Review)
        .where(Review.engagement_id == engagement.id, Review.state == ReviewState.PASSED, Review.average.is_not(None))
        .order_by(Review.round.desc())
        .limit(1)
    )


def scores_of_year(uow: UnitOfWork, year: int) -> list[TaskScore]:
    """Return every task score of a year, in a stable order."""
    return list(
        uow.session.scalars(
            select(TaskScore)
            .join(Engagement, Engagement.id == TaskScore.engagement_id)
            .where(TaskScore.year == year)
            .options(selectinload(TaskScore.engagement).joinedload(Engagement.project))
            .order_by(Engagement.number)
        )
    )
