"""Ratings of decided tasks, a row each: what cycles, sheets and the model of severity are computed from."""

from __future__ import annotations

import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, Identity, Integer, SmallInteger, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

KIND_CODES = {"unit": 1, "bureau": 2, "experts": 3}
"""The kinds of raters (R-GRADE.raters) as rows name them."""
MOST_RATERS = 100
"""How many people of one kind may rate one measure of one task."""


class Hundredths(TypeDecorator[Decimal]):
    """A rating from 0 to 100 with two places, kept as a whole number of two bytes: ten million of them are summed."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """Return what is stored."""
        return None if value is None else int(value.scaleb(2))

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        """Return the rating."""
        return None if value is None else Decimal(value).scaleb(-2)


class Measure(Base):
    """The number of a measure, an element of the task score or a line of a rubric, as rows of ratings name it."""

    __tablename__ = "measure"

    id: Mapped[int] = mapped_column(SmallInteger, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)


class TaskRating(Base):
    """One rating: of which task and measure, by which kind of rater as the how-manieth, the value, and by whom.

    Nobody is named for what the calendar or a panel as a whole gave. What a cycle counted is never changed again
    (`grading/rating_guards.sql`).
    """

    __tablename__ = "task_rating"
    __table_args__ = (
        CheckConstraint("value BETWEEN 0 AND 10000", name="value_range"),
        CheckConstraint("kind BETWEEN 1 AND 3", name="kind_known"),
        CheckConstraint(f"position BETWEEN 0 AND {MOST_RATERS - 1}", name="position_range"),
    )

    task: Mapped[int] = mapped_column(Integer, ForeignKey("task_score.seq"), primary_key=True, autoincrement=False)
    measure: Mapped[int] = mapped_column(SmallInteger, ForeignKey("measure.id"), primary_key=True, autoincrement=False)
    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    value: Mapped[Decimal] = mapped_column(Hundredths)
    rater_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
