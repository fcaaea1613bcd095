"""Acceptance of what a contract promised, and the payments for it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from procurement.models.contract import Contract, Instalment
from procurement.models.tender import Tender
from procurement.states import AcceptanceState, PaymentState, StandardKind


class Acceptance(Identified, Versioned, Base):
    """One round of acceptance, led by somebody who did not buy (R-CONTRACT-02, R-SEC-02).

    `members` are the names of the acceptance group, `users` the users of a public service who took part:
    `{"name", "opinion"}`. A failed round is followed by another one after the agency has mended its work.
    """

    __tablename__ = "acceptance"
    __table_args__ = (
        UniqueConstraint("contract_id", "round"),
        Index("uq_acceptance_open", "contract_id", unique=True, postgresql_where=text("state <> 'failed'")),
        CheckConstraint("state = 'open' OR (held_on IS NOT NULL AND concluded_at IS NOT NULL)", name="concluded"),
    )

    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    round: Mapped[int]
    state: Mapped[AcceptanceState] = mapped_column(default=AcceptanceState.OPEN)
    led_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    begun_at: Mapped[datetime]
    held_on: Mapped[date | None]
    members: Mapped[list[str]]
    users: Mapped[list[dict[str, Any]]]
    conclusion: Mapped[str] = mapped_column(default="")
    concluded_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    contract: Mapped[Contract] = relationship(back_populates="acceptances")
    led_by: Mapped[User] = relationship()
    items: Mapped[list[AcceptanceItem]] = relationship(back_populates="acceptance", order_by="AcceptanceItem.position")

    @property
    def hangs_on(self) -> tuple[Contract | Tender, ...]:
        """The contract and its purchase, to which what is found here belongs."""
        return (self.contract, self.contract.tender)


class AcceptanceItem(Identified, Base):
    """One standard of the contract and whether it was met; `met` is empty until somebody looked."""

    __tablename__ = "acceptance_item"
    __table_args__ = (UniqueConstraint("acceptance_id", "position"),)

    acceptance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("acceptance.id"), index=True)
    position: Mapped[int]
    kind: Mapped[StandardKind]
    standard: Mapped[str]
    met: Mapped[bool | None]
    finding: Mapped[str] = mapped_column(default="")
    acceptance: Mapped[Acceptance] = relationship(back_populates="items")


class Payment(Identified, Versioned, Base):
    """A payment asked for, approved by somebody else and made (yuan; R-SEC-02)."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> requested_by_id", name="four_eyes"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid_has_day"),
    )

    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    instalment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract_instalment.id"), index=True)
    state: Mapped[PaymentState] = mapped_column(default=PaymentState.REQUESTED)
    amount: Mapped[Decimal]
    invoice_number: Mapped[str]
    invoice_on: Mapped[date]
    requested_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    requested_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]
    voucher: Mapped[str] = mapped_column(default="")
    contract: Mapped[Contract] = relationship(back_populates="payments")
    instalment: Mapped[Instalment] = relationship()

    @property
    def hangs_on(self) -> tuple[Contract | Tender, ...]:
        """The contract and its purchase, to which what is paid here belongs."""
        return (self.contract, self.contract.tender)
