"""A person's calendar: the deadlines of their tasks and the meetings that rooms announce, as iCalendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event

from core.i18n import _
from core.ports import CalendarEvent, registry
from core.reminders.due import key_of
from core.unit_of_work import UnitOfWork

BLOCK = timedelta(minutes=15)
"""A deadline stands as the quarter of an hour before it, so that 24:00 stays on its own day."""


def events_of(uow: UnitOfWork) -> list[CalendarEvent]:
    """Return what stands in the actor's calendar: only what they may see, in order of time."""
    tasks = [task for source in registry.task_sources for task in source(uow)]
    events = [
        CalendarEvent(key_of(task), task.title, task.subject, task.url, task.due_at - BLOCK, task.due_at, is_due=True)
        for task in tasks
        if task.due_at is not None and task.group == "mine"
    ]
    events += [event for source in registry.calendar_sources for event in source(uow)]
    return sorted(events, key=lambda one: (one.starts_at, one.key))


def as_icalendar(uow: UnitOfWork, events: Sequence[CalendarEvent]) -> bytes:
    """Return the events as a calendar (RFC 5545) in the present language."""
    address = uow.house.settings.public_address
    calendar = Calendar()
    calendar.add("prodid", "-//Hengping//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", str(_("衡评待办与日程")))
    calendar.add("refresh-interval;value=duration", "PT1H")
    for one in events:
        event = Event()
        event.add("uid", f"{one.key}@{urlsplit(address).hostname or 'hengping'}")
        event.add("dtstamp", uow.now)
        event.add("dtstart", one.starts_at)
        event.add("dtend", one.ends_at or one.starts_at + BLOCK)
        title = str(_("截止：%(title)s", title=one.title)) if one.is_due else str(one.title)
        event.add("summary", f"{title} {one.subject}".strip())
        event.add("description", f"{one.subject}\n{address}{one.url}")
        event.add("url", f"{address}{one.url}")
        event.add("transp", "TRANSPARENT" if one.is_due else "OPAQUE")
        if one.is_due:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", title)
            alarm.add("trigger", timedelta(hours=-2))
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
