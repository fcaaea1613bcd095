"""The opening session and the layers that keyholders have peeled."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.tender import Keyholder, Tender
from procurement.states import ShareResult


class Opening(Identified, Base):
    """The opening of a tender: who presided, when it began, and its record, public and full.

    `finished_at` is when the last envelope was opened or found unopenable, so that the sheets could be read out;
    `closed_at` when the session ended, with every objection answered (R-OPEN-03), and its record was written.
    """

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("closed_at IS NULL OR finished_at IS NOT NULL", name="closed_after_finished"),
        CheckConstraint("(closed_at IS NULL) = (record IS NULL)", name="closed_has_record"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    finished_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    record: Mapped[dict[str, Any] | None]
    public_record: Mapped[dict[str, Any] | None]
    tender: Mapped[Tender] = relationship()


class OpeningShare(Identified, Base):
    """What one keyholder's turn yielded for one bid and one subset of keyholders.

    `material` is still encrypted to the remaining keyholders of the subset, so a row alone opens nothing; the last
    turn's result is used at once and not stored. `layer` is the SHA-256 of what the keyholder was given to peel,
    `result` what came of it, so that an envelope which no subset opens is shown to have been tried.
    """

    __tablename__ = "opening_share"
    __table_args__ = (UniqueConstraint("bid_id", "subset", "keyholder_id"),)

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    keyholder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("keyholder.id"), index=True)
    subset: Mapped[str]
    layer: Mapped[str]
    result: Mapped[ShareResult]
    material: Mapped[str]
    given_at: Mapped[datetime]
    keyholder: Mapped[Keyholder] = relationship()
