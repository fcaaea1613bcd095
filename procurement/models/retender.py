"""From a failed tender to the one that takes its place."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.tender import Tender


class Retender(Identified, Base):
    """That a tender was drafted again after it failed (R-OPEN-05).

    Where the new one changes the method, the approval's number stands with its preparation.
    """

    __tablename__ = "retender"
    __table_args__ = (
        UniqueConstraint("failed_id"),
        UniqueConstraint("successor_id"),
        CheckConstraint("failed_id <> successor_id", name="two_tenders"),
    )

    failed_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"))
    successor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    failed: Mapped[Tender] = relationship(foreign_keys=[failed_id])
    successor: Mapped[Tender] = relationship(foreign_keys=[successor_id])
