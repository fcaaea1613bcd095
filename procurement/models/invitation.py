"""Whom a purchase invites, and the draw that chose them (R-TENDER-10, R-NEG-01)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import Organisation
from procurement.models.tender import Tender
from procurement.states import InvitationOrigin, InvitationSource


class Invitation(Identified, Base):
    """A supplier that alone with the other invited ones may answer; how it came to be invited."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("tender_id", "supplier_id"),)

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    origin: Mapped[InvitationOrigin]
    tender: Mapped[Tender] = relationship(back_populates="invitations")
    supplier: Mapped[Organisation] = relationship(lazy="joined")


class SupplierDraw(Identified, Base):
    """A random draw of suppliers from the lawful source named in the file; two people, neither alone decides it.

    The officer locks the candidates and promises a secret; somebody else draws, and only then is the secret shown.
    `candidates` are `{"id", "name"}` in a fixed order; `record` is what `flask verify invitation` recomputes.
    """

    __tablename__ = "supplier_draw"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(drawn_at IS NULL) = (record IS NULL)", name="drawn_has_record"),
        CheckConstraint("drawn_by_id IS NULL OR drawn_by_id <> locked_by_id", name="two_people"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    source: Mapped[InvitationSource]
    applications_from: Mapped[date | None]
    applications_until: Mapped[date | None]
    number: Mapped[int]
    candidates: Mapped[list[dict[str, Any]]]
    commitment: Mapped[str]
    secret: Mapped[str]
    locked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    locked_at: Mapped[datetime]
    drawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    drawn_at: Mapped[datetime | None]
    record: Mapped[dict[str, Any] | None]
    tender: Mapped[Tender] = relationship()
