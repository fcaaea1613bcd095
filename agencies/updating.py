"""By when a change must be in the record, and how late a report is (R-AGENCY-03, art. 8: 30 working days); pure.

The numbers come with the deadline that the house's engine derived; here only days are compared.
"""

from __future__ import annotations

from datetime import date

from core.workdays import WorkCalendar

RULE = "R-AGENCY-03"
CONFIRM_RULE = "R-AGENCY.confirm"


def days_late(last_day: date, reported_on: date, calendar: WorkCalendar) -> int:
    """Return by how many working days a report came after the last day; on a weekend just after it, one."""
    if reported_on <= last_day:
        return 0
    return max(1, calendar.working_days_between(last_day, reported_on))


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month where it is shorter."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)
