"""A session that ends never costs a half-filled form: what was typed is kept and given back after sign-in."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from core.identity.credentials import KeptForm
from core.unit_of_work import UnitOfWork, independent_write

SECRET_FIELDS = frozenset({"csrf_token", "password", "new_password", "repeat_password", "code", "once"})
KEPT_FOR = timedelta(days=1)
LARGEST = 1_000_000


def keep_form(uow: UnitOfWork, user_id: uuid.UUID, page: str, form: MultiDict[str, str]) -> uuid.UUID | None:
    """Keep the fields of a form whose session has ended, for its person alone; never passwords, codes or tokens.

    `page` is where the form is shown. Returns the key to take it back by, or None when there is too much to keep.
    """
    fields = [[name, value] for name, value in form.items(multi=True) if name not in SECRET_FIELDS]
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return None

    def write(own: UnitOfWork) -> uuid.UUID:
        own.session.execute(delete(KeptForm).where(KeptForm.kept_at < own.clock.wall - KEPT_FOR))
        return own.add(KeptForm(user_id=user_id, path=page, fields=fields, kept_at=own.clock.wall)).id

    return independent_write(uow.house, uow.actor, write)


def kept_fields(session: Session, key: str | None, user_id: uuid.UUID | None, page: str) -> MultiDict[str, str] | None:
    """Return what this person had typed on this page, or None."""
    try:
        row = session.get(KeptForm, uuid.UUID(key or ""))
    except ValueError:
        return None
    if row is None or row.user_id != user_id or row.path != page:
        return None
    return MultiDict([(str(name), str(value)) for name, value in row.fields])
