"""What the lists of agencies and engagements find rows by: kept by the database itself (`agencies/listing.sql`)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models.agency import Agency
from agencies.states import AgencyKind, Grade
from core.database import Base
from projects.states import Sector

NO_SCORE = Decimal(-1)
"""How an agency without a score stands in the order of scores."""


class AgencyListing(Base):
    """An agency as lists show, filter and sort it: one row each, written by triggers, never by the application.

    `grade`, `year`, `score` and `tasks` are those of the latest published grade (`grade_id`); `district` is read from
    the address; `points` is the score as it sorts.
    """

    __tablename__ = "agency_listing"
    __table_args__ = (
        Index("ix_agency_listing_name", "name", "agency_id"),
        Index("ix_agency_listing_kind_name", "kind", "name"),
        Index("ix_agency_listing_grade_name", "grade", "name"),
        Index("ix_agency_listing_district_name", "district", "name"),
        Index("ix_agency_listing_points", "points"),
        Index("ix_agency_listing_admitted_on", "admitted_on"),
    )

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text(collation="C"))
    uscc: Mapped[str | None]
    kind: Mapped[AgencyKind]
    fields: Mapped[list[str]]
    district: Mapped[str]
    admitted_on: Mapped[date]
    staff: Mapped[int]
    leads: Mapped[int]
    grade_id: Mapped[uuid.UUID | None]
    grade: Mapped[Grade | None]
    year: Mapped[int | None]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    tasks: Mapped[int]
    points: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    agency: Mapped[Agency] = relationship(viewonly=True)

    @property
    def sectors(self) -> list[Sector]:
        """The sectors it works in."""
        return [Sector(value) for value in self.fields]


class AgencyWords(Base):
    """The grams by which an agency is found: names, code, address, lead evaluators, kind and fields.

    They stand apart from the listing, so that a new grade does not write the index of words anew.
    """

    __tablename__ = "agency_words"
    __table_args__ = (Index("ix_agency_words_grams", "grams", postgresql_using="gin"),)

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), primary_key=True)
    grams: Mapped[Any] = mapped_column(TSVECTOR)


class EngagementWords(Base):
    """The grams by which an engagement is found: its number, project, unit and agency, and its state.

    The time of opening stands beside them, so that the newest of very many are found without the engagements.
    """

    __tablename__ = "engagement_words"
    __table_args__ = (
        Index("ix_engagement_words_grams", "grams", postgresql_using="gin"),
        Index("ix_engagement_words_opened_at", "opened_at"),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True)
    opened_at: Mapped[datetime]
    grams: Mapped[Any] = mapped_column(TSVECTOR)
