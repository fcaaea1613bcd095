"""A correction of a grade after its publication."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import AgencyGrade
from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.models.cycle import CycleEntry, GradingCycle
from grading.states import CorrectionKind, CorrectionState


class GradeCorrection(Identified, Versioned, Base):
    """What the bureau puts right in a published grade: proposed by one person, confirmed by another, public with both.

    `corrections` are kept with the entry once confirmed, as those of appeals are; `before` and `after` are grade and
    score with the digest of their records; `number` that of the public notice.
    """

    __tablename__ = "grade_correction"
    __table_args__ = (
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(state = 'confirmed') = (number IS NOT NULL)", name="confirmed_has_number"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="four_eyes"),
        Index("uq_grade_correction_open", "grade_id", unique=True, postgresql_where=text("state = 'proposed'")),
        UniqueConstraint("number"),
    )

    grade_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency_grade.id"), index=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cycle_entry.id"))
    kind: Mapped[CorrectionKind]
    state: Mapped[CorrectionState] = mapped_column(default=CorrectionState.PROPOSED)
    basis: Mapped[str]
    reason: Mapped[str]
    corrections: Mapped[list[dict[str, Any]]]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any] | None]
    number: Mapped[str | None]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    answer: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    grade: Mapped[AgencyGrade] = relationship()
    entry: Mapped[CycleEntry] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def hangs_on(self) -> tuple[CycleEntry, GradingCycle]:
        """What its deeds belong to as well."""
        return self.entry, self.entry.cycle
