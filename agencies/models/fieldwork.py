"""Work on site."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.engagement import Engagement
from agencies.states import FieldworkKind
from core.database import Base, Identified
from core.identity.models import User


class Fieldwork(Identified, Base):
    """One piece of work on site: when, where, with whom, and what it gave (R-AGENCY-10)."""

    __tablename__ = "fieldwork"
    __table_args__ = (CheckConstraint("place <> '' AND people <> ''", name="is_told"),)

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    kind: Mapped[FieldworkKind]
    held_on: Mapped[date]
    place: Mapped[str]
    people: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    engagement: Mapped[Engagement] = relationship()
    recorded_by: Mapped[User | None] = relationship()

    @property
    def hangs_on(self) -> tuple[Engagement]:
        """What its deeds belong to as well."""
        return (self.engagement,)
