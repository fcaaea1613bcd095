"""A contract with its instalments and what was agreed after signing."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from procurement.models.award import Award
from procurement.models.tender import Tender
from procurement.states import ContractState, SupplementKind, SupplementState

if TYPE_CHECKING:
    from procurement.models.acceptance import Acceptance, Payment


class Contract(Identified, Versioned, Base):
    """What purchaser and winner sign, filled from the frozen record and the bid (R-CONTRACT-01).

    `amount` is yuan at signing. `clauses` are `{"key", "title", "text", "fixed"}`: a fixed one says what the tender and
    the bid already decided and cannot be typed over. `standards` are `{"kind", "text"}`, the acceptance goes through
    them one by one (R-CONTRACT-02). Dates are civil.
    """

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("bond_amount >= 0 AND bond_amount <= amount", name="bond_range"),
        CheckConstraint("service_until >= service_from", name="service_forward"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> drafted_by_id", name="four_eyes"),
        CheckConstraint("(reviewed_by_id IS NULL) = (reviewed_at IS NULL)", name="reviewed_has_time"),
        CheckConstraint("state NOT IN ('signed', 'accepted', 'completed') OR signed_on IS NOT NULL", name="signed_on"),
        CheckConstraint("(published_at IS NULL) = (publication_url = '')", name="published_has_address"),
        CheckConstraint("(filed_on IS NULL) = (filing_number = '')", name="filed_has_number"),
        CheckConstraint("bond_returned_on IS NULL OR bond_received_on IS NOT NULL", name="bond_order"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    award_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("award.id"), unique=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    state: Mapped[ContractState] = mapped_column(default=ContractState.DRAFT, index=True)
    amount: Mapped[Decimal]
    service_from: Mapped[date]
    service_until: Mapped[date]
    clauses: Mapped[list[dict[str, Any]]]
    standards: Mapped[list[dict[str, Any]]]
    is_public_service: Mapped[bool] = mapped_column(default=False)
    bond_amount: Mapped[Decimal] = mapped_column(default=Decimal(0))
    bond_received_on: Mapped[date | None]
    bond_returned_on: Mapped[date | None]
    drafted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    drafted_at: Mapped[datetime]
    reviewed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    reviewed_at: Mapped[datetime | None]
    signed_on: Mapped[date | None]
    signed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    late_reason: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    publication_url: Mapped[str] = mapped_column(default="")
    filed_on: Mapped[date | None]
    filing_number: Mapped[str] = mapped_column(default="")
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship(lazy="joined")
    award: Mapped[Award] = relationship()
    agency: Mapped[Organisation] = relationship(lazy="joined")
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=[reviewed_by_id])
    instalments: Mapped[list[Instalment]] = relationship(
        back_populates="contract", order_by="Instalment.position", cascade="all, delete-orphan"
    )
    supplements: Mapped[list[Supplement]] = relationship(back_populates="contract", order_by="Supplement.position")
    acceptances: Mapped[list[Acceptance]] = relationship(back_populates="contract", order_by="Acceptance.round")
    payments: Mapped[list[Payment]] = relationship(back_populates="contract", order_by="Payment.requested_at")

    @property
    def hangs_on(self) -> tuple[Tender, ...]:
        """The purchase that the contract's deeds belong to."""
        return (self.tender,)

    @property
    def agreed(self) -> list[Decimal]:
        """What supplements in force add (yuan)."""
        return [one.amount for one in self.supplements if one.state is SupplementState.APPROVED]

    @property
    def worth(self) -> Decimal:
        """The contract's amount with its supplements."""
        return self.amount + sum(self.agreed, Decimal(0))

    @property
    def until(self) -> date:
        """The last day of service, alterations included."""
        later = [one.service_until for one in self.supplements if one.state is SupplementState.APPROVED]
        return max([self.service_until, *(day for day in later if day is not None)])


class Instalment(Identified, Base):
    """One part of the price: when it falls due and on what condition (yuan)."""

    __tablename__ = "contract_instalment"
    __table_args__ = (
        UniqueConstraint("contract_id", "position"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    position: Mapped[int]
    condition: Mapped[str]
    amount: Mapped[Decimal]
    due_on: Mapped[date]
    contract: Mapped[Contract] = relationship(back_populates="instalments")


class Supplement(Identified, Versioned, Base):
    """A supplement or an alteration: `amount` is what it adds (yuan), `service_until` a new last day."""

    __tablename__ = "contract_supplement"
    __table_args__ = (
        UniqueConstraint("contract_id", "position"),
        CheckConstraint("(kind = 'supplement') = (amount > 0)", name="supplement_adds"),
        CheckConstraint("amount >= 0", name="amount_range"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="four_eyes"),
    )

    contract_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    position: Mapped[int]
    kind: Mapped[SupplementKind]
    state: Mapped[SupplementState] = mapped_column(default=SupplementState.PROPOSED)
    amount: Mapped[Decimal] = mapped_column(default=Decimal(0))
    service_until: Mapped[date | None]
    terms: Mapped[str]
    reason: Mapped[str]
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    contract: Mapped[Contract] = relationship(back_populates="supplements")

    @property
    def hangs_on(self) -> tuple[Contract | Tender, ...]:
        """The contract and its purchase, to which what is agreed here belongs."""
        return (self.contract, self.contract.tender)
