"""Rounds of consultation and negotiation, changed requirements, and the sealed final offers (R-NEG-01, R-NEG-02)."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from procurement.models.bid import Bid
from procurement.models.tender import Keyholder, Lot, Tender
from procurement.states import OfferState, ShareResult


class NegotiationRound(Identified, Base):
    """What the group discussed with one supplier in one round; nobody else's data stands in it."""

    __tablename__ = "negotiation_round"
    __table_args__ = (
        UniqueConstraint("bid_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("minutes <> ''", name="has_minutes"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    number: Mapped[int]
    minutes: Mapped[str]
    held_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    bid: Mapped[Bid] = relationship()


class RequirementChange(Identified, Base):
    """A change of the technical or service requirements or of the contract, written to every supplier at once."""

    __tablename__ = "requirement_change"
    __table_args__ = (UniqueConstraint("tender_id", "number"), CheckConstraint("words <> ''", name="has_words"))

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    number: Mapped[int]
    words: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))


class FinalCall(Identified, Base):
    """The call for final offers: until when, and the ceremony in which they are opened.

    `few_ground` is why two offers are enough (R-NEG-01). `record` is written when the last offer was opened.
    """

    __tablename__ = "final_call"
    __table_args__ = (CheckConstraint("record IS NULL OR finished_at IS NOT NULL", name="record_at_end"),)

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    called_at: Mapped[datetime]
    called_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    deadline: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    begun_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    finished_at: Mapped[datetime | None]
    few_ground: Mapped[str] = mapped_column(default="")
    record: Mapped[dict[str, Any] | None]
    tender: Mapped[Tender] = relationship()
    begun_by: Mapped[User | None] = relationship(foreign_keys=[begun_by_id])


class FinalOffer(Identified, Versioned, Base):
    """A sealed final offer: an envelope of its own, whose price (yuan) is known only once keyholders opened it.

    It has the paper trail of a bid: signed receipt, replacing and withdrawing until the call's deadline, its place in
    the record of the opening.
    """

    __tablename__ = "final_offer"
    __table_args__ = (
        CheckConstraint("(state = 'opened') = (price IS NOT NULL)", name="opened_has_price"),
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("(state = 'corrupt') = (failure IS NOT NULL)", name="corrupt_has_proof"),
        Index(
            "uq_final_offer_standing",
            "bid_id",
            unique=True,
            postgresql_where=text("state IN ('sealed', 'opened', 'corrupt')"),
        ),
    )

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("final_call.id"), index=True)
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    state: Mapped[OfferState] = mapped_column(default=OfferState.SEALED)
    arrived_at: Mapped[datetime]
    submitted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    receipt: Mapped[dict[str, Any]]
    withdrawn_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    price: Mapped[Decimal | None]
    manifest: Mapped[dict[str, Any] | None]
    opened_by: Mapped[str | None]
    failure: Mapped[dict[str, Any] | None]
    call: Mapped[FinalCall] = relationship()
    bid: Mapped[Bid] = relationship()
    part = "final-offer"
    """What the envelope says it holds."""

    @property
    def tender(self) -> Tender:
        """The purchase it belongs to."""
        return self.bid.tender

    @property
    def lot(self) -> Lot:
        """The lot it is for."""
        return self.bid.lot

    @property
    def bidder(self) -> Organisation:
        """The supplier that made it."""
        return self.bid.bidder

    @property
    def due(self) -> datetime | None:
        """Until when it may arrive, be replaced or withdrawn."""
        return self.call.deadline


class FinalShare(Identified, Base):
    """What one keyholder's turn yielded for one final offer, kept as `OpeningShare` keeps it for a bid."""

    __tablename__ = "final_share"
    __table_args__ = (UniqueConstraint("offer_id", "subset", "keyholder_id"),)

    offer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("final_offer.id"), index=True)
    keyholder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("keyholder.id"), index=True)
    subset: Mapped[str]
    layer: Mapped[str]
    result: Mapped[ShareResult]
    material: Mapped[str]
    given_at: Mapped[datetime]
    keyholder: Mapped[Keyholder] = relationship()
