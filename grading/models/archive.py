"""The archive of an evaluation: what the agency adds, and its manifest once it is filed (R-AGENCY-13)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Engagement
from core.database import Base, Identified, Versioned
from core.documents.models import Document
from core.identity.models import User
from grading.states import ArchiveState, PaperKind


class EvaluationArchive(Identified, Versioned, Base):
    """The archive of one engagement. `excuses` says by kind why there is no such paper.

    `manifest` lists what was filed: folder, name, title, origin, hash and size of each file; its digest is `digest`.
    `opinion` is why the bureau last gave it back.
    """

    __tablename__ = "evaluation_archive"
    __table_args__ = (
        CheckConstraint("(state = 'filed') = (filed_at IS NOT NULL)", name="filed_has_time"),
        CheckConstraint("(state = 'filed') = (manifest IS NOT NULL)", name="filed_has_manifest"),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), unique=True)
    state: Mapped[ArchiveState] = mapped_column(default=ArchiveState.OPEN)
    excuses: Mapped[dict[str, Any]] = mapped_column(default=dict)
    manifest: Mapped[list[dict[str, Any]] | None]
    digest: Mapped[str] = mapped_column(default="")
    filed_at: Mapped[datetime | None]
    filed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    opinion: Mapped[str] = mapped_column(default="")
    engagement: Mapped[Engagement] = relationship(lazy="joined")
    filed_by: Mapped[User | None] = relationship()
    papers: Mapped[list[ArchivePaper]] = relationship(back_populates="archive", cascade="all, delete-orphan")

    @property
    def hangs_on(self) -> tuple[Engagement]:
        """What its deeds belong to as well."""
        return (self.engagement,)


class ArchivePaper(Identified, Base):
    """A file that the agency added: what it is, and where it comes from in its own words."""

    __tablename__ = "archive_paper"
    __table_args__ = (UniqueConstraint("document_id"),)

    archive_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evaluation_archive.id"), index=True)
    kind: Mapped[PaperKind]
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"))
    origin: Mapped[str] = mapped_column(default="")
    archive: Mapped[EvaluationArchive] = relationship(back_populates="papers")
    document: Mapped[Document] = relationship(lazy="joined")
