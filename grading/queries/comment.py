"""Reads for comments on drafts, the agency's own review and signatures."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from agencies.models import Engagement
from core.unit_of_work import UnitOfWork
from grading.models import (
    CommentLetter,
    CommentRound,
    InternalReview,
    LeadSignature,
    ReportComment,
    Submission,
)
from grading.states import LetterStand, Party, ReportKind, RoundState


def rounds_of(uow: UnitOfWork, engagement: Engagement) -> list[CommentRound]:
    """Return the rounds of comments with letters and comments, newest first."""
    return list(
        uow.session.scalars(
            select(CommentRound)
            .where(CommentRound.engagement_id == engagement.id)
            .options(
                selectinload(CommentRound.letters).selectinload(CommentLetter.comments),
                selectinload(CommentRound.letters).selectinload(CommentLetter.written_by),
                selectinload(CommentRound.submission).selectinload(Submission.document),
                selectinload(CommentRound.answered_by),
            )
            .order_by(CommentRound.number.desc())
        )
    )


def last_round(uow: UnitOfWork, engagement_id: uuid.UUID) -> CommentRound | None:
    """Return the round of the newest draft."""
    return uow.session.scalar(
        select(CommentRound)
        .where(CommentRound.engagement_id == engagement_id, CommentRound.state != RoundState.REPLACED)
        .order_by(CommentRound.number.desc())
        .limit(1)
    )


def load_round(uow: UnitOfWork, round_id: uuid.UUID) -> CommentRound | None:
    """Return the round with this id."""
    return uow.get(CommentRound, round_id)


def letter_of(uow: UnitOfWork, row: CommentRound, party: Party) -> CommentLetter | None:
    """Return what a party wrote in a round, sent or not."""
    return uow.session.scalar(
        select(CommentLetter).where(CommentLetter.round_id == row.id, CommentLetter.party == party)
    )


def sent_comments(uow: UnitOfWork, row: CommentRound) -> list[ReportComment]:
    """Return the comments that were sent, by their numbers."""
    return list(
        uow.session.scalars(
            select(ReportComment)
            .join(CommentLetter, CommentLetter.id == ReportComment.letter_id)
            .where(ReportComment.round_id == row.id, CommentLetter.state == LetterStand.SENT)
            .options(selectinload(ReportComment.letter))
            .order_by(ReportComment.number)
        )
    )


def reviews_of(uow: UnitOfWork, engagement: Engagement) -> list[InternalReview]:
    """Return the agency's own reviews, newest first."""
    return list(
        uow.session.scalars(
            select(InternalReview)
            .join(CommentRound, CommentRound.id == InternalReview.round_id)
            .where(CommentRound.engagement_id == engagement.id)
            .options(selectinload(InternalReview.recorded_by))
            .order_by(InternalReview.reviewed_at.desc())
        )
    )


def last_review(uow: UnitOfWork, row: CommentRound) -> InternalReview | None:
    """Return the agency's newest review after this round."""
    return uow.session.scalar(
        select(InternalReview)
        .where(InternalReview.round_id == row.id)
        .order_by(InternalReview.reviewed_at.desc(), InternalReview.id)
        .limit(1)
    )


def signature_of(uow: UnitOfWork, submission: Submission) -> LeadSignature | None:
    """Return the lead's signature under a delivered final."""
    return uow.session.scalar(select(LeadSignature).where(LeadSignature.submission_id == submission.id))


def has_final(uow: UnitOfWork, engagement_id: uuid.UUID) -> bool:
    """Whether a formal final was delivered."""
    return (
        uow.session.scalar(
            select(Submission.id)
            .where(Submission.engagement_id == engagement_id, Submission.kind == ReportKind.FINAL)
            .limit(1)
        )
        is not None
    )
