"""An indicator review: one round of one indicator system before a drawn panel."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Engagement
from core.database import Base, Identified, Versioned
from core.identity.models import User
from experts.states import Adoption, Outcome, ReviewState
from projects.models import IndicatorSystem

if TYPE_CHECKING:
    from experts.models.meeting import Attendee


class Review(Identified, Versioned, Base):
    """A review convened by the bureau (R-IND-01). `quotas` and `reserves` are what the draw must satisfy.

    `fee` is yuan per expert; `answer_by` is until when an invitation may be answered. `terms` are the score sheet and
    the numbers that decide, frozen when it was convened (see `experts.terms`); `online` is where those dial in who are
    not in the room.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("size BETWEEN 3 AND 15 AND mod(size, 2) = 1", name="size_odd"),
        CheckConstraint("(state IN ('passed', 'returned')) = (decided_at IS NOT NULL)", name="decided_has_time"),
        UniqueConstraint("system_id", "round", "attempt"),
        Index(
            "uq_review_running",
            "system_id",
            unique=True,
            postgresql_where=text("state NOT IN ('passed', 'returned', 'cancelled')"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    system_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("indicator_system.id"), index=True)
    round: Mapped[int]
    attempt: Mapped[int] = mapped_column(default=1)
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.CONVENED)
    convened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    convened_at: Mapped[datetime]
    meets_at: Mapped[datetime]
    place: Mapped[str]
    fee: Mapped[Decimal]
    answer_by: Mapped[datetime]
    size: Mapped[int]
    reserves: Mapped[int]
    quotas: Mapped[list[dict[str, Any]]]
    average: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    outcome: Mapped[Outcome | None]
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(default="")
    online: Mapped[str] = mapped_column(default="")
    agenda: Mapped[str] = mapped_column(default="")
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    engagement: Mapped[Engagement] = relationship(lazy="joined")
    system: Mapped[IndicatorSystem] = relationship()
    convened_by: Mapped[User] = relationship()
    attendees: Mapped[list[Attendee]] = relationship(back_populates="review", order_by="Attendee.capacity")


class IndicatorComment(Identified, Base):
    """What a panel member or observer says about one indicator, or about the whole when `indicator_name` is empty.

    `attendee_id` names who spoke where the secretary wrote it down. The agency answers with `adoption` and, unless it
    adopts, its reason; `is_settled` is what the commenter says of the answer at the second review (R-IND.rework).
    """

    __tablename__ = "indicator_comment"
    __table_args__ = (
        CheckConstraint("body <> ''", name="has_body"),
        CheckConstraint("adoption IS NULL OR adoption = 'adopted' OR answer <> ''", name="refusal_has_reason"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("review.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    indicator_name: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    is_major: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    adoption: Mapped[Adoption | None]
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("review_attendee.id"))
    is_settled: Mapped[bool | None]
    settled_at: Mapped[datetime | None]
    attendee: Mapped[Attendee | None] = relationship()
    author: Mapped[User] = relationship()
