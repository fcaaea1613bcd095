"""An agency of the library with its credit record and grades."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from agencies.models.lead import LeadEvaluator
from agencies.states import AgencyKind, Grade
from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from projects.states import Sector


class Agency(Identified, Versioned, Base):
    """A third-party agency in the library (R-AGENCY-03). The organisation exists before: any supplier may bid."""

    __tablename__ = "agency"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), unique=True)
    kind: Mapped[AgencyKind]
    legal_representative: Mapped[str]
    founded_on: Mapped[date | None]
    staff: Mapped[int] = mapped_column(default=0)
    fields: Mapped[list[str]]
    """The sectors it works in, as values of `projects.states.Sector`."""
    introduction: Mapped[str] = mapped_column(default="")
    admitted_on: Mapped[date]
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    leads: Mapped[list[LeadEvaluator]] = relationship(
        primaryjoin=lambda: and_(
            foreign(LeadEvaluator.organisation_id) == Agency.organisation_id, LeadEvaluator.ended_on.is_(None)
        ),
        order_by=LeadEvaluator.name,
        viewonly=True,
    )
    """Its present lead evaluators; they hang on the organisation, as the whole record does."""
    grades: Mapped[list[AgencyGrade]] = relationship(back_populates="agency", order_by="AgencyGrade.year.desc()")
    credit: Mapped[list[CreditRecord]] = relationship(back_populates="agency")

    @property
    def sectors(self) -> list[Sector]:
        """The sectors it works in."""
        return [Sector(value) for value in self.fields]

    @property
    def grade(self) -> AgencyGrade | None:
        """The latest grade, or None when it was never graded."""
        return self.grades[0] if self.grades else None


class CreditRecord(Identified, Base):
    """An entry of the credit record (诚信档案): what happened, how many honesty points it costs, until when.

    `points` are those of the ladder, never doubled (`agencies.honesty`). `case_id` is the case it follows from; an
    entry that was withdrawn stays, with its reason, and costs nothing.
    """

    __tablename__ = "credit_record"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points_positive"),
        CheckConstraint("withdrawn_reason = '' OR points = 0", name="withdrawn_costs_nothing"),
    )

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    happened_on: Mapped[date]
    description: Mapped[str]
    points: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    expires_on: Mapped[date]
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conduct_case.id"), unique=True)
    withdrawn_reason: Mapped[str] = mapped_column(default="", server_default="")
    agency: Mapped[Agency] = relationship(back_populates="credit")


class AgencyGrade(Identified, Base):
    """The grade of one year, with the record from which anyone may recompute it.

    `score` is the year's score (0–100); None when ungraded. `record` is the full record of `grading.grade_record`.
    """

    __tablename__ = "agency_grade"
    __table_args__ = (
        UniqueConstraint("agency_id", "year"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_range"),
        CheckConstraint("(grade = '-') = (score IS NULL)", name="graded_has_score"),
        Index("ix_agency_grade_year", "year"),
    )

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int]
    grade: Mapped[Grade]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    tasks: Mapped[int] = mapped_column(default=0)
    record: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship(back_populates="grades")
