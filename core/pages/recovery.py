"""Links from mails: reset a password, accept an invitation. And suppliers who register themselves."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.guard import public
from core.i18n import _
from core.identity.credentials import TokenPurpose
from core.identity.invitations import register_supplier as register
from core.identity.invitations import send_reset, use_token
from core.identity.sessions import begin_session
from core.identity.throttle import ensure_not_throttled
from core.identity.tokens import find_token
from core.pages.account import enter
from core.pages.account_forms import AcceptInvitationForm, NewPasswordForm, RegistrationForm, ResetRequestForm
from core.unit_of_work import UnitOfWork

recovery = Blueprint("recovery", __name__, url_prefix="/account")
registration = Blueprint("registration", __name__)


@recovery.route("/forgotten", methods=["GET", "POST"])
@public
def ask(uow: UnitOfWork) -> ResponseReturnValue:
    """Ask for a reset link; the answer never says whether there is such an account."""
    form = ResetRequestForm()
    if form.validate_on_submit():
        try:
            ensure_not_throttled(uow, form.text("email"), request.remote_addr or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            send_reset(uow, form.text("email"))
            return render_template("core/account/sent.html")
    return render_template("core/account/ask_reset.html", form=form), 422 if request.method == "POST" else 200


@recovery.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Set a new password by a mailed link."""
    row = find_token(uow, token, TokenPurpose.RESET)
    if row is None:
        return render_template("core/account/token_gone.html"), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            use_token(uow, row, form.secret("new_password"))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("新密码已设定，请用它登录。"), "success")
            return redirect(url_for("account.sign_in"))
    return render_template("core/account/reset.html", form=form), 422 if request.method == "POST" else 200


@recovery.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Accept an invitation: check the name, set a password, be signed in."""
    row = find_token(uow, token, TokenPurpose.INVITATION)
    if row is None:
        return render_template("core/account/token_gone.html"), 410
    form = AcceptInvitationForm(obj=row.user)
    if form.validate_on_submit():
        try:
            user = use_token(uow, row, form.secret("new_password"))
        except Refused as refused:
            form.refuse(refused)
        else:
            user.name, user.telephone = form.text("name"), form.text("telephone")
            enter(begin_session(uow, user, device=request.user_agent.string))
            return redirect(url_for("home.index"))
    names = "、".join(one.organisation.name for one in row.user.memberships if one.ended_at is None)
    status = 422 if request.method == "POST" else 200
    return render_template("core/account/accept.html", form=form, user=row.user, organisation=names), status


@registration.route("/register", methods=["GET", "POST"])
@public
def register_supplier(uow: UnitOfWork) -> ResponseReturnValue:
    """Let any supplier register its organisation and first manager."""
    form = RegistrationForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            user = register(
                uow,
                organisation=form.text("organisation"),
                uscc=form.text("uscc"),
                address=form.text("address"),
                name=form.text("name"),
                email=form.text("email"),
                telephone=form.text("telephone"),
                password=form.secret("new_password"),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, url_for("home.index"))
            enter(begin_session(uow, user, device=request.user_agent.string))
            flash(_("注册完成，现在可以查看招标公告并投标。"), "success")
            return redirect(url_for("home.index"))
    return render_template("core/account/register.html", form=form), 422 if request.method == "POST" else 200
