"""The dated steps of an engagement."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.engagement import Engagement
from agencies.states import MilestoneKind
from core.database import Base, Identified


class Milestone(Identified, Base):
    """A step with its date: as derived from the contract (`planned_on`), as it holds (`due_on`), and when done."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("engagement_id", "kind"),
        Index("ix_milestone_waiting", "due_on", postgresql_where=text("done_on IS NULL")),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    kind: Mapped[MilestoneKind]
    planned_on: Mapped[date]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    engagement: Mapped[Engagement] = relationship()

    def days_late(self, today: date) -> int:
        """Return by how many days it was done late or, while it is not done, is late today; 0 when in time."""
        return max(0, ((self.done_on or today) - self.due_on).days)
