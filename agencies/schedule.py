"""The dates of an engagement's milestones, derived from its contract. Pure (R-PERF-09, R-AGENCY.dates)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from agencies.states import MilestoneKind
from core.workdays import WorkCalendar

SHARED = tuple(one for one in MilestoneKind if one not in (MilestoneKind.FINAL, MilestoneKind.ARCHIVE))
"""Milestones that lie at a share of the contract's period."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DateRules:
    """Where the milestones lie: shares of the period in percent, and days after its end for the archive."""

    shares: Mapping[MilestoneKind, int]
    archive_days: int


def due_dates(begins_on: date, due_on: date, rules: DateRules, calendar: WorkCalendar) -> dict[MilestoneKind, date]:
    """Return the day of each milestone: never before the one before it, and no later than the contract lets it be.

    A day on a holiday is moved to the working day before, so that nobody gains time by it; the final report is due on
    the contract's own last day.
    """
    length = (due_on - begins_on).days
    found: dict[MilestoneKind, date] = {}
    earliest = begins_on
    for kind in SHARED:
        day = _working(begins_on + length * rules.shares[kind] // 100 * _DAY, begins_on, calendar)
        earliest = found[kind] = max(earliest, min(day, due_on))
    found[MilestoneKind.FINAL] = due_on
    found[MilestoneKind.ARCHIVE] = calendar.roll(due_on + rules.archive_days * _DAY)
    return found


def _working(day: date, no_earlier: date, calendar: WorkCalendar) -> date:
    while day > no_earlier and not calendar.is_workday(day):
        day -= _DAY
    return day


def postponed(
    due: Mapping[MilestoneKind, date], moved: MilestoneKind, to: date, *, done: Iterable[MilestoneKind] = ()
) -> dict[MilestoneKind, date]:
    """Return the dates after one milestone moves to a later day: what follows and is not done moves as many days.

    Earlier milestones stay where they are.
    """
    by, finished, kinds = to - due[moved], set(done), list(MilestoneKind)
    return {
        kind: day + by if kinds.index(kind) >= kinds.index(moved) and kind not in finished else day
        for kind, day in due.items()
    }
