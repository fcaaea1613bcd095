"""A tender with its lots, criteria and keyholders."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Numeric, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from procurement.states import CriterionKind, Evaluation, FailureGround, Method, SmeReservation, TenderState
from projects.models import Project

if TYPE_CHECKING:
    from procurement.models.agent import AgentAppointment
    from procurement.models.invitation import Invitation


class Tender(Identified, Versioned, Base):
    """One purchase of evaluation services, from draft to award.

    Amounts are yuan, `deadline` is the instant until which bids may arrive and at which they are opened (R-OPEN-01).
    `record` is frozen at publication: notice, bid form, checklist and score sheets are all rendered from it, and
    `record_hash` is its SHA-256. `lots_per_bidder` is how many lots one bidder may win, None without a limit; it and
    the reservation for small and medium firms (R-PRICE-06) are declared terms, written into the record.
    """

    __tablename__ = "tender"
    __table_args__ = (
        CheckConstraint("budget > 0", name="budget_positive"),
        CheckConstraint("lots_per_bidder > 0", name="lots_per_bidder_positive"),
        CheckConstraint("price_weight BETWEEN 0 AND 100", name="price_weight_range"),
        CheckConstraint(
            "state IN ('draft', 'in-approval', 'cancelled')"
            " OR method IN ('below-limit', 'single-source', 'call-off-direct', 'call-off-rotation')"
            " OR (published_at IS NOT NULL AND record_hash IS NOT NULL AND deadline IS NOT NULL)",
            name="published_is_frozen",
        ),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> drafted_by_id", name="four_eyes"),
        CheckConstraint("(state = 'failed') = (failure_ground IS NOT NULL)", name="failed_has_ground"),
        Index("ix_tender_state_deadline", "state", "deadline"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    method: Mapped[Method] = mapped_column(default=Method.OPEN_TENDER)
    evaluation: Mapped[Evaluation] = mapped_column(
        default=Evaluation.COMPREHENSIVE, server_default=Evaluation.COMPREHENSIVE.value
    )
    purchaser_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[TenderState] = mapped_column(default=TenderState.DRAFT)
    drafted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]

    budget: Mapped[Decimal]
    ceiling: Mapped[Decimal | None]
    deposit: Mapped[Decimal] = mapped_column(default=Decimal(0))
    price_weight: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(10))
    notice_on: Mapped[date | None]
    documents_until: Mapped[date | None]
    deadline: Mapped[datetime | None]
    opening_place: Mapped[str] = mapped_column(default="")
    documents_place: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_telephone: Mapped[str] = mapped_column(default="")
    requirement: Mapped[str] = mapped_column(default="")
    qualifications: Mapped[list[str]]
    contract_draft: Mapped[str] = mapped_column(default="")
    service_until: Mapped[date | None]
    is_complex: Mapped[bool] = mapped_column(default=False)
    is_high_impact: Mapped[bool] = mapped_column(default=False)
    keyholders_needed: Mapped[int] = mapped_column(default=2)
    sme_reservation: Mapped[SmeReservation] = mapped_column(
        default=SmeReservation.NONE, server_default=SmeReservation.NONE.value
    )
    sme_reason: Mapped[str] = mapped_column(default="", server_default="")
    lots_per_bidder: Mapped[int | None]

    record: Mapped[dict[str, Any] | None]
    record_hash: Mapped[str | None]
    published_at: Mapped[datetime | None]
    external_notice_url: Mapped[str] = mapped_column(default="")
    external_notice_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    evaluated_at: Mapped[datetime | None]
    awarded_at: Mapped[datetime | None]
    failure_ground: Mapped[FailureGround | None]
    failure_reason: Mapped[str] = mapped_column(default="")

    purchaser: Mapped[Organisation] = relationship(lazy="joined")
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    lots: Mapped[list[Lot]] = relationship(
        back_populates="tender", order_by="Lot.position", cascade="all, delete-orphan"
    )
    criteria: Mapped[list[Criterion]] = relationship(
        back_populates="tender", order_by="Criterion.position", cascade="all, delete-orphan"
    )
    keyholders: Mapped[list[Keyholder]] = relationship(
        back_populates="tender", order_by="Keyholder.position", cascade="all, delete-orphan"
    )

    invitations: Mapped[list[Invitation]] = relationship(back_populates="tender")
    agent: Mapped[AgentAppointment | None] = relationship(back_populates="tender")

    @hybrid_method
    def is_open_at(self, instant: datetime) -> bool:
        """Whether bids may arrive at this instant: published, and the deadline not yet passed (R-OPEN-02)."""
        return self.state is TenderState.PUBLISHED and self.deadline is not None and instant < self.deadline

    @is_open_at.inplace.expression  # type: ignore[attr-defined, untyped-decorator]  # in a class body it is the hybrid
    @classmethod
    def _is_open_at(cls, instant: datetime) -> ColumnElement[bool]:
        return and_(cls.state == TenderState.PUBLISHED, instant < cls.deadline)

    @hybrid_method
    def awaits_opening_at(self, instant: datetime) -> bool:
        """Whether the deadline has passed and the bids are not yet opened (R-OPEN-01)."""
        return self.state is TenderState.PUBLISHED and self.deadline is not None and instant >= self.deadline

    @awaits_opening_at.inplace.expression  # type: ignore[attr-defined, untyped-decorator]  # as above
    @classmethod
    def _awaits_opening_at(cls, instant: datetime) -> ColumnElement[bool]:
        return and_(cls.state == TenderState.PUBLISHED, instant >= cls.deadline)


class Lot(Identified, Base):
    """A part that a bid answers; every tender has at least one."""

    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("tender_id", "position"), CheckConstraint("budget > 0", name="budget_positive"))

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    budget: Mapped[Decimal]
    tender: Mapped[Tender] = relationship(back_populates="lots")
    projects: Mapped[list[Project]] = relationship(secondary="lot_project", order_by=Project.code)


class LotProject(Base):
    """Which projects a lot's winner will evaluate."""

    __tablename__ = "lot_project"

    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("project.id"), primary_key=True, index=True)


class Criterion(Identified, Base):
    """What is asked or scored. `bands` are `{"points", "text"}`: each range has its own score (R-EVAL-02).

    `maximum` is points of 100 together with the price weight; NULL for a substantive requirement.
    """

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("tender_id", "position"),
        CheckConstraint("(kind = 'substantive') = (maximum IS NULL)", name="scored_has_maximum"),
        CheckConstraint("maximum > 0 AND maximum <= 100", name="maximum_range"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    position: Mapped[int]
    kind: Mapped[CriterionKind]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    maximum: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    bands: Mapped[list[dict[str, Any]]]
    tender: Mapped[Tender] = relationship(back_populates="criteria")


class Keyholder(Identified, Base):
    """One who helps to open the bids: purchaser-side, never supervision (R-KEY-01).

    `public_key` is the age recipient made in the keyholder's own browser; `fingerprint` stands in the hashed notice.
    """

    __tablename__ = "keyholder"
    __table_args__ = (
        UniqueConstraint("tender_id", "user_id"),
        CheckConstraint("(public_key IS NULL) = (registered_at IS NULL)", name="registered_has_key"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    position: Mapped[int]
    public_key: Mapped[str | None]
    fingerprint: Mapped[str | None]
    registered_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship(back_populates="keyholders")
    user: Mapped[User] = relationship(lazy="joined")
