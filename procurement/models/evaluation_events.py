"""What interrupts or reopens a review: a stop, a re-review on a lawful ground, an unlawful act reported."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from procurement.models.tender import Tender
from procurement.states import CorrectionGround, PauseGround


class ReviewPause(Identified, Base):
    """The review stopped and the files were sealed, until it was resumed (R-COMM-10, 条例 art.41)."""

    __tablename__ = "review_pause"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("uq_review_pause_open", "tender_id", unique=True, postgresql_where=text("resumed_at IS NULL")),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    ground: Mapped[PauseGround]
    reason: Mapped[str]
    paused_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    paused_at: Mapped[datetime]
    resumed_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(default="")
    tender: Mapped[Tender] = relationship()


class EvaluationCorrection(Identified, Base):
    """A re-review by the original committee after the totals were made, on one of the four grounds (R-EVAL-06).

    `before` and `after` are the rankings; where they differ a written report goes to the finance bureau, which is a
    document of this row.
    """

    __tablename__ = "evaluation_correction"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(after IS NULL) = (closed_at IS NULL)", name="closed_has_ranking"),
        Index("uq_evaluation_correction_open", "tender_id", unique=True, postgresql_where=text("closed_at IS NULL")),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    ground: Mapped[CorrectionGround]
    reason: Mapped[str]
    requested_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    requested_at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any] | None]
    closed_at: Mapped[datetime | None]
    tender: Mapped[Tender] = relationship()

    @property
    def changed(self) -> bool:
        """Whether the re-review changed the result."""
        return self.after is not None and self.after != self.before


class IrregularityReport(Identified, Base):
    """An unlawful act of a supplier found in the review, reported to the finance authority (条例 art.40)."""

    __tablename__ = "irregularity_report"
    __table_args__ = (CheckConstraint("facts <> ''", name="has_facts"),)

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    bid_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bid.id"))
    seat_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("committee_seat.id"))
    facts: Mapped[str]
    reported_at: Mapped[datetime]
    tender: Mapped[Tender] = relationship()
