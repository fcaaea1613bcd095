"""The second stage of a framework agreement: one evaluation called off, and the turns of the rotation (R-FRAME-03)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from procurement.models.framework import Framework, FrameworkMember
from procurement.models.tender import Lot, Tender
from procurement.states import TurnDeed


class CallOff(Identified, Versioned, Base):
    """What a call-off holds beside its tender: from which framework, what type, and who is to do it at what price.

    `lot_id` is the type of evaluation, a lot of the framework's call; `price` is yuan. Who proposes never confirms
    (R-SEC-02).
    """

    __tablename__ = "call_off"
    __table_args__ = (
        CheckConstraint("(proposed_by_id IS NULL) = (proposed_at IS NULL)", name="proposed_has_time"),
        CheckConstraint("price > 0", name="price_positive"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("framework.id"), index=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"))
    member_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("framework_member.id"), index=True)
    price: Mapped[Decimal | None]
    reason: Mapped[str] = mapped_column(default="")
    proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship(lazy="joined")
    framework: Mapped[Framework] = relationship(lazy="joined")
    lot: Mapped[Lot] = relationship(lazy="joined")
    member: Mapped[FrameworkMember | None] = relationship(lazy="joined")
    turns: Mapped[list[CallOffTurn]] = relationship(back_populates="call_off", order_by="CallOffTurn.number")


class CallOffTurn(Identified, Base):
    """One thing that happened to a supplier's turn; rows are only ever added, so that the order can be checked.

    `number` counts within the framework's type; `due_on` is the last day of the supplier's answer to an offer.
    """

    __tablename__ = "call_off_turn"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"), UniqueConstraint("lot_id", "number"))

    call_off_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call_off.id"), index=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"))
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("framework_member.id"), index=True)
    number: Mapped[int]
    deed: Mapped[TurnDeed]
    reason: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    call_off: Mapped[CallOff] = relationship(back_populates="turns")
    member: Mapped[FrameworkMember] = relationship(lazy="joined")
