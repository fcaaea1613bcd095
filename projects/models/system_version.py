"""What an indicator system said in each round."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from projects.models.indicator_system import IndicatorSystem


class IndicatorSystemVersion(Identified, Base):
    """An indicator system as it was submitted in one round: what the panel of that round had before it.

    `rows` are the indicators in their order, in the names of `IndicatorEntry`; they never change. The version with
    `approved_at` is the one that the evaluation and the checks of its report go by (R-IND-01).
    """

    __tablename__ = "indicator_system_version"
    __table_args__ = (
        UniqueConstraint("system_id", "round"),
        CheckConstraint("round >= 1", name="round_counts"),
    )

    system_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("indicator_system.id"), index=True)
    round: Mapped[int]
    rows: Mapped[list[dict[str, Any]]]
    digest: Mapped[str]
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime | None]
    system: Mapped[IndicatorSystem] = relationship()
