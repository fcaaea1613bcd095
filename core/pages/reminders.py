"""The own reminders: how long before a mail comes, and the secret address of the calendar."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from wtforms import SelectField

from core.errors import Refused
from core.http.choices import choices
from core.http.forms import Form
from core.http.guard import public, requires
from core.i18n import _, _l
from core.identity.actor import actor_for
from core.identity.permissions import HousePermission
from core.pages.profile import CRUMBS, own
from core.reminders.calendar import as_icalendar, events_of
from core.reminders.feeds import days_of, end_feed, make_feed, owner_of, set_days
from core.reminders.models import CalendarFeed
from core.unit_of_work import UnitOfWork

reminders = Blueprint("reminders", __name__)
DAYS = (
    ("0", _l("不提醒")),
    *((str(days), _l("截止前 1 天") if days == 1 else _l("截止前 %(days)s 天", days=days)) for days in (1, 2, 3, 5, 7)),
)


class ReminderForm(Form):
    """When to be reminded by mail."""

    days_before = SelectField(_l("首次提醒"), choices=choices(DAYS))
    again_days_before = SelectField(_l("再次提醒"), choices=choices(DAYS))


@reminders.route("/account/reminders", methods=["GET", "POST"])
@requires(HousePermission.ENTER)
def show(uow: UnitOfWork) -> ResponseReturnValue:
    """Show and change when reminders come."""
    user, form = own(uow), ReminderForm()
    if not form.is_submitted():
        first, again = days_of(uow, user.id)
        form.days_before.data, form.again_days_before.data = str(first), str(again)
    if form.validate_on_submit():
        try:
            set_days(uow, user, int(form.days_before.data), int(form.again_days_before.data))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存提醒设置。"), "success")
            return redirect(url_for("reminders.show"))
    return _page(uow, form), 422 if form.is_submitted() else 200


@reminders.post("/account/calendar")
@requires(HousePermission.ENTER)
def make(uow: UnitOfWork) -> ResponseReturnValue:
    """Make a new secret address; it is shown this once."""
    token = make_feed(uow, own(uow))
    address = f"{uow.house.settings.public_address}{url_for('reminders.feed', token=token)}"
    first, again = days_of(uow, own(uow).id)
    form = ReminderForm(formdata=None, data={"days_before": str(first), "again_days_before": str(again)})
    return _page(uow, form, address)


@reminders.post("/account/calendar/end")
@requires(HousePermission.ENTER)
def end(uow: UnitOfWork) -> ResponseReturnValue:
    """Let the address stop working."""
    end_feed(uow, own(uow))
    flash(_("日历地址已停用。"), "success")
    return redirect(url_for("reminders.show"))


@reminders.get("/calendar/<token>.ics")
@public
def feed(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Return a person's calendar to whoever knows its secret address; unknown and ended ones are not told apart."""
    user = owner_of(uow, token)
    actor = actor_for(uow.session, user.id) if user is not None else None
    if user is None or actor is None:
        abort(404)
    reader = UnitOfWork(uow.session, actor, uow.house, clock=uow.clock)
    with force_locale("en" if user.language == "en" else "zh"):
        body = as_icalendar(reader, events_of(reader))
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
    return Response(body, mimetype="text/calendar", headers=headers)


def _page(uow: UnitOfWork, form: ReminderForm, address: str | None = None) -> str:
    return render_template(
        "core/account/reminders.html",
        form=form,
        feed=uow.get(CalendarFeed, own(uow).id),
        address=address,
        crumbs=CRUMBS,
    )
