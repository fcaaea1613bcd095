"""Supervision's cases with their notes, and inspections with what was drawn and found."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User
from procurement.models.tender import Tender
from procurement.states import CaseOrigin, CaseOutcome, CaseState, CheckItem, Finding, InspectionState


class SupervisionCase(Identified, Versioned, Base):
    """A case (案件), opened from a signal, a complaint, an inspection or a report; its notes are never changed."""

    __tablename__ = "supervision_case"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        CheckConstraint("tender_id IS NOT NULL OR organisation_id IS NOT NULL", name="about_something"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    origin: Mapped[CaseOrigin]
    origin_ref: Mapped[str] = mapped_column(default="")
    tender_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tender.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN)
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime]
    outcome: Mapped[CaseOutcome | None]
    conclusion: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    tender: Mapped[Tender | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    notes: Mapped[list[CaseNote]] = relationship(back_populates="case", order_by="CaseNote.written_at")


class CaseNote(Identified, Base):
    """One note of a case."""

    __tablename__ = "case_note"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    written_at: Mapped[datetime]
    words: Mapped[str]
    case: Mapped[SupervisionCase] = relationship(back_populates="notes")
    written_by: Mapped[User] = relationship(lazy="joined")


class Inspection(Identified, Versioned, Base):
    """A random inspection (双随机, R-AGENCY-15): its pool and promise stand before the witness draws.

    `secret` is revealed in `record` once drawn; until then nobody is shown it.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("(state = 'prepared') = (record IS NULL)", name="drawn_has_record"),
        CheckConstraint("witness_id IS NULL OR witness_id <> prepared_by_id", name="witness_is_another"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    state: Mapped[InspectionState] = mapped_column(default=InspectionState.PREPARED)
    prepared_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    prepared_at: Mapped[datetime]
    pool: Mapped[dict[str, Any]]
    promise: Mapped[str]
    secret: Mapped[str]
    witness_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    drawn_at: Mapped[datetime | None]
    record: Mapped[dict[str, Any] | None]
    closed_at: Mapped[datetime | None]
    targets: Mapped[list[InspectionTarget]] = relationship(
        back_populates="inspection", order_by="InspectionTarget.position"
    )


class InspectionTarget(Identified, Base):
    """A drawn agency with its drawn inspector, and until when it must put right what was found."""

    __tablename__ = "inspection_target"
    __table_args__ = (UniqueConstraint("inspection_id", "position"),)

    inspection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection.id"))
    position: Mapped[int]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    inspector_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    rectify_by: Mapped[date | None]
    rectified_at: Mapped[datetime | None]
    rectification: Mapped[str] = mapped_column(default="")
    inspection: Mapped[Inspection] = relationship(back_populates="targets")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    inspector: Mapped[User] = relationship(lazy="joined")
    findings: Mapped[list[InspectionFinding]] = relationship(back_populates="target")

    @property
    def is_complete(self) -> bool:
        """Whether all seven matters are judged, and what must be put right is."""
        needs = any(one.finding is not Finding.GOOD for one in self.findings)
        return len(self.findings) == len(CheckItem) and (not needs or self.rectified_at is not None)


class InspectionFinding(Identified, Base):
    """What was found about one of the seven matters."""

    __tablename__ = "inspection_finding"
    __table_args__ = (
        UniqueConstraint("target_id", "item"),
        CheckConstraint("finding = 'good' OR words <> ''", name="problem_has_words"),
    )

    target_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection_target.id"))
    item: Mapped[CheckItem]
    finding: Mapped[Finding]
    words: Mapped[str] = mapped_column(default="")
    target: Mapped[InspectionTarget] = relationship(back_populates="findings")
