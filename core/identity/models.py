"""Users, organisations and memberships."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.roles import OrganisationKind, Role


class Organisation(Identified, Versioned, Base):
    """A body that takes part: the bureau, a budget unit, an agency, a supervision body, and others.

    `uscc` is the unified social credit code (统一社会信用代码), 18 characters, unique where known.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("uscc ~ '^[0-9A-Z]{18}$'", name="uscc_form"),
        Index("ix_organisation_name", "name"),
    )

    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[OrganisationKind]
    uscc: Mapped[str | None] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(default="")
    telephone: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")


class User(Identified, Versioned, Base):
    """A person who may sign in. `password_hash` is Argon2id; None until the invitation is accepted."""

    __tablename__ = "app_user"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    telephone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="zh")
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    totp_last_step: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", order_by="Membership.position", cascade="all, delete-orphan"
    )


class Membership(Identified, Base):
    """One role that a user holds in one organisation; `ended_at` closes it without erasing that it was."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id", "role"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role]
    position: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
