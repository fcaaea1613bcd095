"""The agency's own review of a report before it is signed (R-AGENCY-11)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import User
from grading.models.comment import CommentRound


class InternalReview(Identified, Base):
    """What a named department and person of the agency says of the report after its comments were answered.

    `is_passed` lets the report be signed; otherwise the agency revises it and reviews it again.
    """

    __tablename__ = "internal_review"
    __table_args__ = (
        CheckConstraint("department <> '' AND reviewer <> '' AND opinion <> ''", name="is_named_and_worded"),
    )

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("comment_round.id"), index=True)
    department: Mapped[str]
    reviewer: Mapped[str]
    opinion: Mapped[str]
    is_passed: Mapped[bool]
    reviewed_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    round: Mapped[CommentRound] = relationship()
    recorded_by: Mapped[User | None] = relationship()
