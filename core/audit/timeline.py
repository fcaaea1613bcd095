"""The readable timeline of an object, filtered by what its reader may see."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from core.audit.models import AuditEntry
from core.i18n import Text, _l
from core.identity.models import User
from core.ports import TimelineEntry, registry
from core.unit_of_work import Subject, UnitOfWork, reference

LONGEST = 200


def timeline(uow: UnitOfWork, subject: Subject, *, limit: int = LONGEST) -> list[TimelineEntry]:
    """Return what happened to an object, newest first; the caller has checked that the reader may see the object.

    Entries whose tag nobody explained, or whose tag is not for this reader, are left out. Two queries.
    """
    entries = uow.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.about.contains([reference(subject)]))
        .order_by(AuditEntry.seq.desc())
        .limit(limit)
    ).all()
    shown = []
    for entry in entries:
        tag = registry.audit_tags.get(entry.tag)
        if tag is not None and (tag.visible is None or tag.visible(uow.actor, subject)):
            shown.append((entry, tag.title))
    names = names_of(uow, [entry.actor_id for entry, _title in shown])
    return [
        TimelineEntry(entry.at, title, str(who(entry.actor_id, names)), entry.body.get("reason"), entry.seq)
        for entry, title in shown
    ]


def names_of(uow: UnitOfWork, user_ids: Sequence[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Return the names of these users, in one query."""
    wanted = {one for one in user_ids if one is not None}
    if not wanted:
        return {}
    rows = uow.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def who(actor_id: uuid.UUID | None, names: dict[uuid.UUID, str]) -> Text:
    """Return how an actor is called: a name, the system, or somebody who is no longer known."""
    if actor_id is None:
        return _l("系统")
    return names.get(actor_id, _l("已注销用户"))
