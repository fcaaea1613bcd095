"""诚信失分: when an entry of the honesty archive stands, when one counts double, and when it expires (R-GRADE.year).

Pure. Points given are those of the ladder; what came while an earlier entry stood counts double. The reckoning of a
year (`grading.scale`) and the pages of the archive read it here.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol


class Dated(Protocol):
    """An entry with the day it is about and the last day it stands."""

    @property
    def happened_on(self) -> date:
        """The day on which it happened."""

    @property
    def expires_on(self) -> date:
        """The last day on which it stands."""


@dataclass(frozen=True)
class Entry:
    """An entry of the archive that costs points of the ladder."""

    id: str
    points: Decimal
    happened_on: date
    expires_on: date


@dataclass(frozen=True)
class Weighed:
    """What an entry costs, doubled where it came while another stood, and whether it stands on the day asked."""

    entry: Entry
    points: Decimal
    repeated: bool
    stands: bool


def stands_on(entry: Dated, day: date) -> bool:
    """Whether an entry stands on a day; both ends belong to it."""
    return entry.happened_on <= day <= entry.expires_on


def is_repeated(happened_on: date, others: Iterable[Dated]) -> bool:
    """Whether something happened while another entry, of an earlier day, still stood."""
    return any(other.happened_on < happened_on <= other.expires_on for other in others)


def weigh(entries: Sequence[Entry], factor: Decimal, day: date) -> list[Weighed]:
    """Return the entries in the order of time with what each costs."""
    ordered = sorted(entries, key=lambda one: (one.happened_on, one.id))
    found = []
    for one in ordered:
        repeated = is_repeated(one.happened_on, ordered)
        found.append(Weighed(one, one.points * (factor if repeated else 1), repeated, stands_on(one, day)))
    return found


def standing_points(weighed: Iterable[Weighed]) -> Decimal:
    """Return how many points the entries that stand cost together."""
    return sum((one.points for one in weighed if one.stands), Decimal(0))


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, the month's last where there is none."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(begins_on: date, months: int) -> date:
    """Return the last day of so many months that begin on a day, which is the first of them."""
    return months_later(begins_on, months) - timedelta(days=1)
