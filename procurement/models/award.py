"""The award of a lot."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.bid import Bid
from procurement.models.tender import Lot, Tender


class Award(Identified, Base):
    """Who won a lot at what price (yuan), with the record from which the result can be recomputed."""

    __tablename__ = "award"

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    amount: Mapped[Decimal]
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]
    record: Mapped[dict[str, Any]]
    public_record: Mapped[dict[str, Any]]
    notice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    tender: Mapped[Tender] = relationship()
    lot: Mapped[Lot] = relationship()
    bid: Mapped[Bid] = relationship()
