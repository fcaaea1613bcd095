"""A delivered version of an engagement's report."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Engagement
from core.database import Base, Identified, Versioned
from core.documents.models import Document
from core.identity.models import User
from grading.states import ReportKind, SubmissionState

if TYPE_CHECKING:
    from grading.models.key_figures import KeyFigures
    from grading.models.quality import QualitySheet
    from grading.models.report_review import ReportReview
    from grading.models.submission_file import SubmissionFile


class Submission(Identified, Versioned, Base):
    """One version of the report, as a draft or as the final (`kind`).

    `coverage` is what the checker found, checked and could not read (FINDINGS format).

    `blocks` is the report's own text and tables as read, for the workbench; `failure` the sentence in both languages
    when it could not be read; `note` what the agency says of this version.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("engagement_id", "version"),
        CheckConstraint("(state = 'unreadable') = (failure IS NOT NULL)", name="unreadable_has_sentence"),
        Index(
            "uq_submission_standing",
            "engagement_id",
            unique=True,
            postgresql_where=text("state <> 'superseded'"),
        ),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    version: Mapped[int]
    kind: Mapped[ReportKind] = mapped_column(default=ReportKind.FINAL, server_default=ReportKind.FINAL.value)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    delivered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    delivered_at: Mapped[datetime]
    state: Mapped[SubmissionState] = mapped_column(default=SubmissionState.RECEIVED)
    checked_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(default="")
    pages: Mapped[int | None]
    total_score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    # None must be SQL NULL, not the JSON word null: the CHECK constraints and "not yet read" ask for it.
    coverage: Mapped[dict[str, Any] | None]
    blocks: Mapped[list[dict[str, Any]] | None]
    failure: Mapped[dict[str, Any] | None]
    note: Mapped[str] = mapped_column(default="", server_default="")
    engagement: Mapped[Engagement] = relationship(lazy="joined")
    document: Mapped[Document] = relationship()
    delivered_by: Mapped[User | None] = relationship()
    key_figures: Mapped[KeyFigures | None] = relationship(back_populates="submission")
    files: Mapped[list[SubmissionFile]] = relationship(back_populates="submission", order_by="SubmissionFile.position")
    reviews: Mapped[list[ReportReview]] = relationship(
        primaryjoin="foreign(ReportReview.engagement_id) == Submission.engagement_id", viewonly=True
    )
    sheets: Mapped[list[QualitySheet]] = relationship(back_populates="submission", viewonly=True)
