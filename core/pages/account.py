"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from core.errors import Refused
from core.http.guard import public, requires
from core.identity.permissions import HousePermission
from core.identity.sessions import SignedIn, end_sessions
from core.identity.sign_in import CodeNeeded
from core.identity.sign_in import sign_in as sign_in_service
from core.pages.account_forms import SignInForm
from core.pages.safe_next import safe_next
from core.unit_of_work import UnitOfWork

account = Blueprint("account", __name__, url_prefix="/account")


def enter(signed_in: SignedIn) -> None:
    """Hand the session to the browser; whatever an earlier person left in the cookie goes, the language stays."""
    kept = {name: session[name] for name in ("language", "kept_form") if name in session}
    session.clear()
    session.update(kept)
    login_user(signed_in)


@account.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in(uow: UnitOfWork) -> ResponseReturnValue:
    """Sign in by email and password, with a code where the second factor is on."""
    form = SignInForm(next=request.args.get("next", ""))
    target = safe_next(form.next.data, fallback=url_for("home.index"))
    if request.method == "GET" and not uow.actor.is_anonymous:
        return redirect(target)
    needs_code = bool(form.text("code"))
    if form.validate_on_submit():
        try:
            signed_in = sign_in_service(
                uow,
                form.text("email"),
                form.secret("password"),
                code=form.text("code"),
                address=request.remote_addr or "",
                device=request.user_agent.string,
            )
        except Refused as refused:
            form.refuse(refused)
        except CodeNeeded:
            needs_code = True
        else:
            enter(signed_in)
            return redirect(target)
    status = 422 if request.method == "POST" else 200
    return render_template("core/account/sign_in.html", form=form, needs_code=needs_code), status


@account.post("/sign-out")
@requires(HousePermission.ENTER)
def sign_out(uow: UnitOfWork) -> ResponseReturnValue:
    """End this session on the server, then forget the cookie."""
    if uow.actor.user_id is not None:
        end_sessions(uow, uow.actor.user_id, token=current_user.token)
    logout_user()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    return redirect(url_for("home.front"))
