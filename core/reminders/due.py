"""Which reminders go out now: pure, from tasks, wishes and what was sent already."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ports import Task

DEFAULT_DAYS = (3, 1)
"""Who never chose is reminded three days and one day before."""


@dataclass(frozen=True)
class Reminder:
    """A task to remind of, and which of the two reminders it is (days before)."""

    key: str
    days_before: int
    task: Task


def key_of(task: Task) -> str:
    """Return what tells a task with its deadline from every other: the same task moved to another day is a new one."""
    due = task.due_at.isoformat() if task.due_at else ""
    return hashlib.sha256(f"{task.url}\n{task.rule_id}\n{task.subject}\n{due}".encode()).hexdigest()[:32]


def due_reminders(
    tasks: Sequence[Task], now: datetime, days: Collection[int], sent: Collection[tuple[str, int]]
) -> list[Reminder]:
    """Return the reminders that are due now and were not sent yet, the nearest deadline first.

    `days` are how many days before (0: none). A task first seen when both are due is mailed once, as the later one.
    What is late, waits for others or has no deadline is never reminded of.
    """
    found = {}
    for task in tasks:
        if task.group != "mine" or task.due_at is None or task.due_at <= now:
            continue
        reached = [one for one in days if one > 0 and task.due_at - now <= timedelta(days=one)]
        if not reached:
            continue
        key, nearest = key_of(task), min(reached)
        if not any((key, one) in sent for one in reached if one <= nearest):
            found[key] = Reminder(key, nearest, task)
    return sorted(found.values(), key=lambda one: (one.task.due_at or now, one.key))
