"""Mailing reminders: every hour, for each person, what falls due soon and was not yet reminded of."""

from __future__ import annotations

import uuid

from flask import current_app
from flask_babel import force_locale, format_datetime
from sqlalchemy import select

from core.i18n import _, _l
from core.identity.actor import actor_for
from core.identity.models import Membership, User
from core.jobs import defer, job
from core.jobs.queue import Job
from core.notifications.send import NotificationKind, notify
from core.ports import Task, registry
from core.reminders.due import Reminder, due_reminders
from core.reminders.feeds import days_of
from core.reminders.models import ReminderSent
from core.unit_of_work import UnitOfWork

DUE_SOON = NotificationKind(
    "reminder.due-soon", _l("%(count)s 项待办即将到期"), _l("以下待办即将到期，请及时办理：\n%(list)s")
)


@job("reminders.send", queue="mail")
def send_to(uow: UnitOfWork, user_id: str) -> None:
    """Remind one person of what falls due soon, each deadline once for each of their two wishes."""
    person = uow.get(User, uuid.UUID(user_id))
    actor = actor_for(uow.session, uuid.UUID(user_id))
    if person is None or actor is None:
        return
    known = uow.session.execute(
        select(ReminderSent.key, ReminderSent.days_before).where(ReminderSent.user_id == person.id)
    )
    sent = {(row.key, row.days_before) for row in known}
    own = UnitOfWork(uow.session, actor, uow.house, clock=uow.clock, ids=uow.ids)
    address = uow.house.settings.public_address
    with current_app.test_request_context(base_url=address), force_locale("en" if person.language == "en" else "zh"):
        tasks = [task for source in registry.task_sources for task in source(own)]
        due = due_reminders(tasks, uow.now, days_of(uow, person.id), sent)
        lines = "\n".join(_line(one) for one in due)
    if not due:
        return
    for one in due:
        uow.add(ReminderSent(user_id=person.id, key=one.key, days_before=one.days_before, sent_at=uow.now))
    notify(uow, DUE_SOON, [person.id], url="/home", params={"count": str(len(due)), "list": lines})


@job("reminders.look", every="35 * * * *")
def look(uow: UnitOfWork) -> None:
    """Give every active person a reminding of their own, so that one fault stops nobody else's."""
    people = uow.session.scalars(
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.ended_at.is_(None), User.is_active)
        .distinct()
        .order_by(Membership.user_id)
    )
    for user_id in people.all():
        if any(days_of(uow, user_id)):
            defer(uow, send_to, lock=f"reminders:{user_id}", user_id=str(user_id))


def _line(one: Reminder) -> str:
    task: Task = one.task
    when = format_datetime(task.due_at, "yyyy-MM-dd HH:mm")
    return str(_("· %(title)s（%(subject)s），截止 %(when)s", title=task.title, subject=task.subject, when=when))


def known() -> tuple[Job, Job]:
    """Return the jobs of reminding; importing this module registers them."""
    return look, send_to
