"""A year's grading of agencies."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency
from agencies.states import Grade
from core.database import Base, Identified, Versioned
from core.identity.models import User
from core.records import Record
from grading.states import CycleState


class GradingCycle(Identified, Versioned, Base):
    """The computation of all grades of one year under one rule set: computed by one person, published by another.

    In between each agency is shown its own sheet and may appeal until `appeals_due_on` (R-GRADE.publish).

    `rules` is the rule set frozen when the cycle was begun (`grading.rule_sets.body`). A year has one cycle that was
    not dropped; `salt` is what the salts of its records are derived from, so that a second computation from the same
    data gives the same records to the byte.
    """

    __tablename__ = "grading_cycle"
    __table_args__ = (
        CheckConstraint("published_by_id IS NULL OR published_by_id <> computed_by_id", name="four_eyes"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_time"),
        CheckConstraint(
            "state <> 'announced' OR (announced_at IS NOT NULL AND appeals_due_on IS NOT NULL)",
            name="announced_has_time",
        ),
        Index("uq_grading_cycle_year", "year", unique=True, postgresql_where=text("state <> 'dropped'")),
    )

    year: Mapped[int]
    rule_set: Mapped[str]
    rules: Mapped[dict[str, Any]]
    salt: Mapped[str]
    state: Mapped[CycleState] = mapped_column(default=CycleState.PREVIEW)
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    dropped_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    announced_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    appeals_due_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    computed_by: Mapped[User | None] = relationship(foreign_keys=[computed_by_id])
    announced_by: Mapped[User | None] = relationship(foreign_keys=[announced_by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
    entries: Mapped[list[CycleEntry]] = relationship(back_populates="cycle", cascade="all, delete-orphan")


class CycleEntry(Identified, Versioned, Base):
    """One agency's year in a cycle: name, grade and figures as computed, with the credit entries as they stood then.

    Its full `record` (`grading.grade_record`) is made when asked for, from the run's snapshot, the same to the byte
    each time. `kept` holds record and judges of years that were not computed from rows of ratings. `corrections` are
    what upheld appeals put right; every further computation of the cycle keeps them.
    """

    __tablename__ = "cycle_entry"
    __table_args__ = (
        UniqueConstraint("cycle_id", "agency_id"),
        CheckConstraint("(grade = '-') = (score IS NULL)", name="graded_has_score"),
    )

    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("grading_cycle.id"))
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    grade: Mapped[Grade]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    tasks: Mapped[int] = mapped_column(default=0)
    mean: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    deducted: Mapped[Decimal] = mapped_column(default=Decimal(0))
    losses: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    kept: Mapped[dict[str, Any] | None]
    cycle: Mapped[GradingCycle] = relationship(back_populates="entries")
    agency: Mapped[Agency] = relationship()

    @property
    def record(self) -> Record:
        """The full record, made from the snapshot: some milliseconds of reading each time it is asked for."""
        from grading.entry_records import record_of

        return record_of(self)

    @property
    def judges(self) -> list[str]:
        """Who rated or confirmed its tasks, as texts of their ids; they do not decide its appeals."""
        from grading.entry_records import judges_of

        return judges_of(self)
