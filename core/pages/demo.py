"""The demonstration's pages: be somebody, move the clock, read the mails."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.demo.banner import DEMO_DOMAIN
from core.demo.clock import ensure_demonstration, parse_step
from core.demo.clock import move_clock as move
from core.errors import NotVisible, Refused
from core.http.guard import public
from core.http.lists import asked, listing
from core.i18n import _
from core.identity.models import User
from core.identity.sessions import begin_session
from core.notifications.models import Mail, TextMessage
from core.pages.account import enter
from core.pages.safe_next import safe_next
from core.unit_of_work import UnitOfWork

demo = Blueprint("demo", __name__, url_prefix="/demo")


@demo.post("/sign-in")
@public
def become(uow: UnitOfWork) -> ResponseReturnValue:
    """Sign in as a demonstration user with one click."""
    ensure_demonstration(uow.house)
    try:
        user = uow.get(User, uuid.UUID(request.form.get("user", "")))
    except ValueError:
        user = None
    if user is None or not user.is_active or not user.email.endswith(DEMO_DOMAIN):
        raise NotVisible
    uow.record("demo.sign_in", user)
    enter(begin_session(uow, user, device=request.user_agent.string))
    return redirect(url_for("home.index"))


@demo.post("/clock")
@public
def move_clock(uow: UnitOfWork) -> ResponseReturnValue:
    """Move the demonstration's clock on, or back to real time."""
    step = request.form.get("advance", "")
    back = redirect(safe_next(request.form.get("next") or request.referrer, fallback=url_for("home.front")))
    try:
        move(uow, None if step == "reset" else parse_step(step))
    except Refused as refused:
        flash(str(refused.refusals[0].reason), "danger")
        return back
    flash(_("演示时钟已恢复为真实时间。") if step == "reset" else _("演示时钟已拨快 %(step)s。", step=step), "success")
    return back


@demo.get("/outbox")
@public
def outbox(uow: UnitOfWork) -> ResponseReturnValue:
    """Show the mails (or text messages) that would have left."""
    ensure_demonstration(uow.house)
    if asked("kind") == "text":
        query = select(TextMessage)
        if asked("q"):
            query = query.where(TextMessage.to_number.icontains(asked("q"), autoescape=True))
        page = listing(uow, query, sortable={"at": TextMessage.created_at}, default="-at")
        return render_template("core/demo/texts.html", listing=page)
    query = select(Mail)
    if asked("q"):
        query = query.where(Mail.to_address.icontains(asked("q"), autoescape=True))
    return render_template(
        "core/demo/outbox.html", listing=listing(uow, query, sortable={"at": Mail.created_at}, default="-at")
    )
