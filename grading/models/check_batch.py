"""Checking many reports at once: a batch and its items, each worked by its own job."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.documents.models import Document
from core.identity.models import User
from grading.models.submission import Submission


class CheckBatch(Identified, Base):
    """Reports that are checked, or checked again, with today's rules and model. `model` says which model that is."""

    __tablename__ = "check_batch"

    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    model: Mapped[str]
    made_by: Mapped[User | None] = relationship()
    items: Mapped[list[CheckItem]] = relationship(back_populates="batch", order_by="CheckItem.position")


class CheckItem(Identified, Base):
    """One report of a batch: a delivered version, or a file uploaded only for this.

    `result` holds what the run found (`new`, `gone`, `kept`, and for an uploaded file the findings themselves);
    `failure` the sentence in both languages where it could not be read. Either comes with `done_at`.
    """

    __tablename__ = "check_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        CheckConstraint("(submission_id IS NULL) <> (document_id IS NULL)", name="one_report"),
        CheckConstraint("(done_at IS NULL) = (result IS NULL AND failure IS NULL)", name="done_has_outcome"),
    )

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("check_batch.id"), index=True)
    position: Mapped[int]
    submission_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("submission.id"))
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    done_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    failure: Mapped[dict[str, Any] | None]
    batch: Mapped[CheckBatch] = relationship(back_populates="items")
    submission: Mapped[Submission | None] = relationship()
    document: Mapped[Document | None] = relationship()
