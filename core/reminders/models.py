"""What a person wants to be reminded of, the secret address of their calendar, and what was sent already."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class ReminderSetting(Base):
    """A person's wishes; without a row the house's defaults hold. `days_before` counts calendar days, 0: never."""

    __tablename__ = "reminder_setting"
    __table_args__ = (
        CheckConstraint("days_before BETWEEN 0 AND 30", name="days_range"),
        CheckConstraint("again_days_before BETWEEN 0 AND 30", name="again_range"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    days_before: Mapped[int]
    again_days_before: Mapped[int]


class CalendarFeed(Base):
    """The secret address of a person's calendar: only the hash of its token is kept; a new one ends the old one."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]


class ReminderSent(Base):
    """A reminder that went out: `key` names the task and its deadline, `days_before` which of the two it was."""

    __tablename__ = "reminder_sent"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    days_before: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
