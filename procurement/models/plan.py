"""The annual procurement plan and its items."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from procurement.states import Category, Method, PlanState
from projects.models import Project


class Plan(Identified, Versioned, Base):
    """采购计划: what a purchaser means to buy in one fiscal year, approved by somebody else (R-SEC-02).

    `edition` counts approvals; `approved_items` are the items as they stood at the last one, so that an adjustment
    shows what it changes.
    """

    __tablename__ = "procurement_plan"
    __table_args__ = (
        UniqueConstraint("purchaser_id", "year"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year_plausible"),
        CheckConstraint("state <> 'approved' OR approved_at IS NOT NULL", name="approved_has_time"),
        CheckConstraint(
            "state <> 'approved' OR (approved_by_id <> drafted_by_id AND approved_by_id <> submitted_by_id)",
            name="four_eyes",
        ),
    )

    year: Mapped[int]
    purchaser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[PlanState] = mapped_column(default=PlanState.DRAFT)
    edition: Mapped[int] = mapped_column(default=0)
    drafted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_items: Mapped[list[dict[str, Any]] | None]

    purchaser: Mapped[Organisation] = relationship(lazy="joined")
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    items: Mapped[list[PlanItem]] = relationship(
        back_populates="plan", order_by="PlanItem.position", cascade="all, delete-orphan"
    )

    @property
    def total(self) -> Decimal:
        """The estimated amount of all items, in yuan."""
        return sum((one.amount for one in self.items), Decimal(0))


class PlanItem(Identified, Versioned, Base):
    """One purchase foreseen: `amount` is estimated yuan, `starts_on` the first day of the month it is to start."""

    __tablename__ = "plan_item"
    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("EXTRACT(day FROM starts_on) = 1", name="starts_with_month"),
    )

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("procurement_plan.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    category: Mapped[Category]
    in_catalogue: Mapped[bool] = mapped_column(default=False)
    amount: Mapped[Decimal]
    method: Mapped[Method]
    method_reason: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    need: Mapped[str] = mapped_column(default="")
    plan: Mapped[Plan] = relationship(back_populates="items")
    projects: Mapped[list[Project]] = relationship(secondary="plan_item_project", order_by=Project.code)

    @property
    def quarter(self) -> int:
        """The quarter in which the purchase is to start, 1 to 4."""
        return (self.starts_on.month + 2) // 3


class PlanItemProject(Base):
    """Which projects a planned purchase is to evaluate."""

    __tablename__ = "plan_item_project"

    plan_item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan_item.id"), primary_key=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)
