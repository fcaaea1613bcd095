"""Where an expert's fees go, and the lists by which the finance office pays them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from experts.models.duty import ExpertDuty
from experts.models.expert import Expert
from experts.states import PaymentState


class PayAccount(Identified, Versioned, Base):
    """Identity number, bank and account of an expert, encrypted; `account_tail` alone may be shown without opening."""

    __tablename__ = "pay_account"

    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), unique=True)
    sealed: Mapped[str]
    account_tail: Mapped[str]
    entered_at: Mapped[datetime]
    expert: Mapped[Expert] = relationship()


class PaymentList(Identified, Versioned, Base):
    """Fees paid together (R-EXP.fee); whoever drew it up does not approve it (R-SEC-02). `month` is its first day."""

    __tablename__ = "payment_list"
    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="month_is_first_day"),
        CheckConstraint("state <> 'approved' OR approved_by_id IS NOT NULL", name="approved_has_person"),
        CheckConstraint("approved_by_id <> prepared_by_id", name="second_person_approves"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid_has_day"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    month: Mapped[date]
    state: Mapped[PaymentState] = mapped_column(default=PaymentState.DRAFTED)
    prepared_at: Mapped[datetime]
    prepared_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    paid_on: Mapped[date | None]
    prepared_by: Mapped[User | None] = relationship(foreign_keys=[prepared_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    lines: Mapped[list[PaymentLine]] = relationship(back_populates="payment_list", cascade="all, delete-orphan")

    @property
    def gross(self) -> Decimal:
        """What the list pays before tax, in yuan."""
        return sum((line.gross for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """What the list withholds, in yuan."""
        return sum((line.tax for line in self.lines), Decimal(0))


class PaymentLine(Identified, Base):
    """One expert on a list: fees together, the part of them that is taxed, the rate and the tax withheld, in yuan."""

    __tablename__ = "payment_line"
    __table_args__ = (
        UniqueConstraint("list_id", "expert_id"),
        CheckConstraint("gross > 0 AND tax >= 0 AND tax < gross", name="amounts_plausible"),
    )

    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_list.id"), index=True)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    gross: Mapped[Decimal]
    earlier: Mapped[Decimal]
    """What was paid in the same month on earlier lists: one income with this one (R-EXP.tax)."""
    taxable: Mapped[Decimal]
    rate: Mapped[int]
    tax: Mapped[Decimal]
    payment_list: Mapped[PaymentList] = relationship(back_populates="lines")
    expert: Mapped[Expert] = relationship()
    items: Mapped[list[PaymentItem]] = relationship(cascade="all, delete-orphan")

    @property
    def net(self) -> Decimal:
        """What arrives, in yuan."""
        return self.gross - self.tax


class PaymentItem(Identified, Base):
    """One fee of a line. A fee is on one list at a time: a cancelled list gives its fees back."""

    __tablename__ = "payment_item"

    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_line.id"), index=True)
    duty_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert_duty.id"), unique=True)
    fee: Mapped[Decimal]
    duty: Mapped[ExpertDuty] = relationship()
