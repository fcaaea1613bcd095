"""Errors are part of the product: each kind of answer gets its page, with the rule and a next step."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from core.database import db
from core.errors import Forbidden, NotVisible, Refused, Stale
from core.http.forms import UsedBefore
from core.http.guard import SignInNeeded
from core.http.work import current_work
from core.i18n import _
from core.identity.kept_forms import SECRET_FIELDS, keep_form

PAGES = frozenset({400, 403, 404, 409, 413, 429, 500})


def register(app: Flask) -> None:
    """Answer every exception that a service or the framework raises."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(NotVisible, _not_visible)
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(UsedBefore, _used_before)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _failed)


def _page(status: int, **context: Any) -> ResponseReturnValue:
    db.session.rollback()
    if _wants_json():
        refusals = context.get("refusals", ())
        return {
            "error": status,
            "reasons": [{"reason": str(one.reason), "rule": one.rule_id} for one in refusals]
            or [{"reason": str(context.get("reason", "")), "rule": None}],
        }, status
    return render_template(f"errors/{status}.html", **context), status


def _wants_json() -> bool:
    """Whether a script asks: pages and forms never send the token in a header."""
    asked = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return asked == "application/json" or "X-CSRFToken" in request.headers or request.is_json


def _refused(error: Refused) -> ResponseReturnValue:
    return _page(409, refusals=error.refusals, typed=_typed(), back=_shown_at())


def _forbidden(error: Forbidden) -> ResponseReturnValue:
    return _page(403, reason=error.reason)


def _not_visible(_error: NotVisible) -> ResponseReturnValue:
    return _page(404)


def _stale(_error: Exception) -> ResponseReturnValue:
    return _page(409, stale=True, typed=_typed(), back=_shown_at())


def _used_before(_error: UsedBefore) -> ResponseReturnValue:
    """Undo the second press of one button and go where the form stands; the first press had its effect."""
    db.session.rollback()
    return redirect(_shown_at())


def _sign_in_needed(_error: SignInNeeded) -> ResponseReturnValue:
    """Send to sign-in and come back; what was typed waits for the same person, filled in again."""
    db.session.rollback()
    target = request.full_path.rstrip("?")
    if request.method == "POST":
        target = _shown_at()
        owner = g.get("expired_user_id")
        key = keep_form(current_work(), owner, target, request.form) if owner else None
        if key is not None:
            session["kept_form"] = str(key)
            flash(_("登录已过期。重新登录后，您填写的内容会恢复，附件需要重新选择。"), "warning")
    return redirect(url_for("account.sign_in", next=target))


def _shown_at() -> str:
    """Return the page that holds the form just posted: where it came from, if that is ours."""
    came_from = urlsplit(request.referrer or "")
    return came_from.path if came_from.netloc == request.host and came_from.path else request.path


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, reason=_("页面已过期，请重新打开后再提交。"), typed=_typed(), back=_shown_at())


def _database_away(error: OperationalError) -> ResponseReturnValue:
    current_app.logger.error("the database did not answer: %s", error)
    g.failed = True
    return render_template("errors/500.html", reason=_("数据库暂时没有响应，请稍后再试。")), 503


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    return _page(status if status in PAGES else 400, reason=None, typed=_typed(), back=_shown_at())


def _failed(_error: Exception) -> ResponseReturnValue:
    g.failed = True
    db.session.rollback()
    return render_template("errors/500.html"), 500


def _typed() -> list[tuple[str, str]]:
    """Return what was typed, so that the page can give it back to be copied; secrets never."""
    if request.method != "POST":
        return []
    try:
        fields = request.form.items(multi=True)
    except HTTPException:  # the body itself was what could not be read
        return []
    return [(name, value) for name, value in fields if name not in SECRET_FIELDS and value.strip()]
