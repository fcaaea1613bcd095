"""Applications of agencies to enter the library, and what the bureau says of each part of the record."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.states import AdmissionState, PointVerdict, RecordPart
from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User


class AgencyApplication(Identified, Versioned, Base):
    """An organisation that wants to stand in the library (入库申请, R-AGENCY-03).

    `declarations` are the keys of what its manager declared; `remark` is the bureau's last word on the whole.
    """

    __tablename__ = "agency_application"
    __table_args__ = (
        CheckConstraint("(state = 'admitted') = (agency_id IS NOT NULL)", name="admitted_is_in_the_library"),
        CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_has_time"),
        CheckConstraint("state <> 'rejected' OR remark <> ''", name="no_has_reason"),
        Index(
            "uq_agency_application_open",
            "organisation_id",
            unique=True,
            postgresql_where=text("state IN ('filling', 'submitted', 'returned')"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[AdmissionState]
    declarations: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    remark: Mapped[str] = mapped_column(default="")
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id])
    points: Mapped[list[AdmissionPoint]] = relationship(back_populates="application")

    @property
    def hangs_on(self) -> tuple[Organisation]:
        """What happens to an application belongs to its organisation's timeline."""
        return (self.organisation,)


class AdmissionPoint(Identified, Base):
    """What the bureau says of one part; a new submission asks again of what was objected to."""

    __tablename__ = "agency_admission_point"
    __table_args__ = (
        UniqueConstraint("application_id", "part"),
        CheckConstraint("verdict IS DISTINCT FROM 'objected' OR remark <> ''", name="objection_has_reason"),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency_application.id"))
    part: Mapped[RecordPart]
    verdict: Mapped[PointVerdict | None]
    remark: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime]
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    application: Mapped[AgencyApplication] = relationship(back_populates="points")
