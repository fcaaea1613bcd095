"""What lets a person in: sign-in sessions, failed attempts, single-use tokens, recovery codes.

Secrets are stored as SHA-256 hashes only: whoever reads the database cannot sign in with what it holds.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified
from core.i18n import _l
from core.identity.models import User
from core.states import Titled


class SignInSession(Identified, Base):
    """A signed-in browser. Its cookie holds the token whose hash stands here; ending the row signs it out."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship()


class SignInFailure(Identified, Base):
    """A failed sign-in, counted per account and per network address (both as keyed hashes)."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_account", "account_hash", "at"),
        Index("ix_sign_in_failure_address", "address_hash", "at"),
    )

    account_hash: Mapped[str]
    address_hash: Mapped[str]
    at: Mapped[datetime]


class TokenPurpose(Titled):
    """What a single-use token is good for."""

    RESET = "reset", _l("重设密码")
    INVITATION = "invitation", _l("加入邀请")


class OneTimeToken(Identified, Base):
    """A secret sent by mail, good once and until `expires_at`."""

    __tablename__ = "one_time_token"
    __table_args__ = (CheckConstraint("token_hash ~ '^[0-9a-f]{64}$'", name="hash_form"),)

    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[TokenPurpose]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class RecoveryCode(Identified, Base):
    """A code that stands in once for a lost authenticator."""

    __tablename__ = "recovery_code"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class KeptForm(Identified, Base):
    """What somebody had typed when their session ended; given back to the same person after sign-in."""

    __tablename__ = "kept_form"

    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    path: Mapped[str]
    fields: Mapped[list[Any]]
    kept_at: Mapped[datetime]
