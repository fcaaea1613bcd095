"""The own account: profile, password, second factor, open sessions."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from core.errors import Refusal, Refused
from core.http.guard import requires
from core.i18n import _, _l
from core.identity.credentials import SignInSession
from core.identity.devices import device_words
from core.identity.models import User
from core.identity.passwords import password_fits, set_password
from core.identity.permissions import HousePermission
from core.identity.sessions import end_sessions
from core.identity.totp import address_of, disable_totp, enable_totp, new_secret, picture_of
from core.pages.account_forms import ChangePasswordForm, CodeForm, PasswordForm, ProfileForm
from core.unit_of_work import UnitOfWork

profile = Blueprint("profile", __name__, url_prefix="/account")
CRUMBS = [(_l("账户与安全"), "/account/")]


def own(uow: UnitOfWork) -> User:
    """Return the signed-in person's own row."""
    return cast("User", uow.get(User, uow.actor.user_id))


@profile.route("/", methods=["GET", "POST"])
@requires(HousePermission.ENTER)
def show(uow: UnitOfWork) -> ResponseReturnValue:
    """Show and change one's own particulars."""
    user = own(uow)
    form = ProfileForm(obj=user)
    if form.validate_on_submit():
        form.check_revision(user)
        user.name, user.telephone, user.language = form.text("name"), form.text("telephone"), form.text("language")
        session["language"] = user.language
        uow.record("account.change_profile", user)
        flash(_("已保存您的信息。"), "success")
        return redirect(url_for("profile.show"))
    sessions = uow.session.scalars(
        select(SignInSession)
        .where(SignInSession.user_id == user.id, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.seen_at.desc())
        .limit(20)
    ).all()
    status = 422 if request.method == "POST" else 200
    return render_template(
        "core/account/profile.html", form=form, user=user, sessions=sessions, device_words=device_words
    ), status


@profile.route("/password", methods=["GET", "POST"])
@requires(HousePermission.ENTER)
def change_password(uow: UnitOfWork) -> ResponseReturnValue:
    """Change the password; every other browser is signed out."""
    user, form = own(uow), ChangePasswordForm()
    if form.validate_on_submit():
        try:
            _confirm(user, form.secret("password"))
            set_password(user, form.secret("new_password"))
        except Refused as refused:
            form.refuse(refused)
        else:
            end_sessions(uow, user.id, keep=current_user.token)
            uow.record("account.change_password", user)
            flash(_("密码已更改，其他设备上的登录已退出。"), "success")
            return redirect(url_for("profile.show"))
    status = 422 if request.method == "POST" else 200
    return render_template("core/account/change_password.html", form=form, crumbs=CRUMBS), status


@profile.route("/second-factor", methods=["GET", "POST"])
@requires(HousePermission.ENTER)
def second_factor(uow: UnitOfWork) -> ResponseReturnValue:
    """Turn the second factor on: scan, type a first code, keep the recovery codes."""
    user, form = own(uow), CodeForm()
    if user.totp_secret:
        return redirect(url_for("profile.show"))
    secret = session.setdefault("totp_offer", new_secret())
    if form.validate_on_submit():
        try:
            codes = enable_totp(uow, user, secret, form.text("code"))
        except Refused as refused:
            form.refuse(refused)
        else:
            session.pop("totp_offer")
            return render_template("core/account/recovery_codes.html", codes=codes, crumbs=CRUMBS)
    picture = picture_of(address_of(secret, user, str(_("衡评"))))
    status = 422 if request.method == "POST" else 200
    return render_template(
        "core/account/second_factor.html", form=form, secret=secret, picture=picture, crumbs=CRUMBS
    ), status


@profile.route("/second-factor/off", methods=["GET", "POST"])
@requires(HousePermission.ENTER)
def second_factor_off(uow: UnitOfWork) -> ResponseReturnValue:
    """Turn the second factor off; asks for the password."""
    user, form = own(uow), PasswordForm()
    if form.validate_on_submit():
        try:
            _confirm(user, form.secret("password"))
        except Refused as refused:
            form.refuse(refused)
        else:
            disable_totp(uow, user)
            flash(_("已停用二次验证。"), "success")
            return redirect(url_for("profile.show"))
    status = 422 if request.method == "POST" else 200
    return render_template("core/account/second_factor_off.html", form=form, crumbs=CRUMBS), status


@profile.post("/sessions/end")
@requires(HousePermission.ENTER)
def end_others(uow: UnitOfWork) -> ResponseReturnValue:
    """Sign out everywhere but here."""
    user = own(uow)
    end_sessions(uow, user.id, keep=current_user.token)
    uow.record("account.end_other_sessions", user)
    flash(_("其他设备上的登录已退出。"), "success")
    return redirect(url_for("profile.show"))


def _confirm(user: User, password: str) -> None:
    if not password_fits(user, password):
        raise Refused(Refusal(_l("现在的密码不对"), field="password"))
