"""What an agency records of itself (R-AGENCY-03), entry by entry, and its yearly word that it is still true."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.states import RecordPart
from core.database import Base, Identified, Versioned
from core.identity.models import Organisation, User


class RecordItem(Identified, Versioned, Base):
    """One entry of the record: a branch, a person, a rule … It hangs on the organisation, in the library or not.

    `entries` is what was typed, in the form that `agencies.record_parts` gives this part; `name` is what it is called.
    It is in force from `verified_at`, when the bureau had checked it, until `ended_on`. Nothing is ever deleted.
    """

    __tablename__ = "agency_record_item"
    __table_args__ = (
        CheckConstraint("(ended_on IS NULL) = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("ended_on IS NULL OR end_reason <> ''", name="ended_has_reason"),
        CheckConstraint("part <> 'credit' OR NOT is_public", name="declarations_are_not_public"),
        Index("ix_agency_record_item_part", "organisation_id", "part"),
        Index(
            "uq_agency_record_item_basics",
            "organisation_id",
            unique=True,
            postgresql_where=text("part = 'basics' AND ended_on IS NULL"),
        ),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    part: Mapped[RecordPart]
    name: Mapped[str]
    entries: Mapped[dict[str, Any]]
    is_public: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    added_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    end_reason: Mapped[str] = mapped_column(default="")
    organisation: Mapped[Organisation] = relationship()
    added_by: Mapped[User | None] = relationship(foreign_keys=[added_by_id])
    changed_by: Mapped[User | None] = relationship(foreign_keys=[changed_by_id])
    verified_by: Mapped[User | None] = relationship(foreign_keys=[verified_by_id])


class RecordConfirmation(Identified, Base):
    """The manager's word that the whole record is true and current (R-AGENCY-03, R-AGENCY.confirm), once a year."""

    __tablename__ = "agency_record_confirmation"
    __table_args__ = (UniqueConstraint("organisation_id", "year"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    items: Mapped[int]
    """How many entries stood in the record then."""
    confirmed_by: Mapped[User | None] = relationship()
