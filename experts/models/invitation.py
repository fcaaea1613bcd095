"""Links that answer an invitation, what was said by telephone, undertakings signed, reminders sent.

All of them hang on what somebody is invited to, named like `seat:<id>`, so that upper rooms use them for theirs.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.identity.models import User
from experts.states import LinkPurpose, ToldAnswer


class InvitationLink(Identified, Base):
    """A link's token, stored as its hash: for one invitation and one purpose, until it expires or is ended.

    A link that answers works once; a calendar's address works until it is ended.
    """

    __tablename__ = "invitation_link"

    held_for: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[LinkPurpose]
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class TelephoneAnswer(Identified, Base):
    """An answer given by telephone: what was said, when, and the officer's note."""

    __tablename__ = "telephone_answer"
    __table_args__ = (CheckConstraint("note <> ''", name="has_note"),)

    held_for: Mapped[str] = mapped_column(index=True)
    answer: Mapped[ToldAnswer]
    spoke_at: Mapped[datetime]
    note: Mapped[str]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[User] = relationship()


class Undertaking(Identified, Base):
    """An undertaking of confidentiality, signed by name; `digest` is the hash of the text that was shown."""

    __tablename__ = "undertaking"

    held_for: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    name: Mapped[str]
    digest: Mapped[str]
    signed_at: Mapped[datetime]
    by_link: Mapped[bool]


class InvitationReminder(Base):
    """A reminder that went out: each kind once for each invitation."""

    __tablename__ = "invitation_reminder"

    held_for: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
