"""One invitation as an iCalendar file (RFC 5545): time and place, never who else comes or what is judged of whom."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event

from core.i18n import _
from core.unit_of_work import UnitOfWork
from experts.addresses import seat_page
from experts.models import Seat
from experts.states import SeatState

LENGTH = timedelta(hours=3)
"""How long a meeting is taken to last where nobody said so."""


def as_calendar(uow: UnitOfWork, seat: Seat) -> bytes:
    """Return the seat's meeting in the present language; cancelled where its expert no longer takes part."""
    address = uow.house.settings.public_address
    attends = seat.state in (SeatState.INVITED, SeatState.ACCEPTED, SeatState.SUBMITTED)
    stands = attends and seat.review.state.value != "cancelled"
    calendar = Calendar()
    calendar.add("prodid", "-//Hengping//invitation//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", f"seat-{seat.id}@{urlsplit(address).hostname or 'hengping'}")
    event.add("dtstamp", uow.now)
    event.add("sequence", seat.revision + seat.review.revision)
    event.add("dtstart", seat.review.meets_at)
    event.add("dtend", seat.review.meets_at + LENGTH)
    event.add("summary", f"{_('指标评审会')} {seat.review.number}")
    event.add("location", seat.review.place)
    event.add("url", f"{address}{seat_page(seat.id)}")
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    if stands:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", str(_("指标评审会")))
        alarm.add("trigger", timedelta(hours=-2))
        event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
