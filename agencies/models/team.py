"""Who works on an engagement."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.engagement import Engagement
from agencies.models.lead import LeadEvaluator
from agencies.states import TeamRole
from core.database import Base, Identified


class TeamMember(Identified, Base):
    """Somebody of an engagement's team, from `joined_on` until `left_on`; leads are of the library (R-AGENCY-07)."""

    __tablename__ = "team_member"
    __table_args__ = (
        CheckConstraint("(role = 'lead') = (lead_id IS NOT NULL)", name="lead_is_of_the_library"),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="leaves_after_joining"),
        CheckConstraint("name <> ''", name="has_name"),
        Index(
            "uq_team_member_standing",
            "engagement_id",
            "name",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    name: Mapped[str]
    role: Mapped[TeamRole]
    lead_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lead_evaluator.id"), index=True)
    duty: Mapped[str] = mapped_column(default="")
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    engagement: Mapped[Engagement] = relationship()
    lead: Mapped[LeadEvaluator | None] = relationship()

    @property
    def hangs_on(self) -> tuple[Engagement]:
        """What its deeds belong to as well."""
        return (self.engagement,)
