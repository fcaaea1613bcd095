"""Forms: the shape of what is typed, one effect per form, and refusals shown at their field."""

from __future__ import annotations

import uuid
from typing import Any, Self

from flask import has_request_context, request, session
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from core.database import Base
from core.errors import Refused, Stale
from core.http.work import current_work
from core.identity.kept_forms import kept_fields
from core.unit_of_work import UnitOfWork

OWN = frozenset({"once", "revision"})
"""Fields that every form has: what was typed is told by the others."""


class Asked:
    """Marks a field as one that must be filled; what its absence breaks is said by the service that reads it."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it from the class

    def __call__(self, form: object, field: object) -> None:
        """Check nothing here."""


class UsedBefore(Exception):
    """The same form was sent twice at once and the other press won: undo this one, nothing is lost."""


class FormUse(Base):
    """A form that had its effect; the second press of its button finds this row and changes nothing."""

    __tablename__ = "form_use"

    once: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    location: Mapped[str]


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """What every form carries: CSRF token, a key that makes it act once, the revision it was filled from."""

    once = HiddenField()
    revision = HiddenField()
    form_errors: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kept = _kept() if not args and "formdata" not in kwargs else None
        prefix = f"{kwargs['prefix']}-" if kwargs.get("prefix") else ""
        asked = {prefix + name for name, _field in self._unbound_fields or () if name not in OWN}
        if kept is not None and set(kept) & asked:
            kwargs["formdata"] = kept
            session.pop("kept_form", None)
        super().__init__(*args, **kwargs)
        if not self.once.data:
            self.once.data = str(uuid.uuid4())
        if not self.revision.data and "obj" in kwargs and getattr(kwargs["obj"], "revision", None):
            self.revision.data = str(kwargs["obj"].revision)

    def text(self, name: str) -> str:
        """Return what was typed into a field, without surrounding space; empty when nothing was."""
        return str(self._fields[name].data or "").strip()

    def secret(self, name: str) -> str:
        """Return a typed password exactly as it was typed."""
        return str(self._fields[name].data or "")

    def refuse(self, refused: Refused) -> None:
        """Put each refusal at its field (or at the top), with its rule for `form_errors` to cite."""
        for refusal in refused.refusals:
            field = self._fields.get(refusal.field or "")
            message = FormError(str(refusal.reason), refusal.rule_id)
            if field is not None:
                field.errors = [*field.errors, message]
            else:
                self.form_errors = [*self.form_errors, message]

    def check_revision(self, row: Any) -> None:
        """Raise `Stale` when somebody changed the row since this form was shown."""
        if self.revision.data and str(row.revision) != str(self.revision.data):
            raise Stale

    def earlier_use(self, uow: UnitOfWork) -> str | None:
        """Return where this form led when it was sent before, or None: ask before doing anything."""
        return uow.session.scalar(select(FormUse.location).where(FormUse.once == self._key(uow)))

    def mark_used(self, uow: UnitOfWork, location: str) -> None:
        """Note, after the deed, where the form led; a second press that ran at the same time raises `UsedBefore`."""
        row = insert(FormUse).values(once=self._key(uow), location=location)
        # Waits for a press that has not committed yet; when that one won, nothing is written here.
        if uow.session.scalar(row.on_conflict_do_nothing().returning(FormUse.once)) is None:
            raise UsedBefore

    def _key(self, uow: UnitOfWork) -> uuid.UUID:
        try:
            return uuid.UUID(self.once.data or "")
        except ValueError:
            self.once.data = str(uow.ids.new())
            return uuid.UUID(self.once.data)


def _kept() -> MultiDict[str, str] | None:
    """What was typed here before the session ended, when its person comes back to the page."""
    if not has_request_context() or request.method != "GET" or "kept_form" not in session:
        return None
    uow = current_work()
    return kept_fields(uow.session, session["kept_form"], uow.actor.user_id, request.path)


class FormError(str):  # noqa: SLOT000 - a str with an attribute; there are only ever a few
    """An error's sentence that also knows the rule which asks for it."""

    rule_id: str | None

    def __new__(cls, sentence: str, rule_id: str | None = None) -> Self:
        """Make the sentence with its rule."""
        error = super().__new__(cls, sentence)
        error.rule_id = rule_id
        return error
