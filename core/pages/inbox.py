"""The inbox: news for one person, newest first."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update

from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _l
from core.identity.permissions import HousePermission
from core.notifications.models import Notification
from core.notifications.send import kinds
from core.pages.safe_next import safe_next
from core.unit_of_work import UnitOfWork

inbox = Blueprint("inbox", __name__, url_prefix="/inbox")


@inbox.get("/")
@requires(HousePermission.ENTER)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List this person's news."""
    query = select(Notification).where(Notification.user_id == uow.actor.user_id)
    if asked("unread"):
        query = query.where(Notification.read_at.is_(None))
    page = listing(
        uow,
        query,
        sortable={"at": Notification.at},
        default="-at",
        filters=(Filter("unread", _l("状态"), [("1", _l("未读"))]),),
    )
    entries = {one.id: kinds[one.kind].worded(one.params) for one in page.rows if one.kind in kinds}
    return render_template("core/inbox.html", listing=page, entries=entries)


@inbox.get("/<uuid:entry_id>")
@requires(HousePermission.ENTER)
def open_entry(uow: UnitOfWork, entry_id: uuid.UUID) -> ResponseReturnValue:
    """Mark an entry as read and go to what it is about."""
    entry = uow.get(Notification, entry_id)
    if entry is None or entry.user_id != uow.actor.user_id:
        return redirect(url_for("inbox.index"))
    if entry.read_at is None:
        entry.read_at = uow.now
    return redirect(safe_next(entry.url, fallback=url_for("inbox.index")))


@inbox.post("/read")
@requires(HousePermission.ENTER)
def read_all(uow: UnitOfWork) -> ResponseReturnValue:
    """Mark everything as read."""
    uow.session.execute(
        update(Notification)
        .where(Notification.user_id == uow.actor.user_id, Notification.read_at.is_(None))
        .values(read_at=uow.now)
    )
    return redirect(url_for("inbox.index"))
