"""A project of the library."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from projects.states import Industry, Sector


class Project(Identified, Versioned, Base):
    """Spending that a budget unit (项目单位) answers for, in one budget year.

    `budget` is the budgeted amount in yuan, `evaluation_fee` what the bureau has set aside for evaluating it.
    """

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("budget > 0", name="budget_positive"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year_plausible"),
        Index("ix_project_year_sector", "year", "sector"),
        Index("ix_project_name", "name"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    year: Mapped[int]
    sector: Mapped[Sector]
    industry: Mapped[Industry]
    budget: Mapped[Decimal]
    evaluation_fee: Mapped[Decimal | None]
    objective: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")
    is_archived: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    unit: Mapped[Organisation] = relationship(lazy="joined")
