"""Changes of an agency's record, reported within 30 working days (R-AGENCY-03)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.record import RecordItem
from agencies.states import ChangeDeed, RecordChangeState, RecordPart
from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User


class RecordChange(Identified, Versioned, Base):
    """Something that changed: when, until when it had to be reported, what the record shall say, what became of it.

    `entries` is the whole entry as it shall be (None while only noted, and for an end); the old one stands in the
    record until the bureau has checked the new one. `due_on` is the last day by `rule_id`, counted from `happened_on`;
    `days_late` are the working days by which the first report came after it.
    """

    __tablename__ = "agency_record_change"
    __table_args__ = (
        CheckConstraint("deed = 'add' OR item_id IS NOT NULL OR state IN ('noted', 'withdrawn')", name="names_entry"),
        CheckConstraint(
            "state IN ('noted', 'withdrawn') OR (reported_at IS NOT NULL AND (deed = 'end' OR entries IS NOT NULL))",
            name="reported_is_complete",
        ),
        CheckConstraint("state NOT IN ('questioned', 'withdrawn') OR remark <> ''", name="question_has_words"),
        CheckConstraint("(state = 'verified') = (decided_at IS NOT NULL)", name="verified_has_time"),
        CheckConstraint("due_on >= happened_on AND days_late >= 0", name="days_in_order"),
        Index("ix_agency_record_change_state", "state", "due_on"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    part: Mapped[RecordPart]
    deed: Mapped[ChangeDeed]
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency_record_item.id"), index=True)
    state: Mapped[RecordChangeState]
    title: Mapped[str]
    """What changed, in a few words."""
    entries: Mapped[dict[str, Any] | None]
    replaced: Mapped[dict[str, Any] | None]
    """What stood until it was taken over; None until then, and for a new entry."""
    is_public: Mapped[bool | None]
    happened_on: Mapped[date]
    due_on: Mapped[date]
    rule_id: Mapped[str]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    is_demanded: Mapped[bool] = mapped_column(default=False)
    """The bureau learned of it and asks for the report."""
    reported_at: Mapped[datetime | None]
    reported_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    days_late: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    item: Mapped[RecordItem | None] = relationship()
    reported_by: Mapped[User | None] = relationship(foreign_keys=[reported_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def hangs_on(self) -> tuple[Organisation]:
        """What happens to a change belongs to its organisation's timeline."""
        return (self.organisation,)

    @property
    def is_reported(self) -> bool:
        """Whether it is reported and not checked yet, so that the old entry stands with a mark."""
        return self.state in (RecordChangeState.REPORTED, RecordChangeState.QUESTIONED)
