"""Draws and the entropy that two roles give them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import User
from core.identity.roles import Role
from experts.models.review import Review
from experts.states import DrawState


class Draw(Identified, Versioned, Base):
    """One attempt to draw a panel, for an indicator review or for the committee of a purchase.

    `held_for` names what it is held for, `review:<id>` or `committee_call:<id>`; reviews stand in `review_id` as well.
    `plan` is the committed lottery with pool snapshot, exclusions and quotas; `commitment` its salted hash, fixed
    before any entropy. `record` and `public_record` are written when it is done and verify alone; the three are read
    when they are asked for, since each holds the whole pool. `barred` are the ids of those who withheld a reveal in the
    attempt before and may not give entropy again.
    """

    __tablename__ = "draw"
    __table_args__ = (
        UniqueConstraint("held_for", "attempt"),
        CheckConstraint("(review_id IS NOT NULL) = (left(held_for, 7) = 'review:')", name="review_is_named"),
        CheckConstraint("(state = 'done') = (record IS NOT NULL)", name="done_has_record"),
        CheckConstraint("state <> 'void' OR void_reason <> ''", name="void_has_reason"),
    )

    held_for: Mapped[str]
    review_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("review.id"), index=True)
    attempt: Mapped[int]
    state: Mapped[DrawState] = mapped_column(default=DrawState.COMMITTED)
    plan: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    salt: Mapped[str]
    commitment: Mapped[str]
    committed_at: Mapped[datetime]
    committed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    done_at: Mapped[datetime | None]
    record: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    public_record: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    barred: Mapped[list[str]] = mapped_column(default=list)
    void_reason: Mapped[str] = mapped_column(default="")
    review: Mapped[Review | None] = relationship()
    shares: Mapped[list[EntropyShare]] = relationship(back_populates="draw", order_by="EntropyShare.committed_at")


class EntropyShare(Identified, Base):
    """One role's contribution: first its commitment (bound to the draw's), then the value that fits it."""

    __tablename__ = "entropy_share"
    __table_args__ = (UniqueConstraint("draw_id", "role"), UniqueConstraint("draw_id", "user_id"))

    draw_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draw.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    role: Mapped[Role]
    commitment: Mapped[str]
    committed_at: Mapped[datetime]
    value: Mapped[str | None]
    revealed_at: Mapped[datetime | None]
    draw: Mapped[Draw] = relationship(back_populates="shares")
    user: Mapped[User] = relationship()
