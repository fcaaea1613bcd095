"""The terms for which an expert was appointed, and changes of particulars that an expert reported."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from experts.models.expert import Expert
from experts.states import AppointmentKind, ChangeState


class Appointment(Identified, Base):
    """One term (R-EXP.term); `number` stands on its certificate (聘书, R-EXP-06)."""

    __tablename__ = "expert_appointment"
    __table_args__ = (CheckConstraint("ends_on >= begins_on", name="term_forward"),)

    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[AppointmentKind]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    expert: Mapped[Expert] = relationship()


class ParticularsChange(Identified, Versioned, Base):
    """A change that the expert reported: new values by column, since when, and what the bureau said (R-EXP-01/02)."""

    __tablename__ = "particulars_change"
    __table_args__ = (
        CheckConstraint("state <> 'rejected' OR remark <> ''", name="no_has_reason"),
        CheckConstraint("(state = 'reported') = (decided_at IS NULL)", name="decided_has_time"),
        Index("uq_particulars_change_open", "expert_id", unique=True, postgresql_where=text("state = 'reported'")),
    )

    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.REPORTED)
    values: Mapped[dict[str, Any]]
    changed_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    remark: Mapped[str] = mapped_column(default="")
    expert: Mapped[Expert] = relationship()
    decided_by: Mapped[User | None] = relationship()
