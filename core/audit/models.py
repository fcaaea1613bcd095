"""The log, its signed heads and the keys that make personal values readable."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class AuditEntry(Base):
    """One link of the chain.

    `about` names every object the entry belongs to as `type:id`, its subject first, so that each has a timeline.
    `body` holds before, after, detail and reason without personal values; those stand in `personal`, encrypted under
    the key of the person they concern. `hash` is SHA-256 over `previous` and the canonical JSON of everything else.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_about", "about", postgresql_using="gin"),
        Index("ix_audit_entry_tag", "tag"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    tag: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    about: Mapped[list[str]]
    body: Mapped[dict[str, Any]]
    personal: Mapped[dict[str, Any]]
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditHead(Base):
    """A signed statement that at `signed_at` the chain ended at `seq` with `hash` (Ed25519, hex)."""

    __tablename__ = "audit_head"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime]
    public_key: Mapped[str]
    signature: Mapped[str]


class PersonKey(Base):
    """The key (AES-256) of one person's values in the log; deleting the row makes them unreadable for good."""

    __tablename__ = "person_key"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
