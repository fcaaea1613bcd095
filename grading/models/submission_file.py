"""The files of a delivery: the report, its annexes, and the stamped scan beside the text version."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.documents.models import Document
from grading.models.submission import Submission
from grading.states import FileRole


class SubmissionFile(Identified, Base):
    """One file of a delivered version and what could be read of it.

    `reading` is None until the job has read it: `kind`, `pages`, `paragraphs`, `tables`, `sizes` (points, of each page
    of a PDF), and where its paragraphs and tables begin in the whole (`first_paragraph`, `first_table`); `failure` is
    the sentence in both languages where it could not be read, so that it took no part in the check.
    `original` is the old file (.doc, .wps) from which `document` was made.
    """

    __tablename__ = "submission_file"
    __table_args__ = (
        UniqueConstraint("submission_id", "position"),
        CheckConstraint("reading IS NULL OR failure IS NULL", name="read_or_failed"),
        Index("uq_submission_file_report", "submission_id", unique=True, postgresql_where=text("role = 'report'")),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), index=True)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    original_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    role: Mapped[FileRole]
    position: Mapped[int]
    reading: Mapped[dict[str, Any] | None]
    failure: Mapped[dict[str, Any] | None]
    submission: Mapped[Submission] = relationship(back_populates="files")
    document: Mapped[Document] = relationship(lazy="joined", foreign_keys=[document_id])
    original: Mapped[Document | None] = relationship(lazy="joined", foreign_keys=[original_id])
