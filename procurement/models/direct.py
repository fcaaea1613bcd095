"""Purchases without sealed bids: below-limit selection and single source (R-BELOW-01, R-NEG-03)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Engagement
from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from procurement.models.bid import Bid
from procurement.models.tender import Tender
from procurement.states import SoleGround


class DirectPurchase(Identified, Versioned, Base):
    """What such a purchase holds beside its tender: the ground of a single source, and what was proposed and why.

    `minutes` is the record of the talk with a sole supplier; `reason` why this supplier at this price; `agreed_price`
    is yuan. Who proposes never decides (R-SEC-02).
    """

    __tablename__ = "direct_purchase"
    __table_args__ = (
        CheckConstraint("(proposed_id IS NULL) = (proposed_at IS NULL)", name="proposed_has_time"),
        CheckConstraint("agreed_price > 0", name="agreed_price_positive"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    ground: Mapped[SoleGround | None]
    ground_reason: Mapped[str] = mapped_column(default="")
    opinion: Mapped[str] = mapped_column(default="")
    original_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("engagement.id"))
    announced_on: Mapped[date | None]
    announced_until: Mapped[date | None]
    few_reason: Mapped[str] = mapped_column(default="")
    minutes: Mapped[str] = mapped_column(default="")
    proposed_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("asked_supplier.id"))
    agreed_price: Mapped[Decimal | None]
    reason: Mapped[str] = mapped_column(default="")
    proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship()
    original: Mapped[Engagement | None] = relationship()
    proposed: Mapped[AskedSupplier | None] = relationship(foreign_keys=[proposed_id])


class AskedSupplier(Identified, Versioned, Base):
    """A supplier asked for a work plan and a price (yuan), what it answered, and how the answer compares.

    `bid_id` is the answer as a bid, made when the purchase is decided, so that award and contract know one form only.
    """

    __tablename__ = "asked_supplier"
    __table_args__ = (
        UniqueConstraint("tender_id", "supplier_id"),
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("price IS NULL OR (replied_at IS NOT NULL AND plan <> '')", name="price_has_plan"),
        CheckConstraint("NOT declined OR (price IS NULL AND replied_at IS NOT NULL)", name="declined_has_no_price"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    price: Mapped[Decimal | None]
    plan: Mapped[str] = mapped_column(default="")
    declined: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(default="")
    bid_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bid.id"), unique=True)
    tender: Mapped[Tender] = relationship()
    supplier: Mapped[Organisation] = relationship(lazy="joined")
    bid: Mapped[Bid | None] = relationship()
