"""An agency's answer to its sheet of a year: nothing against it, or an appeal line by line."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.models.cycle import CycleEntry, GradingCycle
from grading.states import AppealState, LineOutcome


class GradeAppeal(Identified, Versioned, Base):
    """What the agency holds against its sheet, and what somebody who did not score decided (R-GRADE.publish).

    `statement` is what the officers who graded say to it; `before` and `after` are grade and score as they stood at
    the filing and after the decision; `number` that of the decision's letter.
    """

    __tablename__ = "grade_appeal"
    __table_args__ = (
        CheckConstraint("(state IN ('filed', 'lapsed')) = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(statement = '') = (stated_at IS NULL)", name="statement_has_time"),
        Index("uq_grade_appeal_open", "entry_id", unique=True, postgresql_where=text("state = 'filed'")),
        Index("ix_grade_appeal_entry_id", "entry_id"),
        UniqueConstraint("number"),
    )

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle_entry.id"))
    state: Mapped[AppealState] = mapped_column(default=AppealState.FILED)
    ground: Mapped[str] = mapped_column(default="")
    filed_at: Mapped[datetime]
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    statement: Mapped[str] = mapped_column(default="")
    stated_at: Mapped[datetime | None]
    stated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    answer: Mapped[str] = mapped_column(default="")
    number: Mapped[str | None]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any] | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    entry: Mapped[CycleEntry] = relationship()
    filed_by: Mapped[User] = relationship(foreign_keys=[filed_by_id])
    stated_by: Mapped[User | None] = relationship(foreign_keys=[stated_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    lines: Mapped[list[AppealLine]] = relationship(
        back_populates="appeal", order_by="AppealLine.position", cascade="all, delete-orphan"
    )

    @property
    def hangs_on(self) -> tuple[CycleEntry, GradingCycle]:
        """What its deeds belong to as well."""
        return self.entry, self.entry.cycle


class AppealLine(Identified, Base):
    """One thing that an appeal contests, with its reason, and what was decided about it.

    `target` names it as `grading.corrections` does: a measure of a task, a fact of a task, an honesty loss, or
    something else. `stated` is what the sheet said of it at the filing; `correction` what took its place.
    """

    __tablename__ = "appeal_line"
    __table_args__ = (
        UniqueConstraint("appeal_id", "position"),
        CheckConstraint("correction IS NULL OR outcome = 'upheld'", name="correction_is_upheld"),
    )

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("grade_appeal.id"))
    position: Mapped[int]
    target: Mapped[str]
    stated: Mapped[str] = mapped_column(default="")
    ground: Mapped[str]
    outcome: Mapped[LineOutcome | None]
    reason: Mapped[str] = mapped_column(default="")
    correction: Mapped[dict[str, Any] | None]
    appeal: Mapped[GradeAppeal] = relationship(back_populates="lines")


class EntryConsent(Identified, Base):
    """An agency said that it holds nothing against its sheet; an appeal in time takes its place."""

    __tablename__ = "entry_consent"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle_entry.id"), unique=True)
    given_at: Mapped[datetime]
    given_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    entry: Mapped[CycleEntry] = relationship()
    given_by: Mapped[User] = relationship()
