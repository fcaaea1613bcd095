"""Indicator systems and their rows."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from projects.models.project import Project
from projects.states import Dimension, StandardKind, SystemState


class IndicatorSystem(Identified, Versioned, Base):
    """The set of indicators by which `agency` will evaluate `project`.

    `round` counts submissions: 1 for the first, raised each time it comes back from review. A submitted system is not
    edited; a returned one is revised and submitted again.
    """

    __tablename__ = "indicator_system"
    __table_args__ = (
        CheckConstraint("state <> 'approved' OR approved_at IS NOT NULL", name="approved_has_time"),
        CheckConstraint("round >= 1", name="round_counts"),
    )

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[SystemState] = mapped_column(default=SystemState.DRAFT)
    round: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    project: Mapped[Project] = relationship(lazy="joined")
    agency: Mapped[Organisation] = relationship(lazy="joined")
    indicators: Mapped[list[Indicator]] = relationship(
        back_populates="system", order_by="Indicator.position", cascade="all, delete-orphan"
    )


class Indicator(Identified, Base):
    """One third-level indicator: its place in the tree, weight (points of 100), target and how it is scored."""

    __tablename__ = "indicator"
    __table_args__ = (
        CheckConstraint("weight > 0 AND weight <= 100", name="weight_range"),
        UniqueConstraint("system_id", "third"),
    )

    system_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("indicator_system.id"), index=True)
    position: Mapped[int]
    dimension: Mapped[Dimension]
    second: Mapped[str]
    third: Mapped[str]
    weight: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    target: Mapped[str]
    standard: Mapped[StandardKind]
    scoring: Mapped[str]
    is_common: Mapped[bool] = mapped_column(default=False)
    system: Mapped[IndicatorSystem] = relationship(back_populates="indicators")
