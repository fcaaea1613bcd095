"""The yearly report on agencies' quality: its figures, frozen with a digest, and the two papers made from them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.states import QualityReportState


class QualityReport(Identified, Versioned, Base):
    """One report of a year (年度评价质量报告), written by one person's order and released by another's.

    `figures` are every number it tells, as of `as_of`; `digest` is their SHA-256 and stands on every page of its papers
    (documents of the purposes `quality-report-zh` and `quality-report-en`).
    """

    __tablename__ = "quality_report"
    __table_args__ = (
        CheckConstraint("released_by_id IS NULL OR released_by_id <> made_by_id", name="four_eyes"),
        CheckConstraint("state <> 'released' OR released_at IS NOT NULL", name="released_has_time"),
        CheckConstraint(
            "(digest IS NULL) = (figures IS NULL) AND (digest IS NOT NULL OR state IN ('preparing', 'dropped'))",
            name="prepared_has_figures",
        ),
        Index("uq_quality_report_year", "year", unique=True, postgresql_where=text("state <> 'dropped'")),
    )

    year: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[QualityReportState] = mapped_column(default=QualityReportState.PREPARING)
    as_of: Mapped[date]
    figures: Mapped[dict[str, Any] | None]
    digest: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    made_by: Mapped[User | None] = relationship(foreign_keys=[made_by_id])
    released_by: Mapped[User | None] = relationship(foreign_keys=[released_by_id])
