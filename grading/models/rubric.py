"""The bureau's own versions of the rubric, and which version new reports are rated by."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.states import RubricState


class RubricVersion(Identified, Versioned, Base):
    """A version of the rubric made in the browser, in the shape of the files that ship (R-GRADE.rubric).

    `based_on` is the version it was copied from. Once fixed, because it was put in force, it is never changed.
    """

    __tablename__ = "rubric_version"
    __table_args__ = (CheckConstraint("(state = 'fixed') = (fixed_at IS NOT NULL)", name="fixed_has_time"),)

    version: Mapped[str] = mapped_column(unique=True)
    body: Mapped[dict[str, Any]]
    based_on: Mapped[str]
    state: Mapped[RubricState] = mapped_column(default=RubricState.DRAFT)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    fixed_at: Mapped[datetime | None]
    made_by: Mapped[User] = relationship()


class RubricChoice(Identified, Base):
    """That from now on new reports are rated by a version; the newest choice counts, all are kept."""

    __tablename__ = "rubric_choice"

    version: Mapped[str]
    chosen_at: Mapped[datetime]
    chosen_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    reason: Mapped[str]
    chosen_by: Mapped[User] = relationship()
