"""Deadlines from rules: the day a rule's period ends, and the instant (24:00 in Shanghai) it ends at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.clock import shanghai
from core.rules import Overrides, RuleBook, RuleValue
from core.rules.rule import TIME_UNITS
from core.workdays import Deadline, WorkCalendar

# Least periods that protect somebody's time to act: they end on the nominal day and never roll.
LEAST_PERIODS = frozenset({"R-TENDER-04", "R-TENDER-05", "R-TENDER-20", "R-NEG-01"})


class NotATimeLimit(Exception):
    """The rule or value named counts no days."""


@dataclass(frozen=True)
class DerivedDeadline:
    """A rule's deadline: its last day, the instant it ends (UTC) and whether the calendar is official so far."""

    rule_id: str
    last_day: date
    ends_at: datetime
    provisional: bool

    def passed(self, now: datetime) -> bool:
        """Say whether the period is over at an instant."""
        return now >= self.ends_at


def derive(
    rule_id: str,
    start: date,
    calendar: WorkCalendar,
    book: RuleBook,
    *,
    name: str | None = None,
    overrides: Overrides | None = None,
) -> DerivedDeadline:
    """Return the deadline a rule sets when its period starts on `start` (a civil date in Shanghai, not counted).

    `name` chooses the value when a rule counts several periods (R-AWARD-01 `decision_days`). Raises NotATimeLimit, and
    UnknownRule when the rule is not in force on `start`.
    """
    limit = _limit(rule_id, start, book, name, overrides)
    deadline = _count(rule_id, start, limit, calendar)
    return DerivedDeadline(
        rule_id=rule_id,
        last_day=deadline.date,
        ends_at=end_of(deadline.date),
        provisional=deadline.provisional,
    )


def end_of(day: date) -> datetime:
    """Return the instant a civil day ends in Shanghai (24:00), in UTC."""
    return shanghai(day + timedelta(days=1)).astimezone(UTC)


def last_minute(day: date) -> datetime:
    """Return the last minute of a civil day in Shanghai (23:59), in UTC: how a day's end is told to people."""
    return end_of(day) - timedelta(minutes=1)


def _count(rule_id: str, start: date, limit: RuleValue, calendar: WorkCalendar) -> Deadline:
    count = int(limit.value)
    if limit.unit == "wd":
        return calendar.add_working_days(start, count, rule_id)
    return calendar.add_days(start, count, rule_id, roll=rule_id not in LEAST_PERIODS)


def _limit(rule_id: str, on: date, book: RuleBook, name: str | None, overrides: Overrides | None) -> RuleValue:
    rule = book.rule(rule_id, on=on)
    timed = [value.name for value in rule.values.values() if value.unit in TIME_UNITS]
    if name is None and len(timed) != 1:
        raise NotATimeLimit(f"rule {rule_id} counts {len(timed)} periods {timed}; name one")
    chosen = name or timed[0]
    if chosen not in timed:
        raise NotATimeLimit(f"rule {rule_id} counts no period named {chosen}; it counts {timed}")
    return book.named_value(rule_id, chosen, on=on, overrides=overrides)
