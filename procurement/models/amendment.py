"""The numbered versions of a tender's record, the amendments that make them, and bids confirmed for a newer one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from procurement.models.bid import Bid
from procurement.models.tender import Tender
from procurement.states import AmendmentState, Consequence


class TenderVersion(Identified, Base):
    """One frozen version of a tender's record; never changed, never deleted, the newest is the tender's own.

    The first is the notice as published, without a consequence; every later one is an amendment (更正公告) with its
    reason, whether it may affect bids (R-TENDER-05), and what it asks of bids sealed for an older version.
    """

    __tablename__ = "tender_version"
    __table_args__ = (
        UniqueConstraint("tender_id", "number"),
        UniqueConstraint("tender_id", "record_hash"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(number = 1) = (consequence IS NULL)", name="amendment_has_consequence"),
        CheckConstraint("number = 1 OR reason <> ''", name="amendment_has_reason"),
        CheckConstraint("record_hash ~ '^[0-9a-f]{64}$'", name="hash_form"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    number: Mapped[int]
    record: Mapped[dict[str, Any]]
    record_hash: Mapped[str]
    deadline: Mapped[datetime]
    published_at: Mapped[datetime]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    reason: Mapped[str] = mapped_column(default="")
    is_material: Mapped[bool] = mapped_column(default=False)
    consequence: Mapped[Consequence | None]
    tender: Mapped[Tender] = relationship()


class Amendment(Identified, Versioned, Base):
    """A change of a published tender's documents being drafted, approved by somebody else, or published.

    `changes` holds new values by entry (`clarifying.entries`), in the record's types; `questions` the ids of open
    questions that it answers. At most one of a tender is under way at a time.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> drafted_by_id", name="four_eyes"),
        CheckConstraint("(state = 'published') = (version_id IS NOT NULL)", name="published_has_version"),
        Index(
            "uq_amendment_under_way",
            "tender_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'in-approval')"),
        ),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    state: Mapped[AmendmentState] = mapped_column(default=AmendmentState.DRAFT)
    drafted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    drafted_at: Mapped[datetime]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    published_at: Mapped[datetime | None]
    changes: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    is_material: Mapped[bool] = mapped_column(default=True)
    consequence: Mapped[Consequence] = mapped_column(default=Consequence.CONFIRM)
    questions: Mapped[list[str]]
    version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tender_version.id"))
    tender: Mapped[Tender] = relationship()
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    version: Mapped[TenderVersion | None] = relationship()
    keyholders: Mapped[list[AmendmentKeyholder]] = relationship(
        back_populates="amendment", order_by="AmendmentKeyholder.position", cascade="all, delete-orphan"
    )


class AmendmentKeyholder(Identified, Base):
    """A keyholder of the set that an amendment brings in (R-KEY-01); the key is made before it is published."""

    __tablename__ = "amendment_keyholder"
    __table_args__ = (
        UniqueConstraint("amendment_id", "user_id"),
        CheckConstraint("(public_key IS NULL) = (registered_at IS NULL)", name="registered_has_key"),
    )

    amendment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("amendment.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    position: Mapped[int]
    public_key: Mapped[str | None]
    fingerprint: Mapped[str | None]
    registered_at: Mapped[datetime | None]
    amendment: Mapped[Amendment] = relationship(back_populates="keyholders")
    user: Mapped[User] = relationship(lazy="joined")


class BidConfirmation(Identified, Base):
    """A bidder's signed statement that its sealed bid stands for a newer version of the documents.

    `statement` binds the envelope's hash to the version's; nobody else may learn of it before the opening.
    """

    __tablename__ = "bid_confirmation"
    __table_args__ = (UniqueConstraint("bid_id", "version_id"),)

    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender_version.id"), index=True)
    confirmed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime]
    statement: Mapped[dict[str, Any]]
    bid: Mapped[Bid] = relationship()
    version: Mapped[TenderVersion] = relationship()
