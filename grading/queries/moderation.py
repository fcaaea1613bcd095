"""Reads for moderations of ratings."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.unit_of_work import UnitOfWork
from grading.models import Moderation, Submission
from grading.states import ModerationState

RUNNING = (ModerationState.ASKED, ModerationState.OPEN)


def load_moderation(uow: UnitOfWork, moderation_id: uuid.UUID) -> Moderation | None:
    """Return the moderation with this id."""
    return uow.get(Moderation, moderation_id)


def moderations_of(uow: UnitOfWork, submission: Submission) -> list[Moderation]:
    """Return a report's moderations, the newest first."""
    rows = select(Moderation).where(Moderation.submission_id == submission.id)
    rows = rows.options(joinedload(Moderation.asked_by), joinedload(Moderation.moderator))
    return list(uow.session.scalars(rows.order_by(Moderation.asked_at.desc())))


def running_moderation(uow: UnitOfWork, submission: Submission) -> Moderation | None:
    """Return the moderation that was asked for or is open, or None."""
    return uow.session.scalar(
        select(Moderation).where(Moderation.submission_id == submission.id, Moderation.state.in_(RUNNING))
    )


def ended_moderation(uow: UnitOfWork, submission: Submission) -> Moderation | None:
    """Return the last moderation that was held to its end; its consensus counts if it found one."""
    ended = (ModerationState.AGREED, ModerationState.LEFT)
    return uow.session.scalar(
        select(Moderation)
        .where(Moderation.submission_id == submission.id, Moderation.state.in_(ended))
        .order_by(Moderation.closed_at.desc())
        .limit(1)
    )
