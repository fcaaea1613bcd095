"""Documents: which content, under which name, belonging to which object."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Identified


class Document(Identified, Base):
    """One version of one file. `owner_kind`/`owner_id` say whose it is; the owner's room decides who may read it.

    `purpose` is the owner's word for what the file is (`bid-envelope`, `report`, `award-notice` …); a newer version of
    the same purpose has a higher `version`. The content is in the store under `sha256` and is never changed.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_form"),
        CheckConstraint("size >= 0", name="size_positive"),
        Index("ix_document_owner", "owner_kind", "owner_id", "purpose"),
    )

    owner_kind: Mapped[str]
    owner_id: Mapped[uuid.UUID]
    purpose: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    added_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[datetime]
