"""Score sheets of a report's quality and the task score they lead to."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Integer, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Engagement
from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.models.submission import Submission
from grading.states import DeductionState, Difficulty, RaterKind, SheetState
from projects.states import Sector


class QualitySheet(Identified, Versioned, Base):
    """One rater's sheet for one report under one version of the rubric; others see it only once it is locked.

    `parts` says of required content, by dimension and part, what the rater found; `spread_reason` why the total lies
    far from the others' median (R-GRADE.spread). In a moderation a rater may revise: `revised_reason` says why, what
    was locked stays in the lines beside what now counts, and `dissent` is kept with the result.
    """

    __tablename__ = "quality_sheet"
    __table_args__ = (
        UniqueConstraint("submission_id", "rater_id"),
        CheckConstraint("(state = 'locked') = (locked_at IS NOT NULL)", name="locked_has_time"),
        CheckConstraint("(revised_at IS NULL) = (revised_reason = '')", name="revised_has_reason"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), index=True)
    rater_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[RaterKind]
    rubric: Mapped[str]
    state: Mapped[SheetState] = mapped_column(default=SheetState.DRAFT)
    comment: Mapped[str] = mapped_column(default="")
    locked_at: Mapped[datetime | None]
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    spread_reason: Mapped[str] = mapped_column(default="", server_default="")
    revised_at: Mapped[datetime | None]
    revised_reason: Mapped[str] = mapped_column(default="", server_default="")
    dissent: Mapped[str] = mapped_column(default="", server_default="")
    submission: Mapped[Submission] = relationship(back_populates="sheets")
    rater: Mapped[User] = relationship()
    lines: Mapped[list[QualityLine]] = relationship(back_populates="sheet", cascade="all, delete-orphan")
    deductions: Mapped[list[QualityDeduction]] = relationship(
        back_populates="sheet", cascade="all, delete-orphan", order_by="QualityDeduction.position"
    )


class QualityLine(Identified, Base):
    """The points of one dimension of the rubric and why; `proposed` is what the deductions taken leave of it.

    `revised` is what a moderation put in the place of `points`, which stay as they were locked.
    """

    __tablename__ = "quality_line"
    __table_args__ = (
        UniqueConstraint("sheet_id", "key"),
        CheckConstraint("points >= 0 AND revised >= 0", name="points_positive"),
    )

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("quality_sheet.id"), index=True)
    key: Mapped[str]
    points: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    proposed: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    reason: Mapped[str] = mapped_column(default="")
    revised: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    sheet: Mapped[QualitySheet] = relationship(back_populates="lines")

    @property
    def counts(self) -> Decimal:
        """The points that count: the revised ones where there are any."""
        return self.points if self.revised is None else self.revised


class QualityDeduction(Identified, Base):
    """Points that upheld findings suggested to take off, and what the rater made of it (R-GRADE.rubric).

    `key` names dimension and line of the rubric, `findings` are the places of the findings in the report's list.
    """

    __tablename__ = "quality_deduction"
    __table_args__ = (
        UniqueConstraint("sheet_id", "key"),
        CheckConstraint("proposed > 0 AND points >= 0", name="points_positive"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_has_reason"),
        CheckConstraint("state IN ('accepted', 'changed') OR points = 0", name="open_takes_nothing"),
    )

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("quality_sheet.id"), index=True)
    position: Mapped[int]
    key: Mapped[str]
    dimension: Mapped[str]
    proposed: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    findings: Mapped[list[Any]]
    state: Mapped[DeductionState] = mapped_column(default=DeductionState.OPEN)
    points: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(0))
    reason: Mapped[str] = mapped_column(default="")
    sheet: Mapped[QualitySheet] = relationship(back_populates="deductions")


class TaskScore(Identified, Base):
    """The score of one engagement (R-GRADE.task), 0–100, with how it came about; counted in the year's grade.

    `seq` numbers the tasks in the order of their decisions; their ratings (`TaskRating`) and cycles name them by it.
    Agency, amount and sector are those of the decision, so that a year is computed from what was decided; `parts` hold
    the points of each element under the house's rules of that day.
    """

    __tablename__ = "task_score"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score_range"),
        Index("ix_task_score_year_seq", "year", "seq"),
        Index("ix_task_score_agency_id", "agency_id"),
    )

    seq: Mapped[int] = mapped_column(Integer, Identity(), unique=True)
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), unique=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    amount: Mapped[Decimal]
    sector: Mapped[Sector]
    year: Mapped[int]
    score: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    parts: Mapped[dict[str, Any]]
    difficulty: Mapped[Difficulty] = mapped_column(default=Difficulty.USUAL)
    urgent: Mapped[bool] = mapped_column(default=False)
    veto: Mapped[str | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]
    engagement: Mapped[Engagement] = relationship()
