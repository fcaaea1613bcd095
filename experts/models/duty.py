"""What an expert did in reviews and on committees, how it was rated and what it earns (R-COMM-13, R-EXP.score)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from experts.models.expert import Expert
from experts.states import Attendance, DutyKind, DutyRating


class ExpertDuty(Identified, Versioned, Base):
    """One service: when, for what, how the duty was done, its four parts out of 100 points, and the fee in yuan.

    `source` names where it comes from, `committee-seat:<id>` or `seat:<id>`, so that a corrected record replaces the
    first. The points are empty where the convening side gave none.
    """

    __tablename__ = "expert_duty"
    __table_args__ = (
        CheckConstraint("fee >= 0", name="fee_positive"),
        CheckConstraint("rating NOT IN ('poor', 'breach') OR remark <> ''", name="poor_has_remark"),
        CheckConstraint("attendance <> 'absent' OR fee = 0", name="absent_earns_nothing"),
        CheckConstraint("num_nulls(skill, fairness, discipline, timeliness) IN (0, 4)", name="points_all_or_none"),
    )

    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    source: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[DutyKind] = mapped_column(default=DutyKind.COMMITTEE)
    number: Mapped[str]
    title: Mapped[str]
    held_on: Mapped[date]
    attendance: Mapped[Attendance] = mapped_column(default=Attendance.ATTENDED)
    rating: Mapped[DutyRating]
    remark: Mapped[str] = mapped_column(default="")
    skill: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    fairness: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    discipline: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    timeliness: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    fee: Mapped[Decimal]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    expert: Mapped[Expert] = relationship()

    @property
    def points(self) -> Decimal | None:
        """The four parts together, out of 100; None where no points were given."""
        parts = (self.skill, self.fairness, self.discipline, self.timeliness)
        return sum((one for one in parts if one is not None), Decimal(0)) if self.skill is not None else None
