"""The price deduction of a small or micro enterprise (R-PRICE-05)."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from procurement.models.bid import Bid
from procurement.scoring.deductions import SmallBusiness


class PriceDeduction(Identified, Versioned, Base):
    """On what ground how many percent are deducted from a bid's price for its points; the contract price stays the bid.

    `partner_share` is the percentage of the contract that small or micro partners take.
    """

    __tablename__ = "price_deduction"
    __table_args__ = (
        CheckConstraint("percent > 0 AND percent < 100", name="percent_range"),
        CheckConstraint("ground <> 'partner' OR partner_share IS NOT NULL", name="partner_has_share"),
    )

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    ground: Mapped[SmallBusiness]
    percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    partner_share: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    verified_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    verified_at: Mapped[datetime]
    bid: Mapped[Bid] = relationship()
