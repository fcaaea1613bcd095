"""Inbox entries and outgoing mails."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Identified


class Notification(Identified, Base):
    """An inbox entry: which kind of news, with which values; worded in the reader's language when shown."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_user_unread", "user_id", "read_at", "at"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    url: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Mail(Identified, Base):
    """A mail to be sent after commit by the mail job; in demonstration mode it is only shown in the outbox."""

    __tablename__ = "mail"

    to_address: Mapped[str]
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None]


class TextMessage(Identified, Base):
    """A message to a mobile telephone; without a gateway it is only shown in the outbox."""

    __tablename__ = "text_message"

    to_number: Mapped[str]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    @property
    def masked_number(self) -> str:
        """The number without its middle, for whoever only looks after sending."""
        return f"{self.to_number[:3]}****{self.to_number[-4:]}"
