"""Complaints: the file that only procurement supervision and the complainant read until copies are sent."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from procurement.models.remedies import Challenge
from procurement.models.tender import Tender
from procurement.states import ComplaintState, DismissalGround, Measure


class Complaint(Identified, Versioned, Base):
    """A complaint to the finance authority after a challenge (投诉, R-REMEDY-03).

    Within what was challenged, and decided by procurement supervision alone (R-SEC-01). `suspended_until` is the last
    day of an ordered suspension of the purchase. A decision names its ground, or its measure when upheld;
    the purchaser then reports how it was carried out.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("(state = 'dismissed') = (ground IS NOT NULL)", name="dismissed_has_ground"),
        CheckConstraint("(state = 'upheld') = (measure IS NOT NULL)", name="upheld_has_measure"),
        CheckConstraint("state NOT IN ('upheld', 'dismissed') OR decision <> ''", name="decided_has_words"),
        CheckConstraint("(carried_out_at IS NULL) = (carried_out_note = '')", name="carried_out_has_words"),
        CheckConstraint("carried_out_at IS NULL OR state = 'upheld'", name="carried_out_was_upheld"),
        CheckConstraint("suspended_until IS NULL OR suspended_on IS NOT NULL", name="suspended_has_start"),
        Index(
            "uq_complaint_once",
            "challenge_id",
            unique=True,
            postgresql_where=text("state NOT IN ('withdrawn', 'refused')"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    challenge_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("challenge.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    filed_at: Mapped[datetime]
    matter: Mapped[str]
    facts: Mapped[str]
    legal_basis: Mapped[str] = mapped_column(default="")
    request: Mapped[str]
    supplement: Mapped[str] = mapped_column(default="")
    state: Mapped[ComplaintState] = mapped_column(default=ComplaintState.FILED)
    accepted_at: Mapped[datetime | None]
    served_at: Mapped[datetime | None]
    suspended_on: Mapped[date | None]
    suspended_until: Mapped[date | None]
    ground: Mapped[DismissalGround | None]
    measure: Mapped[Measure | None]
    decision: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    carried_out_note: Mapped[str] = mapped_column(default="")
    carried_out_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    carried_out_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship(lazy="joined")
    challenge: Mapped[Challenge] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    filed_by: Mapped[User] = relationship(foreign_keys=[filed_by_id])
    parties: Mapped[list[ComplaintParty]] = relationship(
        back_populates="complaint", order_by="ComplaintParty.served_at"
    )
    pauses: Mapped[list[ComplaintPause]] = relationship(back_populates="complaint", order_by="ComplaintPause.begins_on")

    def is_suspending(self, on: date) -> bool:
        """Whether it holds the purchase on this day."""
        if self.state is not ComplaintState.ACCEPTED or self.suspended_on is None or self.suspended_until is None:
            return False
        return self.suspended_on <= on <= self.suspended_until


class ComplaintParty(Identified, Base):
    """Somebody who was sent a copy and may state its position: the purchaser, and suppliers concerned."""

    __tablename__ = "complaint_party"
    __table_args__ = (
        UniqueConstraint("complaint_id", "organisation_id"),
        CheckConstraint("(statement <> '') = (stated_at IS NOT NULL)", name="stated_has_time"),
    )

    complaint_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("complaint.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    is_purchaser: Mapped[bool]
    served_at: Mapped[datetime]
    statement: Mapped[str] = mapped_column(default="")
    stated_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    stated_at: Mapped[datetime | None]
    complaint: Mapped[Complaint] = relationship(back_populates="parties")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class ComplaintPause(Identified, Base):
    """Days that do not count towards the decision: experts, laboratories, completion by the complainant."""

    __tablename__ = "complaint_pause"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="forward"),
        Index("uq_complaint_pause_open", "complaint_id", unique=True, postgresql_where=text("ends_on IS NULL")),
    )

    complaint_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("complaint.id"), index=True)
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str]
    complaint: Mapped[Complaint] = relationship(back_populates="pauses")
