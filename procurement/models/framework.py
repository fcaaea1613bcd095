"""A framework agreement: what its call fixes, the ranking that admits suppliers, and the admitted (R-FRAME-01)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from procurement.models.bid import Bid
from procurement.models.tender import Lot, Tender
from procurement.states import FrameworkState, MemberState, RemovalGround


class FrameworkTerms(Base):
    """What a framework call fixes beside its tender; frozen with the record at publication.

    A lot of such a call is a type of evaluation, its budget the greatest unit price (最高限制单价, yuan an evaluation).
    `months` is the term, `elimination` the least share eliminated in percent, `ways` the methods of the second stage
    by the values of `Method`. `quality_ground` is why quality, not price, ranks. A call that adds suppliers to a
    framework (补充征集) names it in `top_up_of_id`.
    """

    __tablename__ = "framework_terms"
    __table_args__ = (
        CheckConstraint("months > 0", name="months_positive"),
        CheckConstraint("elimination BETWEEN 0 AND 100", name="elimination_range"),
        CheckConstraint("most_admitted > 0", name="most_admitted_positive"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    months: Mapped[int]
    elimination: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    most_admitted: Mapped[int | None]
    ways: Mapped[list[str]]
    quality_ground: Mapped[str] = mapped_column(default="")
    top_up_foreseen: Mapped[bool] = mapped_column(default=False)
    exit_rules: Mapped[str] = mapped_column(default="")
    plan_filing: Mapped[str] = mapped_column(default="")
    top_up_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("framework.id"), index=True)
    top_up_of: Mapped[Framework | None] = relationship()


class Framework(Identified, Versioned, Base):
    """A framework agreement from the admission to its end. Days are civil.

    It is in force from the day the last admitted supplier signed until `ends_on`; `informed_on` is when its users were
    told who is admitted at what price, `summary_id` the notice that sums up its call-offs.
    """

    __tablename__ = "framework"
    __table_args__ = (
        CheckConstraint("(begins_on IS NULL) = (ends_on IS NULL)", name="term_whole"),
        CheckConstraint("ends_on > begins_on", name="term_forward"),
        CheckConstraint("state = 'forming' OR begins_on IS NOT NULL", name="in_force_has_term"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    state: Mapped[FrameworkState] = mapped_column(default=FrameworkState.FORMING, index=True)
    admitted_at: Mapped[datetime]
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    informed_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    summary_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    tender: Mapped[Tender] = relationship(lazy="joined")
    members: Mapped[list[FrameworkMember]] = relationship(
        back_populates="framework", order_by="FrameworkMember.lot_id, FrameworkMember.position"
    )

    def is_open_on(self, day: date) -> bool:
        """Whether evaluations may be called off on a day: in force, and its last day not past."""
        return self.state is FrameworkState.IN_FORCE and self.ends_on is not None and day <= self.ends_on

    def is_over_on(self, day: date) -> bool:
        """Whether the term has run out and the summary is due."""
        return self.state is FrameworkState.IN_FORCE and self.ends_on is not None and day > self.ends_on


class FrameworkMember(Identified, Versioned, Base):
    """A supplier admitted for one type of evaluation at its agreed unit price (协议价格, yuan).

    `position` is its place in the fixed order of the rotation; who is added later follows those before. `tender_id` is
    the call by which it came in: the first, or one that added suppliers.
    """

    __tablename__ = "framework_member"
    __table_args__ = (
        UniqueConstraint("lot_id", "supplier_id"),
        UniqueConstraint("lot_id", "position"),
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("state <> 'signed' OR signed_on IS NOT NULL", name="signed_has_day"),
        CheckConstraint("(state = 'removed') = (ground IS NOT NULL)", name="removed_has_ground"),
        CheckConstraint("(filed_on IS NULL) = (filing_number = '')", name="filed_has_number"),
        Index("ix_framework_member_supplier", "supplier_id", "state"),
    )

    framework_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("framework.id"), index=True)
    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"))
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    bid_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    position: Mapped[int]
    price: Mapped[Decimal]
    state: Mapped[MemberState] = mapped_column(default=MemberState.ADMITTED)
    admitted_at: Mapped[datetime]
    signed_on: Mapped[date | None]
    signed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    late_reason: Mapped[str] = mapped_column(default="")
    filed_on: Mapped[date | None]
    filing_number: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    ground: Mapped[RemovalGround | None]
    reason: Mapped[str] = mapped_column(default="")
    framework: Mapped[Framework] = relationship(back_populates="members")
    lot: Mapped[Lot] = relationship(lazy="joined")
    supplier: Mapped[Organisation] = relationship(lazy="joined")
    bid: Mapped[Bid] = relationship()


class Shortlist(Identified, Base):
    """How one type of evaluation was shortlisted: the record from which anybody can recompute who is admitted."""

    __tablename__ = "framework_shortlist"

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    record: Mapped[dict[str, Any]]
    public_record: Mapped[dict[str, Any]]
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]
    lot: Mapped[Lot] = relationship()
