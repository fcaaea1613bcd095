"""An opening put off because too few keyholders came."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import User
from procurement.models.tender import Tender


class Postponement(Identified, Base):
    """The opening goes on at `until` (an instant); proposed by one of the purchaser's side, confirmed by another.

    The deadline for bids stays what it was: nothing arrives, is replaced or withdrawn meanwhile, and every envelope
    stays sealed.
    """

    __tablename__ = "postponement"
    __table_args__ = (
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="four_eyes"),
        CheckConstraint("(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("until > proposed_at", name="later"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("uq_postponement_open", "tender_id", unique=True, postgresql_where=text("confirmed_at IS NULL")),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    until: Mapped[datetime]
    reason: Mapped[str]
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
