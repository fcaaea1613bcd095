"""Question letters: findings put to the agency in writing, and its answer to each (R-AGENCY-11)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.models.finding import ReportFinding
from grading.models.submission import Submission
from grading.states import LetterState, Stance

if TYPE_CHECKING:
    from agencies.models import Engagement


class QuestionLetter(Identified, Versioned, Base):
    """A letter that asks the agency about findings of one version of its report; `due_on` is the last day to answer."""

    __tablename__ = "question_letter"
    __table_args__ = (CheckConstraint("state <> 'answered' OR answered_at IS NOT NULL", name="answered_has_time"),)

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    words: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    state: Mapped[LetterState] = mapped_column(default=LetterState.SENT)
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    submission: Mapped[Submission] = relationship(lazy="joined")
    sent_by: Mapped[User | None] = relationship()
    items: Mapped[list[QuestionItem]] = relationship(back_populates="letter", order_by="QuestionItem.position")

    @property
    def engagement(self) -> Engagement:
        """The engagement whose report it is about."""
        return self.submission.engagement

    @property
    def hangs_on(self) -> tuple[Submission, Engagement]:
        """What its deeds belong to as well."""
        return self.submission, self.submission.engagement


class QuestionItem(Identified, Versioned, Base):
    """One finding of a letter and the agency's answer; `stance` is None until it answers."""

    __tablename__ = "question_item"
    __table_args__ = (
        UniqueConstraint("letter_id", "finding_id"),
        UniqueConstraint("letter_id", "position"),
        CheckConstraint("stance <> 'explains' OR answer <> ''", name="explanation_has_words"),
    )

    letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question_letter.id"), index=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_finding.id"), index=True)
    position: Mapped[int]
    stance: Mapped[Stance | None]
    answer: Mapped[str] = mapped_column(default="")
    letter: Mapped[QuestionLetter] = relationship(back_populates="items")
    finding: Mapped[ReportFinding] = relationship(lazy="joined")
