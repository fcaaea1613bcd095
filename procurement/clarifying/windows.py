"""Until when documents are given out, questions asked and answered, and when an amendment moves the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import SHANGHAI, shanghai
from core.deadlines import derive, end_of
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.drafting.dates import deadline_day, last_clarification
from procurement.methods import rules_of
from procurement.models import Tender

RULE_OWN = "R-CLARIFY-01"


@dataclass(frozen=True)
class Move:
    """The least deadline that an amendment published on a day allows, and the rule it follows from."""

    at: datetime
    rule_id: str
    provisional: bool = False


def documents_end(tender: Tender) -> datetime | None:
    """Return the instant until which suppliers may take the documents (R-TENDER-03), never after the deadline."""
    if tender.deadline is None or tender.documents_until is None:
        return tender.deadline
    return min(end_of(tender.documents_until), tender.deadline)


def questions_end(uow: UnitOfWork, tender: Tender) -> datetime | None:
    """Return the instant until which holders may ask: the end of a working day some days before the deadline."""
    closing = deadline_day(tender)
    if closing is None:
        return None
    days = uow.house.rules.whole(RULE_OWN, "ask_days", on=uow.today)
    return end_of(work_calendar(uow).subtract_working_days(closing, days, RULE_OWN).date)


def last_minute(instant: datetime | None) -> datetime | None:
    """Return an end as it is shown: 24:00 of a day as 23:59, since people misread 00:00 of the next one."""
    local = instant.astimezone(SHANGHAI) if instant else None
    return instant - timedelta(minutes=1) if instant and local and (local.hour, local.minute) == (0, 0) else instant


def answer_due(uow: UnitOfWork, asked: datetime) -> date:
    """Return the last day on which a question asked then is answered in time (R-REMEDY-01)."""
    day = asked.astimezone(SHANGHAI).date()
    return derive("R-REMEDY-01", day, work_calendar(uow), uow.house.rules).last_day


def least_deadline(uow: UnitOfWork, tender: Tender, *, is_material: bool) -> Move:
    """Return the earliest deadline that an amendment published today allows, at the tender's clock time.

    One that may affect bids leaves the method's whole period (15 days in a tender); any leaves those who have bid time
    to confirm. A day on which nobody works is no day for an opening, so the next working day counts.
    """
    calendar = work_calendar(uow)
    days = uow.house.rules.whole(RULE_OWN, "confirm_days", on=uow.today)
    own = calendar.add_working_days(uow.today, days, RULE_OWN)
    least = Move(_at(tender, own.date), RULE_OWN, own.provisional)
    limit = rules_of(tender).clarification
    if is_material and limit is not None:
        lawful = derive(limit.rule_id, uow.today, calendar, uow.house.rules, name=limit.name)
        day = calendar.roll(lawful.last_day)
        move = Move(_at(tender, day), limit.rule_id, lawful.provisional or calendar.is_provisional(uow.today, day))
        least = max(least, move, key=lambda one: one.at)
    return least


def must_move(uow: UnitOfWork, tender: Tender, deadline: datetime, *, is_material: bool) -> Move | None:
    """Return the move that an amendment published today asks for, or None when this deadline leaves time enough."""
    closing = deadline.astimezone(SHANGHAI).date()
    last = last_clarification(uow, tender, closing) if is_material else None
    days = uow.house.rules.whole(RULE_OWN, "confirm_days", on=uow.today)
    own = work_calendar(uow).add_working_days(uow.today, days, RULE_OWN).date
    if (last is not None and uow.today > last) or closing < own:
        return least_deadline(uow, tender, is_material=is_material)
    return None


def _at(tender: Tender, day: date) -> datetime:
    local = (tender.deadline or shanghai(day, 9, 30)).astimezone(SHANGHAI)
    return shanghai(day, local.hour, local.minute)
