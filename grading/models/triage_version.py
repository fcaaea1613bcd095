"""Versions of the triage model: the shipped one and those retrained from reviewers' decisions."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import User


class TriageVersion(Identified, Base):
    """One trained model, kept in the store under its hash. The one with the latest `in_use_from` is in use.

    `about` is what its card is written from; `better` whether it beat the model then in use on agencies that neither
    had seen. One that did not is kept, and never used.
    """

    __tablename__ = "triage_version"
    __table_args__ = (CheckConstraint("better OR in_use_from IS NULL", name="only_better_is_used"),)

    number: Mapped[int] = mapped_column(unique=True)
    trained_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    sha256: Mapped[str]
    about: Mapped[dict[str, Any]]
    better: Mapped[bool]
    in_use_from: Mapped[datetime | None]
    asked_by: Mapped[User | None] = relationship()
