"""Evaluation plans and their elements."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.engagement import Engagement
from agencies.states import PlanElement, PlanState, PlanWay
from core.database import Base, Identified, Versioned


class EvaluationPlan(Identified, Versioned, Base):
    """How an agency will evaluate (评价方案, R-AGENCY-08). `round` counts submissions; `opinion` is the bureau's last.

    An engagement that was taken over while under way has none: its plan, team and comments are on paper.
    """

    __tablename__ = "evaluation_plan"
    __table_args__ = (
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_has_time"),
        CheckConstraint("(approved_at IS NULL) = (way IS NULL)", name="approved_has_way"),
        CheckConstraint("state <> 'returned' OR opinion <> ''", name="returned_has_opinion"),
        CheckConstraint("round >= 1", name="round_counts"),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), unique=True)
    state: Mapped[PlanState] = mapped_column(default=PlanState.DRAFT)
    round: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    way: Mapped[PlanWay | None]
    opinion: Mapped[str] = mapped_column(default="")
    engagement: Mapped[Engagement] = relationship(lazy="joined")
    parts: Mapped[list[PlanPart]] = relationship(back_populates="plan", cascade="all, delete-orphan")

    @property
    def hangs_on(self) -> tuple[Engagement]:
        """What its deeds belong to as well."""
        return (self.engagement,)


class PlanPart(Identified, Base):
    """One element of a plan: its text, or where it stands in the plan's file."""

    __tablename__ = "plan_part"
    __table_args__ = (UniqueConstraint("plan_id", "element"),)

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evaluation_plan.id"), index=True)
    element: Mapped[PlanElement]
    body: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    plan: Mapped[EvaluationPlan] = relationship(back_populates="parts")
