"""The moderation of a report's ratings: asked for, opened, concluded by a consensus or by leaving the mean."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from grading.models.submission import Submission
from grading.states import ModerationState


class Moderation(Identified, Versioned, Base):
    """One session about one report (R-GRADE.moderation).

    `ground` is why it was asked for or opened; `consensus` the agreed points by dimension, None where the mean was
    left; `note` what the moderator says of the conclusion, or why none was held.
    """

    __tablename__ = "moderation"
    __table_args__ = (
        CheckConstraint("ground <> ''", name="has_ground"),
        CheckConstraint("(state = 'agreed') = (consensus IS NOT NULL)", name="agreed_has_points"),
        CheckConstraint("state IN ('asked', 'open') OR (note <> '' AND closed_at IS NOT NULL)", name="closed_has_note"),
        Index(
            "uq_moderation_running",
            "submission_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'open')"),
        ),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), index=True)
    state: Mapped[ModerationState] = mapped_column(default=ModerationState.ASKED)
    ground: Mapped[str]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    moderator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    consensus: Mapped[dict[str, Any] | None]
    note: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    submission: Mapped[Submission] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys="Moderation.asked_by_id")
    moderator: Mapped[User | None] = relationship(foreign_keys="Moderation.moderator_id")
