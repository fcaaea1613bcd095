"""What an expert did on committees, as it was handed over to the pool (R-COMM-13)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Identified, Versioned
from experts.states import DutyRating


class ExpertDuty(Identified, Versioned, Base):
    """One review of bids: when, for what, how the duty was done, and the fee in yuan.

    `source` names where it comes from, `committee-seat:<id>`, so that a corrected record replaces the first.
    """

    __tablename__ = "expert_duty"
    __table_args__ = (
        CheckConstraint("fee >= 0", name="fee_positive"),
        CheckConstraint("rating NOT IN ('poor', 'breach') OR remark <> ''", name="poor_has_remark"),
    )

    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    source: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str]
    title: Mapped[str]
    held_on: Mapped[date]
    rating: Mapped[DutyRating]
    remark: Mapped[str] = mapped_column(default="")
    fee: Mapped[Decimal]
    recorded_at: Mapped[datetime]
