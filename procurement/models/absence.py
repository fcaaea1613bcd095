"""A keyholder who cannot come to the opening."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import User
from procurement.models.tender import Keyholder, Tender


class KeyholderAbsence(Identified, Base):
    """That a keyholder cannot come: reported by one of the purchaser's side, effective once another confirms it.

    Only subsets without absent keyholders still count as able to open an envelope (R-KEY-01). `ended_at` is when it was
    taken back because the keyholder came after all.
    """

    __tablename__ = "keyholder_absence"
    __table_args__ = (
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> reported_by_id", name="four_eyes"),
        CheckConstraint("(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("(ended_by_id IS NULL) = (ended_at IS NULL)", name="ended_by_somebody"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index(
            "uq_keyholder_absence_standing",
            "keyholder_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    keyholder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("keyholder.id"), index=True)
    reason: Mapped[str]
    reported_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    reported_at: Mapped[datetime]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship()
    keyholder: Mapped[Keyholder] = relationship()
    reported_by: Mapped[User] = relationship(foreign_keys=[reported_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])
