"""An agency's appeal against its grade of a year."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.models.cycle import CycleEntry
from grading.states import AppealState


class GradeAppeal(Identified, Versioned, Base):
    """What the agency holds against its grade, and what somebody who did not score decided (R-GRADE.publish).

    `correction` is what an upheld appeal put right, as the entry's `corrections` keep it; `before` the grade and score
    that stood until then.
    """

    __tablename__ = "grade_appeal"
    __table_args__ = (
        CheckConstraint("(state = 'filed') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(state = 'upheld') = (correction IS NOT NULL)", name="upheld_corrects"),
        Index("uq_grade_appeal_open", "entry_id", unique=True, postgresql_where=text("state = 'filed'")),
        Index("ix_grade_appeal_entry_id", "entry_id"),
    )

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle_entry.id"))
    state: Mapped[AppealState] = mapped_column(default=AppealState.FILED)
    ground: Mapped[str]
    filed_at: Mapped[datetime]
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    answer: Mapped[str] = mapped_column(default="")
    correction: Mapped[dict[str, Any] | None]
    before: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    entry: Mapped[CycleEntry] = relationship()
    filed_by: Mapped[User] = relationship(foreign_keys=[filed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
