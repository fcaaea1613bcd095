"""Keyholders' drills: a sealed test that the registered key opens in its holder's browser."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.tender import Keyholder


class KeyDrill(Identified, Base):
    """A test sealed to one keyholder's registered key (`fingerprint`); passed when its content came back.

    Only the SHA-256 of the content is kept, so the row opens nothing and proves nothing by itself.
    """

    __tablename__ = "key_drill"
    __table_args__ = (
        CheckConstraint("answer_sha256 ~ '^[0-9a-f]{64}$'", name="answer_form"),
        CheckConstraint("passed_at IS NULL OR passed_at >= made_at", name="passed_after_made"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    keyholder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("keyholder.id"), index=True)
    fingerprint: Mapped[str]
    answer_sha256: Mapped[str]
    made_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    keyholder: Mapped[Keyholder] = relationship(backref=backref("drills", cascade="all, delete-orphan"))
