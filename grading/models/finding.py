"""Findings of the checker as put to a reviewer."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from grading.models.submission import Submission
from grading.states import DismissalGround, FindingState


class ReportFinding(Identified, Versioned, Base):
    """One finding with its evidence (FINDINGS format). `probability` is the model's chance that it is upheld.

    `follows` is the same finding in the version before, `unchanged` where nothing about it differs.
    """

    __tablename__ = "report_finding"
    __table_args__ = (
        UniqueConstraint("submission_id", "position"),
        CheckConstraint("probability BETWEEN 0 AND 1", name="probability_range"),
        CheckConstraint("severity IN ('error', 'warning')", name="severity_known"),
        CheckConstraint("(state = 'open') = (disposed_at IS NULL)", name="disposed_has_time"),
        CheckConstraint("state <> 'dismissed' OR reason <> '' OR ground IS NOT NULL", name="dismissed_has_reason"),
        Index("ix_report_finding_code", "code"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), index=True)
    position: Mapped[int]
    code: Mapped[str]
    severity: Mapped[str]
    probability: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    message: Mapped[dict[str, Any]]
    evidence: Mapped[list[dict[str, Any]]]
    stated: Mapped[str | None]
    expected: Mapped[str | None]
    signals: Mapped[dict[str, Any]]
    state: Mapped[FindingState] = mapped_column(default=FindingState.OPEN)
    disposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    disposed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    ground: Mapped[DismissalGround | None]
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("report_finding.id"), unique=True)
    unchanged: Mapped[bool] = mapped_column(default=False, server_default="false")
    submission: Mapped[Submission] = relationship()
    follows: Mapped[ReportFinding | None] = relationship(remote_side="ReportFinding.id")
