"""Appending to the log: the unit of work's last statements before commit."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from core.audit.chain import GENESIS, canonical, entry_hash, seal_personal
from core.audit.models import AuditEntry, PersonKey

CHAIN_LOCK = 0x48504155
"""The advisory lock that serialises the appending, and nothing else of the application."""


@dataclass(frozen=True)
class Pending:
    """An entry waiting for its unit of work to commit."""

    tag: str
    about: list[str]
    body: dict[str, Any]
    personal: dict[uuid.UUID, Any] = field(default_factory=dict)


def append(session: Session, pending: Sequence[Pending], *, actor_id: uuid.UUID | None, at: datetime) -> None:
    """Append the entries to the chain. Must be the last thing before commit: the lock is held until then."""
    if not pending:
        return
    sealed = [_seal(session, one) for one in pending]
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    head = session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (head.seq, head.hash) if head else (0, GENESIS)
    rows = []
    for one, personal in zip(pending, sealed, strict=True):
        seq += 1
        link: dict[str, Any] = {
            "seq": seq,
            "at": at,
            "tag": one.tag,
            "about": one.about,
            "body": one.body,
            "personal": personal,
        }
        digest = entry_hash(previous, actor=str(actor_id) if actor_id else None, **link)
        rows.append({**link, "actor_id": actor_id, "previous": previous, "hash": digest})
        previous = digest
    session.execute(insert(AuditEntry), rows)


def _seal(session: Session, one: Pending) -> dict[str, str]:
    return {str(person): seal_personal(_key_of(session, person), value) for person, value in one.personal.items()}


def _key_of(session: Session, person: uuid.UUID) -> bytes:
    found = session.get(PersonKey, person)
    if found is None:
        found = PersonKey(person_id=person, key=os.urandom(32))
        session.add(found)
        session.flush()  # the key must exist before an entry refers to it
    return found.key


def plain(value: Any) -> Any:
    """Return the value as the log stores it (dates, money and ids as text), so that hashing it again agrees."""
    import json

    return json.loads(canonical(value))
