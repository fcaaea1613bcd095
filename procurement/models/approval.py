"""Who may approve up to which level, and who stands in for an absent approver."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import User


class ApprovalGrant(Base):
    """A person's level of approval, 1 to 3 (R-SEC-02.levels)."""

    __tablename__ = "approval_grant"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level_range"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    level: Mapped[int]
    granted_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="joined")


class ApprovalSubstitute(Identified, Base):
    """Who approves in an absent approver's place, from the first to the last day; ended early by `ended_at`."""

    __tablename__ = "approval_substitute"
    __table_args__ = (
        CheckConstraint("absent_id <> substitute_id", name="somebody_else"),
        CheckConstraint("first_on <= last_on", name="days_in_order"),
    )

    absent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    substitute_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    absent: Mapped[User] = relationship(foreign_keys=[absent_id], lazy="joined")
    substitute: Mapped[User] = relationship(foreign_keys=[substitute_id], lazy="joined")
