"""The work calendar as kept in the database: days an administrator set, over the shipped official ones."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.unit_of_work import UnitOfWork
from core.workdays import CalendarDay, WorkCalendar, seed_calendar


class WorkDay(Base):
    """A day whose standing an administrator entered; `official` once the State Council's notice says so."""

    __tablename__ = "work_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    official: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")


@functools.cache
def shipped_days() -> Mapping[date, CalendarDay]:
    """Return the days shipped with the product (from `chinesecalendar`)."""
    return seed_calendar()


def work_calendar(uow: UnitOfWork) -> WorkCalendar:
    """Return the calendar in force: the administrator's days over the shipped ones."""
    own = uow.session.execute(select(WorkDay.day, WorkDay.is_workday, WorkDay.official))
    return WorkCalendar({**shipped_days(), **{day: CalendarDay(works, official) for day, works, official in own}})


def set_work_day(uow: UnitOfWork, day: date, *, is_workday: bool, official: bool, note: str = "") -> None:
    """Enter or change one day; the change is recorded."""
    before = work_calendar(uow)
    row = uow.session.get(WorkDay, day)
    if row is None:
        row = uow.add(WorkDay(day=day, is_workday=is_workday, official=official, note=note))
    row.is_workday, row.official, row.note = is_workday, official, note
    uow.record(
        "calendar.set_day",
        None,
        before={"day": day, "is_workday": before.is_workday(day), "official": before.is_official(day)},
        after={"day": day, "is_workday": is_workday, "official": official, "note": note},
    )
