"""A year's grading of agencies."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.states import CycleState


class GradingCycle(Identified, Versioned, Base):
    """The computation of all grades of one year: previewed by one person, published by another.

    `preview` holds every agency's record as last computed; publication writes them to the agency library.
    """

    __tablename__ = "grading_cycle"
    __table_args__ = (
        CheckConstraint("published_by_id IS NULL OR published_by_id <> computed_by_id", name="four_eyes"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_time"),
    )

    year: Mapped[int] = mapped_column(unique=True)
    rule_set: Mapped[str]
    state: Mapped[CycleState] = mapped_column(default=CycleState.PREVIEW)
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    preview: Mapped[list[dict[str, Any]]]
    computed_by: Mapped[User | None] = relationship(foreign_keys=[computed_by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
