"""Appending to the log: the unit of work's last statements before commit."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.audit.chain import canonical, entry_content, seal_personal
from core.audit.models import PersonKey


@dataclass(frozen=True)
class Pending:
    """An entry waiting for its unit of work to commit."""

    tag: str
    about: list[str]
    body: dict[str, Any]
    personal: dict[uuid.UUID, Any] = field(default_factory=dict)


def append(session: Session, pending: Sequence[Pending], *, actor_id: uuid.UUID | None, at: datetime) -> None:
    """Append the entries to the chain. Must be the last thing before commit: the lock is held until then.

    The database numbers and hashes them in one statement (`guards.sql`).
    """
    if not pending:
        return
    actor = str(actor_id) if actor_id else None
    entries = []
    for one in pending:
        content: dict[str, Any] = {
            "at": at,
            "tag": one.tag,
            "about": one.about,
            "body": one.body,
            "personal": _seal(session, one),
        }
        head, tail = entry_content(actor=actor, **content)
        entries.append({**content, "actor_id": actor, "head": head, "tail": tail})
    session.execute(
        text("SELECT append_audit_entries(CAST(:entries AS jsonb))"), {"entries": canonical(entries).decode()}
    )


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
