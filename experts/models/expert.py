"""An expert of the pool and the conflicts known about them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from experts.states import Category, ConflictKind, ExpertState
from projects.states import Industry


class Expert(Identified, Versioned, Base):
    """One expert: where they work, what they know, how long they are appointed (R-EXP).

    `industries` are GB/T 4754 sections, `categories` the capacities they may be drawn in; both as stored values.
    """

    __tablename__ = "expert"
    __table_args__ = (
        CheckConstraint("birth_year BETWEEN 1930 AND 2010", name="birth_year_plausible"),
        CheckConstraint("field_since > birth_year", name="field_after_birth"),
        CheckConstraint("appointed_until >= appointed_on", name="term_forward"),
        CheckConstraint("jsonb_array_length(categories) > 0", name="has_category"),
        Index("ix_expert_industries", "industries", postgresql_using="gin"),
        Index("ix_expert_categories", "categories", postgresql_using="gin"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), unique=True)
    employer: Mapped[str]
    employer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[str] = mapped_column(default="")
    professional_title: Mapped[str]
    birth_year: Mapped[int]
    field_since: Mapped[int | None]
    """The year in which they began to work in their field; wanted for an intermediate title (R-COMM-14)."""
    district: Mapped[str] = mapped_column(default="")
    industries: Mapped[list[str]]
    categories: Mapped[list[str]]
    speciality: Mapped[str] = mapped_column(default="")
    state: Mapped[ExpertState] = mapped_column(default=ExpertState.ACTIVE)
    appointed_on: Mapped[date]
    appointed_until: Mapped[date]
    user: Mapped[User] = relationship(lazy="joined")
    conflicts: Mapped[list[Conflict]] = relationship(back_populates="expert")

    @property
    def category_labels(self) -> list[Category]:
        """The capacities they may be drawn in."""
        return [Category(value) for value in self.categories]

    @property
    def industry_labels(self) -> list[Industry]:
        """The industries they know."""
        return [Industry(value) for value in self.industries]


class Conflict(Identified, Base):
    """A declared relation that keeps an expert from judging an organisation, with its source and expiry (R-COMM-06)."""

    __tablename__ = "conflict"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)

    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[ConflictKind]
    reason: Mapped[str]
    source: Mapped[str]
    declared_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    expert: Mapped[Expert] = relationship(back_populates="conflicts")
    organisation: Mapped[Organisation] = relationship()
