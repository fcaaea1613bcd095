"""The secret address of a person's calendar, and their wishes for reminders."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import User
from core.identity.sessions import hashed
from core.reminders.due import DEFAULT_DAYS
from core.reminders.models import CalendarFeed, ReminderSetting
from core.unit_of_work import UnitOfWork

LONGEST = 30


def make_feed(uow: UnitOfWork, user: User) -> str:
    """Return a fresh secret for the calendar's address; the one before stops working. Only its hash is kept."""
    token = secrets.token_urlsafe(32)
    row = uow.get(CalendarFeed, user.id)
    if row is None:
        row = uow.add(CalendarFeed(user_id=user.id, token_hash=hashed(token), made_at=uow.now, fetched_at=None))
    row.token_hash, row.made_at, row.fetched_at = hashed(token), uow.now, None
    uow.session.flush()
    uow.record("account.make_calendar", user)
    return token


def end_feed(uow: UnitOfWork, user: User) -> None:
    """Let the calendar's address stop working."""
    row = uow.get(CalendarFeed, user.id)
    if row is not None:
        uow.session.delete(row)
        uow.session.flush()
        uow.record("account.end_calendar", user)


def owner_of(uow: UnitOfWork, token: str) -> User | None:
    """Return whose calendar this is, while its person is active; notes at most hourly that it was fetched."""
    row = uow.session.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == hashed(token)))
    if row is None:
        return None
    if row.fetched_at is None or uow.now - row.fetched_at > timedelta(hours=1):
        row.fetched_at = uow.now
    return uow.session.scalar(select(User).where(User.id == row.user_id, User.is_active))


def days_of(uow: UnitOfWork, user_id: uuid.UUID) -> tuple[int, int]:
    """Return how many days before a person is reminded, first and again; 0 is never."""
    row = uow.get(ReminderSetting, user_id)
    return (row.days_before, row.again_days_before) if row else DEFAULT_DAYS


def set_days(uow: UnitOfWork, user: User, first: int, again: int) -> None:
    """Keep a person's wish. Raises `Refused` for days out of range."""
    for name, days in (("days_before", first), ("again_days_before", again)):
        if not 0 <= days <= LONGEST:
            raise Refused(Refusal(_l("请选择 0 至 30 天"), field=name))
    row = uow.get(ReminderSetting, user.id)
    if row is None:
        row = uow.add(ReminderSetting(user_id=user.id, days_before=first, again_days_before=again))
    row.days_before, row.again_days_before = first, again
    uow.session.flush()
    uow.record("account.set_reminders", user, after={"days_before": first, "again_days_before": again})
