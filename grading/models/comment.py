"""Written comments on a draft and the agency's answer to each (R-AGENCY-11)."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Engagement
from core.database import Base, Identified, Versioned
from core.identity.models import User
from experts.states import Adoption
from grading.models.submission import Submission
from grading.states import LetterStand, Party, RoundState


class CommentRound(Identified, Versioned, Base):
    """One draft out for written comments: of unit and bureau, until `due_on`; closed by the agency's answers."""

    __tablename__ = "comment_round"
    __table_args__ = (
        UniqueConstraint("engagement_id", "number"),
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_has_time"),
        Index("uq_comment_round_asking", "engagement_id", unique=True, postgresql_where=text("state = 'asking'")),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), unique=True)
    number: Mapped[int]
    state: Mapped[RoundState] = mapped_column(default=RoundState.ASKING)
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    engagement: Mapped[Engagement] = relationship(lazy="joined")
    submission: Mapped[Submission] = relationship()
    answered_by: Mapped[User | None] = relationship()
    letters: Mapped[list[CommentLetter]] = relationship(back_populates="round", order_by="CommentLetter.party")

    @property
    def hangs_on(self) -> tuple[Engagement, Submission]:
        """What its deeds belong to as well."""
        return self.engagement, self.submission


class CommentLetter(Identified, Versioned, Base):
    """What one party says of a draft; sent without comments it says that there are none."""

    __tablename__ = "comment_letter"
    __table_args__ = (
        UniqueConstraint("round_id", "party"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
    )

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("comment_round.id"))
    party: Mapped[Party]
    state: Mapped[LetterStand] = mapped_column(default=LetterStand.DRAFT)
    sent_at: Mapped[datetime | None]
    written_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    round: Mapped[CommentRound] = relationship(back_populates="letters")
    written_by: Mapped[User | None] = relationship()
    comments: Mapped[list[ReportComment]] = relationship(
        back_populates="letter", order_by="ReportComment.position", cascade="all, delete-orphan"
    )

    @property
    def engagement(self) -> Engagement:
        """The engagement whose report it is about."""
        return self.round.engagement

    @property
    def hangs_on(self) -> tuple[CommentRound, Engagement]:
        """What its deeds belong to as well."""
        return self.round, self.round.engagement


class ReportComment(Identified, Base):
    """One comment with its place in the draft, and the agency's answer, which always has words.

    `number` counts through the round once the comment is sent; `position` is its place in its own letter.
    """

    __tablename__ = "report_comment"
    __table_args__ = (
        UniqueConstraint("letter_id", "position"),
        UniqueConstraint("round_id", "number"),
        CheckConstraint("body <> ''", name="has_body"),
        CheckConstraint("adoption IS NULL OR answer <> ''", name="answer_has_reason"),
        CheckConstraint("(adoption IS NULL) = (answered_at IS NULL)", name="answered_has_time"),
    )

    letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("comment_letter.id"))
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("comment_round.id"))
    position: Mapped[int]
    number: Mapped[int | None]
    place: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    adoption: Mapped[Adoption | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    letter: Mapped[CommentLetter] = relationship(back_populates="comments")
