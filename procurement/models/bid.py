"""Sealed bids."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from procurement.models.tender import Lot, Tender
from procurement.states import BidState


class Bid(Identified, Versioned, Base):
    """One submission of one bidder for one lot; replacing it makes a new row and supersedes this one.

    Until the opening nobody but its bidder may learn that it exists. `arrived_at` was taken after the stored hash was
    checked. `opening_sheet` (开标一览表) and `price` (yuan) are known only once it is opened, like the whole `manifest`
    and the subset of keyholders that opened it (`opened_by`, such as `0-2`).
    """

    __tablename__ = "bid"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_form"),
        CheckConstraint("(state = 'opened') = (price IS NOT NULL)", name="opened_has_price"),
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("(state = 'corrupt') = (failure IS NOT NULL)", name="corrupt_has_proof"),
        Index(
            "uq_bid_standing",
            "lot_id",
            "bidder_id",
            unique=True,
            postgresql_where=text("state IN ('sealed', 'opened', 'corrupt')"),
        ),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    bidder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    submitted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    state: Mapped[BidState] = mapped_column(default=BidState.SEALED)
    arrived_at: Mapped[datetime]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    receipt: Mapped[dict[str, Any]]
    withdrawn_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    price: Mapped[Decimal | None]
    opening_sheet: Mapped[dict[str, Any] | None]
    manifest: Mapped[dict[str, Any] | None]
    opened_by: Mapped[str | None]
    failure: Mapped[dict[str, Any] | None]
    tender: Mapped[Tender] = relationship()
    lot: Mapped[Lot] = relationship()
    bidder: Mapped[Organisation] = relationship(lazy="joined")
    part = "bid"
    """What the envelope says it holds."""

    @property
    def due(self) -> datetime | None:
        """Until when it may arrive, be replaced or withdrawn."""
        return self.tender.deadline
