"""An expert of the pool, where they work and worked, and the conflicts known about them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from experts.qualification import title_level
from experts.states import (
    BudgetFunction,
    Category,
    ConflictKind,
    Division,
    Education,
    EntryRoute,
    ExitKind,
    ExpertState,
    Gender,
    TitleLevel,
)
from projects.states import Industry

expert_department = Table(
    "expert_department",
    Base.metadata,
    Column("expert_id", ForeignKey("expert.id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, index=True),
)
"""The departments whose spending an expert knows."""


class Expert(Identified, Versioned, Base):
    """One expert: where they work, what they know, how long they are appointed (R-EXP).

    `industries` are GB/T 4754 sections, `divisions` the two-digit classes below them, `functions` classes of
    expenditure, `categories` the capacities they may be drawn in; all as stored values. They have
    been appointed without a break from `appointed_on` to `appointed_until`; every term stands in `Appointment`.
    """

    __tablename__ = "expert"
    __table_args__ = (
        CheckConstraint("birth_year BETWEEN 1930 AND 2010", name="birth_year_plausible"),
        CheckConstraint("field_since > birth_year", name="field_after_birth"),
        CheckConstraint("appointed_until >= appointed_on", name="term_forward"),
        CheckConstraint("jsonb_array_length(categories) > 0", name="has_category"),
        CheckConstraint("(state = 'left') = (exit_kind IS NOT NULL)", name="left_has_kind"),
        Index("ix_expert_industries", "industries", postgresql_using="gin"),
        Index("ix_expert_divisions", "divisions", postgresql_using="gin"),
        Index("ix_expert_functions", "functions", postgresql_using="gin"),
        Index("ix_expert_categories", "categories", postgresql_using="gin"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), unique=True)
    employer: Mapped[str]
    employer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[str] = mapped_column(default="")
    professional_title: Mapped[str]
    birth_year: Mapped[int]
    gender: Mapped[Gender | None]
    education: Mapped[Education | None]
    is_retired: Mapped[bool] = mapped_column(default=False)
    """In post another age limit counts than after retirement (R-EXP.age)."""
    field_since: Mapped[int | None]
    """The year in which they began to work in their field; wanted for an intermediate title (R-COMM-14)."""
    district: Mapped[str] = mapped_column(default="")
    industries: Mapped[list[str]]
    divisions: Mapped[list[str]] = mapped_column(default=list)
    functions: Mapped[list[str]] = mapped_column(default=list)
    categories: Mapped[list[str]]
    speciality: Mapped[str] = mapped_column(default="")
    route: Mapped[EntryRoute] = mapped_column(default=EntryRoute.INVITATION)
    state: Mapped[ExpertState] = mapped_column(default=ExpertState.ACTIVE)
    restored_at: Mapped[datetime | None]
    """When a suspension was last lifted: what led to it does not count again (R-EXP.suspension)."""
    exit_kind: Mapped[ExitKind | None]
    left_at: Mapped[datetime | None]
    appointed_on: Mapped[date]
    appointed_until: Mapped[date]
    user: Mapped[User] = relationship(lazy="joined")
    conflicts: Mapped[list[Conflict]] = relationship(back_populates="expert")
    departments: Mapped[list[Organisation]] = relationship(secondary=expert_department, order_by=Organisation.name)

    @property
    def category_labels(self) -> list[Category]:
        """The capacities they may be drawn in."""
        return [Category(value) for value in self.categories]

    @property
    def industry_labels(self) -> list[Industry]:
        """The industries they know."""
        return [Industry(value) for value in self.industries]

    @property
    def division_labels(self) -> list[Division]:
        """The classes below the sections."""
        return [Division(value) for value in self.divisions]

    @property
    def function_labels(self) -> list[BudgetFunction]:
        """The classes of expenditure they know."""
        return [BudgetFunction(value) for value in self.functions]

    @property
    def level(self) -> TitleLevel:
        """How high their title ranks."""
        return title_level(self.professional_title)


class PastEmployment(Identified, Base):
    """Where an expert worked before; for three years after its end it keeps them from judging that body (R-COMM-06)."""

    __tablename__ = "past_employment"

    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    employer: Mapped[str]
    employer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    ended_on: Mapped[date]


class Conflict(Identified, Base):
    """A declared relation that keeps an expert from judging an organisation, with its source and expiry (R-COMM-06).

    A mistaken one is withdrawn with its reason; it is never deleted, because draws were held by it.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_has_reason"),
    )

    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[ConflictKind]
    reason: Mapped[str]
    source: Mapped[str]
    declared_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    expert: Mapped[Expert] = relationship(back_populates="conflicts")
    organisation: Mapped[Organisation] = relationship()
