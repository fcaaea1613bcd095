"""One deed of one form: done once, refused at its fields, or the page once more."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.forms import Form
from core.i18n import Text
from core.unit_of_work import UnitOfWork


def acted(
    uow: UnitOfWork,
    form: Form,
    deed: Callable[[], object],
    location: str | Callable[[], str],
    said: Text | Callable[[], Text],
) -> ResponseReturnValue | None:
    """Do the deed of a form that was sent, once, and lead on; None where its page is to be shown, with what is wrong.

    A second press leads where the first one led. `location` and `said` may be asked for after the deed.
    """
    if not form.is_submitted():
        return None
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if not form.validate():
        return None
    try:
        deed()
    except Refused as refused:
        form.refuse(refused)
        return None
    target = location if isinstance(location, str) else location()
    form.mark_used(uow, target)
    flash(said() if callable(said) else said, "success")
    return redirect(target)
