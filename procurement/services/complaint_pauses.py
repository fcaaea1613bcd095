"""Days of a complaint that do not count: experts, laboratories, completion by the complainant (R-REMEDY-03)."""

from __future__ import annotations

from datetime import date, timedelta

from core.unit_of_work import UnitOfWork
from procurement.models import Complaint, ComplaintPause
from procurement.queries.complaints import filed_on
from procurement.queries.remedies import reckoner
from procurement.services.remedy_clocks import keep_clock


def begin_pause(uow: UnitOfWork, complaint: Complaint, reason: str) -> None:
    """Stop counting from tomorrow."""
    first = uow.today + timedelta(days=1)
    uow.add(ComplaintPause(complaint_id=complaint.id, begins_on=first, ends_on=None, reason=reason))
    uow.session.flush()
    uow.session.expire(complaint, ["pauses"])
    uow.record("complaint.pause", complaint, reason=reason)


def end_pause(uow: UnitOfWork, complaint: Complaint) -> None:
    """End what is paused and set the decision's last day anew; a pause ended on its first day counts for nothing."""
    running = next((one for one in complaint.pauses if one.ends_on is None), None)
    if running is None:
        return
    if uow.today < running.begins_on:
        uow.session.delete(running)
    else:
        running.ends_on = uow.today
    uow.session.flush()
    uow.session.expire(complaint, ["pauses"])
    set_decision_day(uow, complaint)
    uow.record("complaint.resume", complaint)


def set_decision_day(uow: UnitOfWork, complaint: Complaint) -> None:
    """Set the last day for the decision, leaving out the paused days."""
    pauses: list[tuple[date, date]] = [(one.begins_on, one.ends_on) for one in complaint.pauses if one.ends_on]
    start = filed_on(complaint)
    keep_clock(uow, complaint, "decision_days", start, reckoner(uow).decision(start, pauses))
