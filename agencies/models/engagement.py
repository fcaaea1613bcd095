"""Engagements: one agency commissioned to evaluate one project for one period."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.states import EngagementState
from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from projects.models import IndicatorSystem, Project


class Engagement(Identified, Versioned, Base):
    """The hinge between buying and quality.

    `source` says where it came from without knowing that room: `tender:<id>` or `direct`. `amount` is the contract
    price in yuan. The engagement points to its indicator system, never the reverse.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_positive"),
        CheckConstraint("due_on >= begins_on", name="period_forward"),
        Index(
            "uq_engagement_source_project",
            "source",
            "project_id",
            unique=True,
            postgresql_where=text("state <> 'terminated'"),
        ),
        Index("ix_engagement_state_opened_at", "state", "opened_at"),
        Index("ix_engagement_opened_at", "opened_at"),
        Index("ix_engagement_due_on", "due_on"),
        Index("ix_engagement_amount", "amount"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), index=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    source: Mapped[str]
    amount: Mapped[Decimal]
    begins_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[EngagementState] = mapped_column(default=EngagementState.PREPARING)
    opened_at: Mapped[datetime]
    system_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("indicator_system.id"), unique=True)
    project: Mapped[Project] = relationship(lazy="joined")
    agency: Mapped[Organisation] = relationship(lazy="joined")
    system: Mapped[IndicatorSystem | None] = relationship()
