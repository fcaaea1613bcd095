"""Computing a year: a run, its chunks, and the snapshot of the tasks that it counted."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Integer, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base
from core.identity.models import User
from grading.models.cycle import GradingCycle
from grading.models.task_rating import Hundredths


class CycleRun(Base):
    """One computation of a cycle, worked in chunks by as many workers as there are; resumable at any of them.

    A cycle has at most one that is not finished, so two people never compute the same year at once. What it counted
    takes the place of the run before only when it is finished: `stands` is the snapshot that the cycle's entries were
    computed from. `failure` says in both languages why it ended without a result.
    """

    __tablename__ = "cycle_run"
    __table_args__ = (
        CheckConstraint("NOT stands OR (finished_at IS NOT NULL AND failure IS NULL)", name="standing_is_finished"),
        CheckConstraint("failure IS NULL OR finished_at IS NOT NULL", name="failed_is_finished"),
        Index("uq_cycle_run_unfinished", "cycle_id", unique=True, postgresql_where=text("finished_at IS NULL")),
        Index("uq_cycle_run_stands", "cycle_id", unique=True, postgresql_where=text("stands")),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    cycle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("grading_cycle.id"), index=True)
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    """When something last went on: after a while without, it may be set going again."""
    tasks: Mapped[int] = mapped_column(default=0)
    first: Mapped[int] = mapped_column(default=0)
    last: Mapped[int] = mapped_column(default=0)
    ready_at: Mapped[datetime | None]
    """From when on its chunks may be worked."""
    finished_at: Mapped[datetime | None]
    failure: Mapped[dict[str, Any] | None]
    stands: Mapped[bool] = mapped_column(default=False)
    cycle: Mapped[GradingCycle] = relationship()
    asked_by: Mapped[User | None] = relationship()
    chunks: Mapped[list[CycleChunk]] = relationship(back_populates="run", order_by="CycleChunk.number")


class CycleChunk(Base):
    """Tasks `first` to `last` (`TaskScore.seq`) of a run, computed in one transaction or not at all."""

    __tablename__ = "cycle_chunk"

    run_id: Mapped[int] = mapped_column(ForeignKey("cycle_run.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    first: Mapped[int]
    last: Mapped[int]
    tasks: Mapped[int]
    done_at: Mapped[datetime | None]
    run: Mapped[CycleRun] = relationship(back_populates="chunks")


class CycleTask(Base):
    """A task that a run counted, with its score under the cycle's rules.

    A national year has a million, written by one statement from `task_score`; no foreign keys are checked for each of
    them, because the guards keep what they point to (`grading/rating_guards.sql`). Keyed by task first, so that those
    guards find them.
    """

    __tablename__ = "cycle_task"

    task: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    score: Mapped[Decimal] = mapped_column(Hundredths)


class CycleRater(Base):
    """How strict a rater was found in a run of a rule set that counts adjusted ratings: what is taken off."""

    __tablename__ = "cycle_rater"

    run_id: Mapped[int] = mapped_column(ForeignKey("cycle_run.id"), primary_key=True, autoincrement=False)
    rater_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    severity: Mapped[Decimal] = mapped_column(Numeric(5, 2))
