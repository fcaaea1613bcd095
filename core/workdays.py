"""Counting days: working days (工作日), calendar days (日), and last days on a holiday.

Pure: the caller brings the calendar rows. Counting follows R-REMEDY-05: the first day is not counted, a last day on a
holiday moves to the next working day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

SEEDED_YEARS = range(2020, 2027)
_DAY = timedelta(days=1)
# New Year, Labour Day (two days since 2025) and National Day: the statutory holidays with a fixed solar date.
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class CalendarDay(NamedTuple):
    """One row of the work calendar: whether it is a working day, and whether that was officially announced."""

    is_workday: bool
    official: bool


class OutOfRange(Exception):
    """A period that cannot be counted, such as a negative number of days."""


@dataclass(frozen=True)
class Deadline:
    """A last day with the rule it comes from; `provisional` when a day on the way has no official calendar yet."""

    date: date
    provisional: bool
    rule_id: str | None = None


class WorkCalendar:
    """A work calendar: known days, and Monday to Friday less the fixed statutory holidays for the rest."""

    def __init__(self, days: Mapping[date, CalendarDay]) -> None:
        self._days = dict(days)

    def is_workday(self, day: date) -> bool:
        """Say whether a civil date is a working day, as far as known."""
        row = self._days.get(day)
        if row is not None:
            return row.is_workday
        return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS

    def is_official(self, day: date) -> bool:
        """Say whether a date was officially announced, so that counting over it is final."""
        row = self._days.get(day)
        return row.official if row is not None else False

    def is_provisional(self, start: date, end: date) -> bool:
        """Say whether counting from `start` (excluded) to `end` (included) relied on days without official data."""
        return any(not self.is_official(day) for day in _between(start, end))

    def add_working_days(self, start: date, count: int, rule_id: str | None = None) -> Deadline:
        """Return the last of `count` working days after `start` (工作日; the first day is not counted)."""
        return self._walk(start, count, _DAY, rule_id)

    def subtract_working_days(self, end: date, count: int, rule_id: str | None = None) -> Deadline:
        """Return the working day `count` working days before `end` (for limits such as R-COMM-05)."""
        return self._walk(end, count, -_DAY, rule_id)

    def add_days(self, start: date, count: int, rule_id: str | None = None, *, roll: bool = True) -> Deadline:
        """Return the last of `count` calendar days after `start` (日).

        With `roll` a last day on a holiday moves to the next working day; minimum periods (R-TENDER-04) do not roll.
        """
        if count < 0:
            raise OutOfRange(f"cannot add {count} days")
        nominal = start + count * _DAY
        if not roll:
            return Deadline(nominal, provisional=False, rule_id=rule_id)
        last = self.roll(nominal)
        return Deadline(last, provisional=self.is_provisional(nominal - _DAY, last), rule_id=rule_id)

    def roll(self, day: date) -> date:
        """Return `day`, or the next working day when it is none."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_workday(day) for day in _between(start, end))

    def _walk(self, start: date, count: int, step: timedelta, rule_id: str | None) -> Deadline:
        if count < 0:
            raise OutOfRange(f"cannot count {count} working days")
        day, left, provisional = start, count, False
        while left:
            day += step
            provisional = provisional or not self.is_official(day)
            left -= self.is_workday(day)
        return Deadline(day, provisional=provisional, rule_id=rule_id)


def seed_calendar(years: range = SEEDED_YEARS) -> dict[date, CalendarDay]:
    """Return every day of `years` as announced by the State Council, from chinesecalendar.

    Years the package does not know are left out, so that they count as provisional.
    """
    import chinese_calendar

    rows: dict[date, CalendarDay] = {}
    for year in years:
        day = date(year, 1, 1)
        try:
            while day.year == year:
                rows[day] = CalendarDay(is_workday=bool(chinese_calendar.is_workday(day)), official=True)
                day += _DAY
        except NotImplementedError:
            return rows
    return rows


def _between(start: date, end: date) -> list[date]:
    """Return the days after `start` up to and including `end`."""
    return [start + offset * _DAY for offset in range(1, (end - start).days + 1)]
